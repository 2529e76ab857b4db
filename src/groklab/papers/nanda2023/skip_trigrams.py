"""Skip trigrams: a phase change with endless examples, mild grokking with a hundred of them."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.papers import crossings, words
from groklab.papers.claims import Claim, Scale, at_least, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Record, Sweep, sweep_of
from groklab.training.presets import SKIP_TRIGRAMS

ENDLESS = SKIP_TRIGRAMS.replace(record=Record(growth=1.03), steps=1_000)
SIZES = (50, 100)
MEMORIZED = 0.01  # nats
LIMITED = SKIP_TRIGRAMS.replace(record=Record(growth=1.03), steps=4_000, batch_size="full")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the task with endless and with 100 examples; it is small enough for a laptop as it is."""
    seeds = {"seed": setups.seeds(scale)}
    return {"endless": sweep_of(ENDLESS, seeds), "limited": sweep_of(LIMITED, {"size": SIZES, **seeds})}


def limited(results: Results, size: int) -> xarray.Dataset:
    """Return the runs with a number of examples."""
    return results["limited"].sel(size=size)


def plateau(size: int) -> Callable[[Results], Estimate]:
    """Return a measure: validation loss where training loss first is below 0.01, unknown of a run where it never is."""

    def measure(results: Results) -> Estimate:
        found = []
        for run in each(limited(results, size)):
            columns = columns_of(run)
            learnt = np.flatnonzero(columns["train_loss"] < MEMORIZED)
            found.append(float(columns["validation_loss"][learnt[0]]) if len(learnt) else np.nan)
        return partly_known(found, 0, np.inf)

    return measure


def draw(results: Results) -> Picture:
    """Draw both losses, with endless and with limited examples."""
    few = {f"{size} examples": limited(results, size) for size in SIZES}
    return pictures.losses({words.examples(results.first("endless")): results["endless"], **few})


S = "Nanda and Lieberum 2022, the stored runs"
FEWER = (
    "Seeds differ: in six, test loss was 0.06 to 0.37 where training loss had gone, and below 0.1 from steps 262 to "
    "3,336 on. Which examples the stored run saw is not recorded."
)
CLAIMS = (
    Claim(
        "endless-phase-change",
        "With endless examples there is a phase change near step 250.",
        f"{S}: below 1 at 237; by 300, our tolerance",
        "median step of validation loss < 1",
        lambda results: crossings.time_below(results["endless"], "validation_loss", 1.0),
        both(between(100, 300)),
    ),
    Claim(
        "endless-is-learnt",
        "Soon after, the loss is near nothing.",
        f"{S}: below 0.01 at 493; by 600, our tolerance",
        "median step of validation loss < 0.01",
        lambda results: crossings.time_below(results["endless"], "validation_loss", 0.01),
        both(between(200, 600)),
    ),
    Claim(
        "limited-is-memorized-first",
        "With 100 examples test loss is still high where training loss has gone.",
        f"{S}: 0.94; at least 0.5, our tolerance",
        "validation loss where training loss < 0.01",
        plateau(100),
        both(at_least(0.5)),
        dict.fromkeys(("paper", "laptop"), FEWER),
    ),
    Claim(
        "limited-groks",
        "Later test loss falls too.",
        f"{S}: below 0.1 at 1,774; between 1,000 and 3,000, our tolerance",
        "median step of validation loss < 0.1",
        lambda results: crossings.time_below(limited(results, 100), "validation_loss"),
        both(between(1_000, 3_000)),
        dict.fromkeys(("paper", "laptop"), FEWER),
    ),
    Claim(
        "fewer-are-memorized-first",
        "With 50 examples test loss is still high where training loss has gone.",
        "ours, after 100 examples showed no delay; at least 0.5",
        "validation loss where training loss < 0.01, with 50 examples",
        plateau(50),
        both(at_least(0.5)),
    ),
)

FIGURE = Figure(
    "Skip trigrams",
    "Nanda and Lieberum 2022",
    sweeps,
    CLAIMS,
    draw,
    dict.fromkeys(("paper", "laptop"), "10 skip trigrams in 40 tokens, one head of width 8, λ = 0.1"),
    setups.require_endless_and_limited,
)
