"""Tables whose rule is known: which does `gl.rule` name rightly, and does it ever name a wrong one?

    python benchmarks/rule_tables.py [--half seen|unseen]

The tables of `seen` were looked at while rules were written, those of `rule_tables_unseen.py` were not: somebody else
wrote them, and they were run when the rules were done. A name is right if it is of the right kind, has the right group,
and its certificate, read here without groklab's own arithmetic, gives every cell of the whole table. A formula must
have no more terms than the one that made the table. Any name for a table without a rule is a false name.
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

import groklab as gl
from groklab.algebra import Table
from groklab.rules import Rule

BLANK = ""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
Rows = tuple[tuple[str, ...], ...]
FEWEST_RIGHT, MOST_FALSE, MOST_SECONDS = 0.95, 0, 10.0  # bounds, of the issue that asked for names


class Case(NamedTuple):
    """A table and what may be said of it; no kind at all means that no rule may be named."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    body: Rows
    kinds: frozenset[str]
    groups: frozenset[str]
    terms: int
    status: str  # exact, blanks or nearly
    truth: Rows | None  # the whole right table, where the body has blanks or wrong cells


class Verdict(NamedTuple):
    """What came of a case: right, missed (no name), wrong (another name) or false (a name where there is none)."""

    case: Case
    word: str
    found: Rule
    seconds: float


def judged(case: Case) -> Verdict:
    """Find the rule of a case and judge it."""
    began = time.perf_counter()
    found = gl.rule(table_of(case))
    seconds = time.perf_counter() - began
    if not case.kinds:
        return Verdict(case, "false" if found.name else "right", found, seconds)
    return Verdict(case, ("right" if is_right(case, found) else "wrong") if found.name else "missed", found, seconds)


def is_right(case: Case, found: Rule) -> bool:
    """Whether a rule is of the right kind and group, and makes every cell of the whole table."""
    status = {"exact": "proved", "blanks": "consistent", "nearly": "nearly"}[case.status]
    is_named = found.kind in case.kinds and (not case.groups or not found.group or found.group in case.groups)
    has_terms = found.kind != "formula" or (found.found is not None and found.found.terms <= case.terms)
    return is_named and has_terms and found.status == status and made_by(found) == (case.truth or case.body)


def made_by(found: Rule) -> Rows | None:
    """Return the table that a rule makes, in the order in which it was given; of a formula, from its text alone."""
    assert found.found is not None
    _, right, answers, _ = found.table
    values = np.array(answers, dtype=object)[found.found.values]
    if found.kind in ("formula", "zero") and " mod " in found.formula and has_numbers(found):
        values = from_text(found)
    columns = [right.index(symbol) for symbol in found.columns]
    return tuple(tuple(row) for row in values[:, columns])


def has_numbers(found: Rule) -> bool:
    """Whether all labels are whole numbers."""
    return all(word.lstrip("-").isdigit() for side in found.labels for word in side.values())


def from_text(found: Rule) -> np.ndarray:
    """Return the answers that the text of a formula modulo n gives for the labels of the symbols."""
    text, _, modulus = found.formula.rpartition(" mod ")
    n = int(modulus)
    sides = [*found.labels, *found.labels, *found.labels][:3] if len(found.labels) == 1 else list(found.labels)
    x, y = (np.array([int(sides[at][symbol]) for symbol in found.table[at]]) for at in (0, 1))
    symbol = {int(word) % n: answer for answer, word in sides[2].items()}
    values = evaluated(text, x[:, None] % n, y[None] % n, n)
    return np.array([[symbol.get(int(value), "?") for value in row] for row in values], dtype=object)


def evaluated(text: str, x: np.ndarray, y: np.ndarray, n: int) -> np.ndarray:
    """Evaluate a formula in x and y modulo n, term by term."""
    halves = re.fullmatch(r"(.*) if ([xy]) is even, else (.*)", text)
    if halves:
        even = (x if halves[2] == "x" else y) % 2 == 0
        return np.where(even, evaluated(halves[1], x, y, n), evaluated(halves[3], x, y, n))
    total = np.zeros(np.broadcast_shapes(x.shape, y.shape), int)
    for sign, term in re.findall(r"(^-?|[+-] )([^+-]+)", text):
        total = (total + (-1 if "-" in sign else 1) * term_of(term, x, y, n)) % n
    return total


def term_of(term: str, x: np.ndarray, y: np.ndarray, n: int) -> np.ndarray:
    """Evaluate one product or quotient."""
    above, _, below = term.partition("/")
    product = np.ones(np.broadcast_shapes(x.shape, y.shape), int)
    for side, is_below in ((above, False), (below, True)):
        for factor in side.split():
            letter, exponent = factor[0], factor[1:].translate(SUPERSCRIPTS) or "1"
            value = {"x": x, "y": y}.get(letter)
            if value is None:
                product = product * int(factor) % n
            else:
                power = -int(exponent) % (n - 1) if is_below else int(exponent)
                raised = np.array([pow(each, power, n) if each or not is_below else 0 for each in range(n)])
                product = product * raised[value] % n
    return product


def table_of(case: Case) -> Table:
    """Return a case as `gl.rule` takes it."""
    answers = tuple(dict.fromkeys(cell for row in case.body for cell in row if cell != BLANK))
    index = {answer: at for at, answer in enumerate(answers)} | {BLANK: -1}
    return Table(case.left, case.right, answers, np.array([[index[cell] for cell in row] for row in case.body]))


def judge(cases: list[Case]) -> Iterator[Verdict]:
    """Judge all cases, and say of each what came."""
    for case in cases:
        verdict = judged(case)
        yield verdict
        if verdict.word != "right":
            print(f"{verdict.word:7} {case.name}: {verdict.found.name or 'no name'} ({verdict.found.status})")


def summary(title: str, verdicts: list[Verdict]) -> Iterator[str]:
    """Yield a table of what came, in Markdown, and the three numbers that count."""
    yield f"### {title}\n"
    yield "| tables | of which | right | no name | wrong name | false name | slowest, s |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for each in verdicts:
        kind = " or ".join(sorted(each.case.kinds)) or "no rule"
        groups.setdefault((kind, each.case.status), []).append(each)
    for (kind, status), some in sorted(groups.items()):
        counts = Counter(each.word for each in some)
        numbers = " | ".join(str(counts[word]) for word in ("right", "missed", "wrong", "false"))
        yield f"| {kind}, {status} | {len(some)} | {numbers} | {max(each.seconds for each in some):.2f} |"
    named = [each for each in verdicts if each.case.kinds]
    right = sum(each.word == "right" for each in named)
    false = sum(each.word in ("wrong", "false") for each in verdicts)
    yield f"\nright names: {right} of {len(named)} ({right / len(named):.1%}); wrong or false names: {false} of"
    yield f"{len(verdicts)}; slowest answer {max(each.seconds for each in verdicts):.2f} s\n"


def main() -> None:
    """Judge the halves that are asked for."""
    from rule_tables_seen import seen
    from rule_tables_unseen import unseen

    parser = argparse.ArgumentParser(description="names of rules, judged")
    parser.add_argument("--half", choices=("seen", "unseen", "both"), default="both")
    half = parser.parse_args().half
    halves: dict[str, Callable[[], list[Case]]] = {"seen": seen, "unseen": unseen}
    for name, cases in halves.items():
        if half in (name, "both"):
            title = {"seen": "Tables looked at while rules were written", "unseen": "Tables nobody had looked at"}[name]
            print("\n".join(summary(title, list(judge(cases())))))


if __name__ == "__main__":
    main()
