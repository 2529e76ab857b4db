"""What must not generalize, and what must: a table without a rule, and subtraction."""

from collections.abc import Mapping

from matplotlib.figure import Figure as Picture

from groklab.papers import quantities
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import pictures, setups
from groklab.papers.parts import Part
from groklab.training import Sweep

STEPS: Mapping[Scale, dict[str, int]] = {
    "paper": {"random": 40_000, "subtraction": 40_000},
    "laptop": {"random": 1_200, "subtraction": 8_000},
}
TABLES = {"random": "random table", "subtraction": "x − y"}
RANDOM, SUBTRACTION = (Part("operations", word, table=name) for name, word in TABLES.items())


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run on other tables."""
    points = {name: {"operation": name, "steps": steps} for name, steps in STEPS[scale].items()}
    return {"operations": setups.STANDARD.sweep(scale, {"table": points}, **setups.SMALL[scale])}


def draw(results: Results) -> Picture:
    """Draw both losses on every table."""
    return pictures.losses({part.words: part(results) for part in (RANDOM, SUBTRACTION)})


S = "Nanda et al. 2023"
CLAIMS = (
    Claim(
        "no-rule-no-generalization",
        "A table of random answers is never generalized.",
        f"{S}, the control of its code; three times chance, our tolerance",
        quantities.best.of(RANDOM),
        {"paper": at_most(3 / 113), "laptop": at_most(3 / 59)},
    ),
    Claim(
        "no-rule-is-memorized",
        "Yet it is memorized.",
        f"{S}; 99 %, our tolerance",
        quantities.best.of(RANDOM, "train_accuracy"),
        at_least(0.99),
    ),
    Claim(
        "subtraction-generalizes",
        "Subtraction is generalized too.",
        f"{S}, another function of its code; a replication finds it less reliable than addition",
        quantities.best.of(SUBTRACTION),
        at_least(0.99),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
