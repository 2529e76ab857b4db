"""Skip trigrams: a phase change with endless examples, mild grokking with a hundred of them."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.papers import crossings, words
from groklab.papers.claims import SCALES, Claim, Scale, at_least, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.nanda2023 import pictures, setups
from groklab.papers.parts import Part, measure
from groklab.training import Record, Sweep
from groklab.training.presets import SKIP_TRIGRAMS

PLAN = SKIP_TRIGRAMS.replace(record=Record(growth=1.03))
SETUP = setups.STANDARD._replace(plans={"paper": PLAN, "laptop": PLAN})  # it is small enough for a laptop as it is
SIZES = (50, 100)
MEMORIZED = 0.01  # nats
ENDLESS = Part("endless")
FIFTY, HUNDRED = (Part("limited", f"with {size} examples", size=size) for size in SIZES)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the task with endless and with few examples."""
    limited = SETUP.sweep(scale, {"size": SIZES}, steps=4_000, batch_size="full")
    return {"endless": SETUP.sweep(scale, steps=1_000), "limited": limited}


@measure("validation loss where training loss < {level:g}")
def plateau(data: xarray.Dataset, level: float = MEMORIZED) -> Estimate:
    """Return validation loss where training loss first is below a level, unknown of a run where it never is."""
    found = []
    for run in map(columns_of, each(data)):
        learnt = np.flatnonzero(run["train_loss"] < level)
        found.append(float(run["validation_loss"][learnt[0]]) if len(learnt) else np.nan)
    return partly_known(found, 0, np.inf)


def draw(results: Results) -> Picture:
    """Draw both losses, with endless and with limited examples."""
    few = {part.words.removeprefix("with "): part(results) for part in (FIFTY, HUNDRED)}
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
        crossings.time_below.of(ENDLESS, "validation_loss", 1.0),
        between(100, 300),
    ),
    Claim(
        "endless-is-learnt",
        "Soon after, the loss is near nothing.",
        f"{S}: below 0.01 at 493; by 600, our tolerance",
        crossings.time_below.of(ENDLESS, "validation_loss", 0.01),
        between(200, 600),
    ),
    Claim(
        "limited-is-memorized-first",
        "With 100 examples test loss is still high where training loss has gone.",
        f"{S}: 0.94; at least 0.5, our tolerance",
        plateau.of(HUNDRED),
        at_least(0.5),
        dict.fromkeys(SCALES, FEWER),
    ),
    Claim(
        "limited-groks",
        "Later test loss falls too.",
        f"{S}: below 0.1 at 1,774; between 1,000 and 3,000, our tolerance",
        crossings.time_below.of(HUNDRED, "validation_loss"),
        between(1_000, 3_000),
        dict.fromkeys(SCALES, FEWER),
    ),
    Claim(
        "fewer-are-memorized-first",
        "With 50 examples test loss is still high where training loss has gone.",
        "ours, after 100 examples showed no delay; at least 0.5",
        plateau.of(FIFTY),
        at_least(0.5),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, setups.require_endless_and_limited)
