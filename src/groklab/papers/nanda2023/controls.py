"""What must not generalize, and what must: a table without a rule, and subtraction."""

from collections.abc import Mapping

import xarray
from matplotlib.figure import Figure as Picture

from groklab.estimates import bootstrap
from groklab.papers import crossings
from groklab.papers.claims import Claim, Scale, at_least, at_most, both
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Sweep

STEPS: Mapping[Scale, dict[str, int]] = {
    "paper": {"random": 40_000, "subtraction": 40_000},
    "laptop": {"random": 1_200, "subtraction": 8_000},
}
WORDS = {"random": "random table", "subtraction": "x − y"}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run on other tables."""
    points = {name: {"operation": name, "steps": steps} for name, steps in STEPS[scale].items()}
    axes = {"table": points, "seed": setups.seeds(scale)}
    return {"operations": setups.sweep(scale, axes, **setups.SMALL[scale])}


def arm(results: Results, name: str) -> xarray.Dataset:
    """Return the runs on one table."""
    return results["operations"].sel(table=name)


def draw(results: Results) -> Picture:
    """Draw both losses on every table."""
    return pictures.losses({word: arm(results, name) for name, word in WORDS.items()})


def _best(name: str):
    return lambda results: bootstrap(crossings.flat(arm(results, name).validation_accuracy.max("step")))


S = "Nanda et al. 2023"
CLAIMS = (
    Claim(
        "no-rule-no-generalization",
        "A table of random answers is never generalized.",
        f"{S}, the control of its code; three times chance, our tolerance",
        "best validation accuracy on a random table",
        _best("random"),
        {"paper": at_most(3 / 113), "laptop": at_most(3 / 59)},
    ),
    Claim(
        "no-rule-is-memorized",
        "Yet it is memorized.",
        f"{S}; 99 %, our tolerance",
        "best training accuracy on a random table",
        lambda results: bootstrap(crossings.flat(arm(results, "random").train_accuracy.max("step"))),
        both(at_least(0.99)),
    ),
    Claim(
        "subtraction-generalizes",
        "Subtraction is generalized too.",
        f"{S}, another function of its code; a replication finds it less reliable than addition",
        "best validation accuracy on x − y",
        _best("subtraction"),
        both(at_least(0.99)),
    ),
)

FIGURE = Figure(
    "Controls",
    "Nanda et al. 2023, other functions of its code",
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": "mod 113, 30 % of the table, 1 block of width 128 without norm, λ = 1",
        "laptop": "mod 59, 60 % of the table, 1 block of width 128 without norm, λ = 1",
    },
)
