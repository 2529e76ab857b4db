"""The stronger the weight decay, the sooner it generalizes; without any, it does not (section 5.3 and appendix D)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers import crossings
from groklab.papers.claims import Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Sweep

# Weight decay, and the steps allowed with it.
DECAYS: Mapping[Scale, dict[float, int]] = {
    "paper": {0.0: 40_000, 0.3: 80_000, 1.0: 40_000, 3.0: 20_000},
    "laptop": {0.0: 3_000, 0.3: 6_000, 1.0: 3_000, 3.0: 2_000},
}
CHANGES: Mapping[Scale, dict[str, float]] = {"paper": {"fraction": 0.3}, "laptop": {"p": 59, "fraction": 0.6}}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run with several weight decays."""
    axes = {"weight_decay:steps": list(DECAYS[scale].items()), "seed": setups.seeds(scale)}
    return {"decays": setups.sweep(scale, axes, **CHANGES[scale])}


def at(results: Results, decay: float) -> xarray.Dataset:
    """Return the runs with one weight decay."""
    data = results["decays"]
    return data.isel({"weight_decay:steps": int(np.argmin(np.abs(data.weight_decay.values - decay)))})


def ratio(slow: float, fast: float):
    """Return a measure: how many times later test loss falls with one decay than with another, seed by seed."""

    arms = slow, fast

    def measure(results: Results) -> Estimate:
        late, soon = (crossings.flat(crossings.first_below(at(results, decay), "validation_loss")) for decay in arms)
        return crossings.times_later(late, soon, *(crossings.flat(at(results, decay).budget) for decay in arms))

    return measure


def product_spread(results: Results) -> Estimate:
    """Return, seed by seed, the greatest over the least λ · steps until test loss falls, over all λ above 0."""
    decays = [decay for decay in DECAYS[results.scale] if decay > 0]
    times = [crossings.flat(crossings.first_below(at(results, decay), "validation_loss")) for decay in decays]
    products = np.array(decays)[:, None] * np.stack(times)
    return bootstrap(products.max(0) / products.min(0))


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
CLAIMS = (
    Claim(
        "none-does-not-generalize",
        "Without weight decay a limited table is memorized and no more.",
        f"{S}: at 30 %; at most 30 %, our tolerance; at laptop scale 60 % of a table mod 59, for 3,000 steps",
        "best validation accuracy, λ = 0",
        lambda results: bootstrap(crossings.flat(at(results, 0.0).validation_accuracy.max("step"))),
        both(at_most(0.3)),
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
        "greatest λ · steps / least, of the medians",
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
