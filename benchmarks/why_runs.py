"""Runs that did not generalize, each for a known reason: is it named first, and does the change that is proposed help?

    python benchmarks/why_runs.py [--half seen|unseen] [--store FOLDER] [--try]

Each run differs from one that generalizes in one setting, which is its cause. Those of `seen` were looked at while the
causes were written, those of `why_runs_unseen.py` were not: somebody else chose them. Training takes about three
minutes a half on two cores, `--try` five more.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import groklab as gl
from groklab.diagnosis import Diagnosis, tried, why
from groklab.diagnosis.causes.no_rule import CAUSE as NO_RULE
from groklab.training import sweep_from

FEWEST_RIGHT = 0.8  # of the issue that asked for causes


class Known(NamedTuple):
    """A run by its words, and why it does not generalize; further causes are accepted too."""

    name: str
    task: str
    settings: tuple[str, ...]
    causes: tuple[str, ...]


BASES: dict[str, tuple[str, dict[str, str]]] = {
    "x + y mod 23": ("addition", {"p": "23", "fraction": "0.7", "steps": "5000"}),
    "x - y mod 31": ("subtraction", {"p": "31", "fraction": "0.8", "steps": "4000"}),
    "x y mod 23": ("multiplication", {"p": "23", "fraction": "0.8", "steps": "5000"}),
    "x^2 + y^2 mod 31": ("sum_of_squares", {"p": "31", "fraction": "0.8", "steps": "4000"}),
}
CHANGES: dict[str, tuple[str, ...]] = {
    "fraction=0.25": ("too little data",),
    "weight_decay=0": ("decay too weak", "slingshot loop"),
    "weight_decay=0.01": ("decay too weak", "slingshot loop"),
    "weight_decay=30": ("decay too strong",),
    "learning_rate=1": ("rate too high",),
    "decay=coupled": ("coupled decay",),
    "alpha=8 weight_decay=0": ("lazy scale",),
    "precision.loss=float16 weight_decay=0": ("softmax collapse", "decay too weak"),
    "steps=400": ("budget too short",),
    "": ("generalized",),
}
OTHERS = (
    Known("x + y mod 23: batch_size=123", "addition", ("p=23", "fraction=0.7", "steps=5000", "batch_size=123"),
          ("last batch of one example",)),
    Known("random, 23", "random", ("p=23", "fraction=0.7", "steps=5000"), ("no rule in the table",)),
    Known("random, 31", "random", ("p=31", "fraction=0.8", "steps=4000"), ("no rule in the table",)),
)  # fmt: skip
COMMON = ("model=mlp", "learning_rate=0.003", "stop_after=20")


def seen(folder: Path) -> list[Known]:
    """Return the runs that were looked at: four that generalize, each with nine changes, and a few others."""
    found = []
    for base, (task, settings) in BASES.items():
        for change, causes in CHANGES.items():
            given = dict(pair.split("=") for pair in (*COMMON, *(f"{k}={v}" for k, v in settings.items())))
            given |= dict(pair.split("=") for pair in change.split())
            words = tuple(f"{name}={value}" for name, value in given.items())
            found.append(Known(f"{base}: {change or 'as it is'}", task, words, causes))
    return [*found, *(known._replace(settings=(*known.settings, *COMMON)) for known in OTHERS)]


def confusion(title: str, pairs: list[tuple[Known, Diagnosis]]) -> Iterator[str]:
    """Yield in Markdown how often what was named for each cause, and the share that is right."""
    counts = Counter((known.causes[0], found.outcome) for known, found in pairs)
    named = sorted({outcome for _, outcome in counts})
    right = sum(found.outcome in known.causes for known, found in pairs)
    yield f"### {title}\n"
    yield f"| cause | {' | '.join(named)} |"
    yield f"| --- |{' --- |' * len(named)}"
    for cause in sorted({cause for cause, _ in counts}):
        yield f"| {cause} | {' | '.join(str(counts[cause, each] or '') for each in named)} |"
    failed = [pair for pair in pairs if pair[0].causes[0] != "generalized"]
    first = sum(found.outcome in known.causes for known, found in failed)
    share = f"{first} of {len(failed)} ({first / len(failed):.0%})"
    yield f"\nright: {right} of {len(pairs)}; of those that did not generalize {share}\n"


def helped(pairs: list[tuple[Known, Diagnosis]], store: gl.Store) -> Iterator[str]:
    """Try each first change, and yield how often it helped, by cause."""
    counts: dict[str, list[bool]] = {}
    for known, found in pairs:
        if any(finding.change is not None or finding.cause == NO_RULE for finding in found.findings):
            trial = tried(found, store)
            assert trial.steps <= trial.cost.steps
            counts.setdefault(trial.finding.cause, []).append(trial.has_helped)
            print(
                f"{known.name}: {trial.finding.cause}, {'helped' if trial.has_helped else 'did not help'}", flush=True
            )
    yield "| against | tried | helped |\n| --- | --- | --- |"
    yield from (f"| {cause} | {len(each)} | {sum(each)} |" for cause, each in sorted(counts.items()))


def main() -> None:
    """Train what the store lacks, judge the halves that are asked for, and try what is proposed."""
    from why_runs_unseen import unseen

    parser = argparse.ArgumentParser(description="causes of runs that did not generalize, judged")
    parser.add_argument("--half", choices=("seen", "unseen", "both"), default="both")
    parser.add_argument("--store", default="./why")
    parser.add_argument("--try", dest="is_tried", action="store_true")
    options = parser.parse_args()
    Path(options.store).mkdir(parents=True, exist_ok=True)
    store = gl.Store(f"{options.store}/runs")
    halves: dict[str, Callable[[Path], list[Known]]] = {"seen": seen, "unseen": unseen}
    titles = {"seen": "Runs looked at while causes were written", "unseen": "Runs nobody had looked at"}
    for half, cases in halves.items():
        if options.half in (half, "both"):
            known = cases(Path(options.store))
            plans = [sweep_from(each.task, list(each.settings)).plans()[0] for each in known]
            pairs = list(zip(known, map(why, gl.execute(plans, store)), strict=True))
            for each, found in pairs:
                if found.outcome not in each.causes:
                    print(f"{each.name} ({each.causes[0]}): {found.outcome}")
            print("\n".join(confusion(titles[half], pairs)), flush=True)
            if options.is_tried:
                print("\n".join(helped(pairs, store)))


if __name__ == "__main__":
    main()
