"""The stronger the weight decay, the sooner it generalizes; without any, it does not (section 5.3 and appendix D)."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.milestones import THRESHOLD
from groklab.papers import crossings
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Sweep

# Weight decay, and the steps allowed with it.
DECAYS: Mapping[Scale, dict[float, int]] = {
    "paper": {0.0: 40_000, 0.3: 80_000, 1.0: 40_000, 3.0: 20_000},
    "laptop": {0.0: 1_500, 0.3: 5_000, 1.0: 3_000, 3.0: 2_000},
}
AXIS = "weight_decay:steps"


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run with several weight decays."""
    return {"decays": setups.STANDARD.sweep(scale, {AXIS: list(DECAYS[scale].items())}, **setups.SMALL[scale])}


def times(results: Results, decay: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the step at which test loss falls with one weight decay, for every run, and its budget."""
    data = results.part("decays", weight_decay=decay)
    return flat(crossings.first_below(data, "validation_loss")), flat(data.budget)


def ratio(slow: float, fast: float) -> Quantity:
    """Return how many times later test loss falls with one decay than with another, seed by seed."""

    def measure(results: Results) -> Estimate:
        late, budget = times(results, slow)
        return crossings.times_later(late, times(results, fast)[0], budget)

    return Quantity(f"step of validation loss < 0.1 with λ = {slow:g} / with λ = {fast:g}", measure)


def product_spread(results: Results) -> Estimate:
    """Return, seed by seed, the greatest over the least λ · steps until test loss falls, over all λ above 0."""
    products = [decay * np.array(times(results, decay)) for decay in DECAYS[results.scale] if decay > 0]
    found, budgets = np.stack(products, axis=1)
    return crossings.times_later(found.max(0), found.min(0), np.where(np.isfinite(found), found, budgets).max(0))


def memorized_only(results: Results) -> Estimate:
    """Return the best validation accuracy without decay, the median over runs; unknown of one that never memorized."""
    data = results.part("decays", weight_decay=0.0)
    train, validation = (flat(data[name].max("step")) for name in ("train_accuracy", "validation_accuracy"))
    return partly_known(np.where(train >= THRESHOLD, validation, np.nan), 0, 1)


def draw(results: Results) -> Picture:
    """Draw validation loss with every weight decay."""
    data = results["decays"]
    picture, axes = plt.subplots(figsize=(5.6, 3.8), layout="constrained")
    palette = plt.colormaps["plasma"].resampled(data.sizes[AXIS] + 1)
    for number, decay in enumerate(data.weight_decay.values):
        pictures.validation_only(axes, data.isel({AXIS: number}), palette(number), f"λ = {decay:g}")
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
        Quantity("best validation accuracy, λ = 0", memorized_only),
        at_most(0.3),
        {"laptop": MIRRORED},
    ),
    Claim(
        "weak-is-slow",
        "A weaker weight decay generalizes later: with 0.3 later than with 1.",
        f"{S} and its stored runs (λ = 0.1 at 90,880 steps, λ = 1 at 7,583); at least 1.3, our choice",
        ratio(0.3, 1.0),
        at_least(1.3),
    ),
    Claim(
        "strong-is-fast",
        "A stronger weight decay generalizes sooner: with 3 sooner than with 1.",
        f"inferred from the stored runs of {S}; a digest says the opposite; at least 1.3, our choice",
        ratio(1.0, 3.0),
        at_least(1.3),
    ),
    Claim(
        "time-times-decay",
        "The time is inversely proportional to the weight decay.",
        f"inferred from the stored runs of {S}; a factor of 4 between the extremes, our tolerance",
        Quantity("greatest λ · steps / least, the median over seeds", product_spread),
        {"paper": between(1, 4)},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
