"""Runs to test the naming of missing conditions on, written apart from it: nothing was tuned on them.

Each run that fails is a baseline, which generalizes, with one thing changed, and its cause is what was changed. Another
cause is accepted where the change shows itself so: in a training loss that leaps at the end, or that is exactly 0. All
was checked by training. `unseen` returns all runs, the same ones each time.
"""

import csv
import string
from pathlib import Path
from random import Random

from why_runs import Known

SEED = 20_240_923

BASELINES = {  # what generalizes: a task and its settings
    "sums": "addition p=29 fraction=0.7 model=mlp learning_rate=0.003 steps=4000 stop_after=20 seed=1",
    "differences": "subtraction p=37 fraction=0.6 model=mlp learning_rate=0.002 steps=5000 stop_after=15 seed=4",
    "bent": "square_plus p=31 fraction=0.65 model=mlp learning_rate=0.005 weight_decay=0.6 steps=5000"
    " stop_after=15 seed=5",
    "one-hot": "sum_of_squares p=41 fraction=0.55 model=mlp model.inputs=one-hot learning_rate=0.005 steps=4000"
    " stop_after=15 seed=3",
    "products": "multiplication p=37 fraction=0.6 model=mlp model.hidden=384 learning_rate=0.002 weight_decay=1.5"
    " steps=4000 stop_after=15 seed=7",
    "permutations": "S4 fraction=0.75 model=mlp learning_rate=0.003 steps=6000 stop_after=15 seed=1",
    "dihedral": "D12 fraction=0.75 model=mlp learning_rate=0.003 steps=5000 stop_after=15 seed=2",
    "calm": "D12 fraction=0.75 model=mlp learning_rate=0.003 rule.epsilon=1e-6 steps=5000 stop_after=15 seed=2",
    "pairs": "Z2xS4 fraction=0.6 model=mlp learning_rate=0.003 steps=4000 stop_after=15 seed=6",
    "slow": "addition p=47 fraction=0.4 model=mlp learning_rate=0.002 weight_decay=2 steps=9000 stop_after=15 seed=11",
    "transformer": "addition p=23 fraction=0.8 model=transformer model.depth=1 model.width=64 learning_rate=0.002"
    " weight_decay=0.5 batch_size=full steps=4000 stop_after=10 seed=1",
}

CHANGES = """
too little data | sums | fraction=0.25 steps=6000
too little data | differences | fraction=0.2
too little data | pairs | fraction=0.15
too little data | transformer | fraction=0.3
decay too weak, slingshot loop | differences | weight_decay=0.003
decay too weak, slingshot loop | products | weight_decay=0.001
decay too weak, slingshot loop | dihedral | weight_decay=0
decay too weak, slingshot loop | dihedral | weight_decay=0.03
decay too weak, slingshot loop | pairs | optimizer=adam
decay too weak, slingshot loop | transformer | weight_decay=0.001
decay too weak | calm | weight_decay=0.001
decay too strong | sums | weight_decay=30
decay too strong | permutations | weight_decay=40
decay too strong | products | weight_decay=25
rate too high | bent | learning_rate=0.6
rate too high | pairs | learning_rate=0.5
rate too high | transformer | learning_rate=0.05
coupled decay | sums | decay=coupled
coupled decay | products | decay=coupled
coupled decay | dihedral | decay=coupled
softmax collapse, decay too weak | permutations | weight_decay=0 precision.loss=float16
softmax collapse, decay too weak | sums | weight_decay=0 precision.loss=float16
softmax collapse, decay too weak | calm | weight_decay=0 precision.loss=float16
slingshot loop, decay too weak | bent | weight_decay=0 steps=6000
slingshot loop, decay too weak | sums | weight_decay=0 every=20 steps=6000
lazy scale, softmax collapse | differences | alpha=8 weight_decay=0
lazy scale, softmax collapse | permutations | alpha=10 weight_decay=0.01
lazy scale, softmax collapse | pairs | alpha=6 weight_decay=0.01
budget too short | differences | steps=900
budget too short | permutations | steps=1000
budget too short | one-hot | steps=70
budget too short | transformer | steps=1500
budget too short | slow | steps=2500
last batch of one example | sums | batch_size=588
last batch of one example | products | batch_size=820
last batch of one example | differences | batch_size=410
generalized | differences |
generalized | one-hot |
generalized | bent |
generalized | slow |
generalized | transformer |
generalized | sums | weight_decay=0.3 steps=8000
generalized | permutations | alpha=3
generalized | pairs | learning_rate=0.1
generalized | dihedral | batch_size=431
"""  # the accepted causes, the baseline, and what is changed in it

WITHOUT_RULE = ("sums", "differences")  # baselines whose operation is replaced by a random one
TABLE_SETTINGS = "fraction=0.75 model=mlp learning_rate=0.003 steps=5000 stop_after=15 seed=8"


def unseen(folder: Path) -> list[Known]:
    """Return all runs; the tables of some are written into `folder`."""
    return [*_changed_runs(), *_random_operations(), *_tables(folder)]


def _changed_runs() -> list[Known]:
    """Return the baselines with their changes."""
    return [_changed_run(line) for line in CHANGES.strip().splitlines()]


def _changed_run(line: str) -> Known:
    """Return the run of a line of `CHANGES`."""
    causes, baseline, changes = (part.strip() for part in line.split("|"))
    task, *settings = BASELINES[baseline].split()
    name = f"{baseline} {changes or 'as it is'}"
    return Known(name, task, _replaced(settings, changes.split()), tuple(causes.split(", ")))


def _replaced(settings: list[str], changes: list[str]) -> tuple[str, ...]:
    """Return the settings with the changes in the place of those of the same name."""
    names = {_name(change) for change in changes}
    return (*(word for word in settings if _name(word) not in names), *changes)


def _name(setting: str) -> str:
    """Return the name in `name=value`."""
    return setting.partition("=")[0]


def _random_operations() -> list[Known]:
    """Return baselines with a random table of the same size instead of their operation."""
    runs = {baseline: BASELINES[baseline].split()[1:] for baseline in WITHOUT_RULE}
    return [
        Known(f"{name} at random", "random", tuple(words), ("no rule in the table",)) for name, words in runs.items()
    ]


def _tables(folder: Path) -> list[Known]:
    """Return runs on tables of letters: one with a rule, the same shuffled, and one of random answers."""
    draw, size = Random(SEED), len(string.ascii_lowercase)
    ruled = [(x - y) % size for x in range(size) for y in range(size)]
    shuffled = draw.sample(ruled, len(ruled))
    drawn = [draw.randrange(size) for _ in ruled]
    return [
        _table_run(folder / "letters.csv", ruled, "generalized"),
        _table_run(folder / "mingled.csv", shuffled, "no rule in the table"),
        _table_run(folder / "drawn.csv", drawn, "no rule in the table"),
    ]


def _table_run(path: Path, answers: list[int], cause: str) -> Known:
    """Write a table of letters, of which `answers` are the numbers row by row; return a run on it."""
    letters = string.ascii_lowercase
    rows = [answers[start : start + len(letters)] for start in range(0, len(answers), len(letters))]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["*", *letters])
        writer.writerows([x, *(letters[answer] for answer in row)] for x, row in zip(letters, rows, strict=True))
    return Known(f"table {path.stem}", str(path), tuple(TABLE_SETTINGS.split()), (cause,))
