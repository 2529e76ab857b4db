"""A rule in sentences: what it is, how sure that is, and what it owes to a network."""

import re
from collections.abc import Iterator

from groklab.algebra.explanation import FORMULA, GROUP, ISOTOPE, ORDER, WORD, ZERO
from groklab.rules.circle import Circle
from groklab.rules.rule import CONSISTENT, NEARLY, NONE, PROVED, Network, Rule

STRONG = 1.5  # times as much as by chance
PARTS_SHOWN, CIRCLE_SHOWN = 5, 24

_FAMILIES = (
    (r"C(\d+)", "the cyclic group of order {0}: sums modulo {0}"),
    (r"(C\d+)( × C\d+)+", "an abelian group: pairs, or more, that are added one by one"),
    (r"S(\d+)", "the symmetric group: all orders of {0} things, one after the other"),
    (r"A(\d+)", "the alternating group: the even orders of {0} things"),
    (r"D(\d+)", "the dihedral group: turns and mirrors of a polygon with {0} corners"),
    (r"Q8", "the quaternion group: 1, i, j, k and their negatives"),
    (r"Q(\d+)", "the generalized quaternion group of order {0}"),
    (r"Dic(\d+)", "the dicyclic group with a cyclic half of order 2 · {0}"),
    (r"SD(\d+)", "the semidihedral group of order {0}"),
    (r"M(\d+)", "the modular group of order {0}"),
    (r"Heis\((\d+)\)", "the Heisenberg group modulo {0}: triangular matrices"),
    (r"SL\((\d+),(\d+)\)", "matrices of determinant 1, {0} × {0}, modulo {1}"),
    (r"GL\((\d+),(\d+)\)", "invertible matrices, {0} × {0}, modulo {1}"),
)
_KINDS = {
    ISOTOPE: "an isotope of the group {group}",
    ZERO: "the group {group} with a zero that absorbs",
    WORD: "a word in the group {group}",
    FORMULA: "a formula",
    ORDER: "an order",
}


def kind_in_words(rule: Rule) -> str:
    """Say what kind of rule it is."""
    return group_in_words(rule.group) if rule.kind == GROUP else _KINDS[rule.kind].format(group=rule.group)


def group_in_words(name: str) -> str:
    """Say what a group is, by its name."""
    for pattern, words in _FAMILIES:
        match = re.fullmatch(pattern, name)
        if match:
            return words.format(*match.groups())
    return "a group"


def confidence(rule: Rule) -> str:
    """Say how sure a rule is."""
    known, wrong, blanks = rule.known, len(rule.exceptions), len(rule.blanks)
    nothing = "no rule can be told from chance by so few cells" if rule.is_too_small else "no rule that holds was found"
    return {
        PROVED: f"proved: it has all {known:,} cells right, and none is blank",
        CONSISTENT: f"consistent with all {known:,} known cells; {_count(blanks, 'blank')} by it, which is no proof",
        NEARLY: f"nearly: in {known - wrong:,} of {known:,} known cells; the others may be mistakes",
        NONE: nothing,
    }[rule.status]


def network_in_words(network: Network) -> Iterator[str]:
    """Say what a rule owes to a network, and what its embedding shows."""
    trained = (
        f"trained on {network.trained:,} cells, {network.accuracy:.1%} right on {network.withheld:,} withheld ones"
    )
    if not network.has_generalized:
        yield f"{trained}: it has not generalized, and the rule was read from the known cells without it"
        return
    yield f"{trained}; the rule was read from these cells and its answers in the {network.answered:,} others,"
    yield f"with which it agrees in {network.agreement:.1%}"
    strong = [part for part in network.parts if part.ratio >= STRONG][:PARTS_SHOWN]
    if strong:
        yield "strongest in its embedding: " + ", ".join(
            f"{f'frequency {part.frequency}' if part.frequency else f'dimension {part.dimension}'}"
            f" ({part.share:.0%}, {part.ratio:.1f} times as much as by chance)"
            for part in strong
        )
    if network.circle is not None:
        yield from _circle_in_words(network.circle)


def _circle_in_words(circle: Circle) -> Iterator[str]:
    if not circle.stands_out:
        yield "its embedding shows no circle that is rounder than by chance and fits the cells"
        return
    shown = " ".join(circle.order[:CIRCLE_SHOWN]) + (" …" if len(circle.order) > CIRCLE_SHOWN else "")
    yield f"on a circle in {circle.dimensions} dimensions of its embedding the symbols lie in the order {shown}"
    yield (
        f"(their places fit {circle.agreement:.0%} of the cells, {circle.agreement_by_chance:.0%} by chance; put right"
        f" by half of the cells, {circle.held_out:.0%} of the other half)"
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'} {'is' if number == 1 else 'are'} filled"
