"""Skip trigrams: a phase change with endless examples, mild grokking with a hundred of them."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers import crossings
from groklab.papers.claims import Claim, Scale, at_least, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Record, Sweep, sweep_of
from groklab.training.presets import SKIP_TRIGRAMS

ENDLESS = SKIP_TRIGRAMS.replace(record=Record(growth=1.03), steps=1_000)
LIMITED = SKIP_TRIGRAMS.replace(
    task=SKIP_TRIGRAMS.task.replace(size=100), record=Record(growth=1.03), steps=4_000, batch_size="full"
)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the task with endless and with 100 examples; it is small enough for a laptop as it is."""
    seeds = {"seed": setups.seeds(scale)}
    return {"endless": sweep_of(ENDLESS, seeds), "limited": sweep_of(LIMITED, seeds)}


def plateau(results: Results) -> Estimate:
    """Return validation loss where training loss first is below 0.01, the median over runs; ∞ where it never is."""
    found = []
    for run in each(results["limited"]):
        columns = columns_of(run)
        learnt = np.flatnonzero(columns["train_loss"] < 0.01)
        found.append(float(columns["validation_loss"][learnt[0]]) if len(learnt) else np.inf)
    return bootstrap(found)


def draw(results: Results) -> Picture:
    """Draw both losses, with endless and with limited examples."""
    return pictures.losses({"endless examples": results["endless"], "100 examples": results["limited"]})


S = "Nanda and Lieberum 2022, the stored runs"
CLAIMS = (
    Claim(
        "endless-phase-change",
        "With endless examples there is a phase change near step 250.",
        f"{S}: below 1 at 237; by 300, our tolerance",
        "median step of validation loss < 1",
        lambda results: crossings.time_below(results["endless"], "validation_loss", 1.0),
        {"paper": between(100, 300), "laptop": between(100, 300)},
    ),
    Claim(
        "endless-is-learnt",
        "Soon after, the loss is near nothing.",
        f"{S}: below 0.01 at 493; by 600, our tolerance",
        "median step of validation loss < 0.01",
        lambda results: crossings.time_below(results["endless"], "validation_loss", 0.01),
        {"paper": between(200, 600), "laptop": between(200, 600)},
    ),
    Claim(
        "limited-is-memorized-first",
        "With 100 examples test loss is still high where training loss has gone.",
        f"{S}: 0.94; at least 0.5, our tolerance",
        "validation loss where training loss < 0.01",
        plateau,
        {"paper": at_least(0.5), "laptop": at_least(0.5)},
    ),
    Claim(
        "limited-groks",
        "Later test loss falls too.",
        f"{S}: below 0.1 at 1,774; between 1,000 and 3,000, our tolerance",
        "median step of validation loss < 0.1",
        lambda results: crossings.time_below(results["limited"], "validation_loss"),
        {"paper": between(1_000, 3_000), "laptop": between(1_000, 3_000)},
    ),
)

FIGURE = Figure(
    "Skip trigrams",
    "Nanda and Lieberum 2022",
    sweeps,
    CLAIMS,
    draw,
    dict.fromkeys(("paper", "laptop"), "10 skip trigrams in 40 tokens, one head of width 8, λ = 0.1"),
)
