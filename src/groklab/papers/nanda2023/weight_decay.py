"""The stronger the weight decay, the sooner it generalizes; without any, it does not (section 5.3 and appendix D)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.milestones import THRESHOLD
from groklab.papers import crossings
from groklab.papers.claims import Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Sweep

# Weight decay, and the steps allowed with it.
DECAYS: Mapping[Scale, dict[float, int]] = {
    "paper": {0.0: 40_000, 0.3: 80_000, 1.0: 40_000, 3.0: 20_000},
    "laptop": {0.0: 1_500, 0.3: 5_000, 1.0: 3_000, 3.0: 2_000},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run with several weight decays."""
    axes = {"weight_decay:steps": list(DECAYS[scale].items()), "seed": setups.seeds(scale)}
    return {"decays": setups.sweep(scale, axes, **setups.SMALL[scale])}


def at(results: Results, decay: float) -> xarray.Dataset:
    """Return the runs with one weight decay."""
    data = results["decays"]
    return data.isel({"weight_decay:steps": int(np.argmin(np.abs(data.weight_decay.values - decay)))})


def ratio(slow: float, fast: float):
    """Return a measure: how many times later test loss falls with one decay than with another, seed by seed."""

    def measure(results: Results) -> Estimate:
        late, soon = (times(results, decay) for decay in (slow, fast))
        return crossings.times_later(late, soon, crossings.flat(at(results, slow).budget))

    return measure


def times(results: Results, decay: float) -> np.ndarray:
    """Return the step at which test loss falls with one weight decay, for every run."""
    return crossings.flat(crossings.first_below(at(results, decay), "validation_loss"))


def product_spread(results: Results) -> Estimate:
    """Return, seed by seed, the greatest over the least λ · steps until test loss falls, over all λ above 0."""
    decays = [decay for decay in DECAYS[results.scale] if decay > 0]
    found = np.array([decay * times(results, decay) for decay in decays])
    budgets = np.array([decay * crossings.flat(at(results, decay).budget) for decay in decays])
    return crossings.times_later(found.max(0), found.min(0), np.where(np.isfinite(found), found, budgets).max(0))


def memorized_only(results: Results) -> Estimate:
    """Return the best validation accuracy without decay, the median over runs; unknown of one that never memorized."""
    data = at(results, 0.0)
    has_memorized = crossings.flat(data.train_accuracy.max("step")) >= THRESHOLD
    return partly_known(np.where(has_memorized, crossings.flat(data.validation_accuracy.max("step")), np.nan), 0, 1)


def draw(results: Results) -> Picture:
    """Draw validation loss with every weight decay."""
    data = results["decays"]
    picture, axes = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    palette = plt.colormaps["plasma"].resampled(data.sizes["weight_decay:steps"] + 1)
    for number, decay in enumerate(data.weight_decay.values):
        pictures.validation_only(axes, at(results, float(decay)), palette(number), f"λ = {decay:g}")
    axes.set_xlabel("optimizer step (log scale)")
    axes.set_ylabel("validation loss (nats)")
    axes.legend()
    return picture


S = "Nanda et al. 2023"
MIRRORED = (
    "The table is symmetric, and 60 % of the withheld cells have a mirrored one that was shown: looking these up gives "
    "60 %. The bound does not allow for that."
)
CLAIMS = (
    Claim(
        "none-does-not-generalize",
        "Without weight decay a limited table is memorized and no more.",
        f"{S}: at 30 %; at most 30 %, our tolerance; at laptop scale 60 % of a table mod 59, for 1,500 steps",
        "best validation accuracy, λ = 0",
        memorized_only,
        both(at_most(0.3)),
        {"laptop": MIRRORED},
    ),
    Claim(
        "weak-is-slow",
        "A weaker weight decay generalizes later: with 0.3 later than with 1.",
        f"{S} and its stored runs (λ = 0.1 at 90,880 steps, λ = 1 at 7,583); at least 1.3, our choice",
        "step of validation loss < 0.1 with λ = 0.3 / with λ = 1",
        ratio(0.3, 1.0),
        both(at_least(1.3)),
    ),
    Claim(
        "strong-is-fast",
        "A stronger weight decay generalizes sooner: with 3 sooner than with 1.",
        f"inferred from the stored runs of {S}; a digest says the opposite; at least 1.3, our choice",
        "step of validation loss < 0.1 with λ = 1 / with λ = 3",
        ratio(1.0, 3.0),
        both(at_least(1.3)),
    ),
    Claim(
        "time-times-decay",
        "The time is inversely proportional to the weight decay.",
        f"inferred from the stored runs of {S}; a factor of 4 between the extremes, our tolerance",
        "greatest λ · steps / least, the median over seeds",
        product_spread,
        {"paper": between(1, 4)},
    ),
)

FIGURE = Figure(
    "Weight decay against delay",
    "Nanda et al. 2023, section 5.3",
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": "x + y mod 113, 30 % of the table, 1 block of width 128 without norm",
        "laptop": "x + y mod 59, 60 % of the table, 1 block of width 128 without norm",
    },
)
