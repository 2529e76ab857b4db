"""Addition from a frozen representation: messier ones need a larger norm, and time goes as 1/γ (figure 6)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.landscapes import Path, reduced, reduced_flow
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.omnigrok2023 import setups
from groklab.papers.parts import Part, measure
from groklab.plots.landscape import surface
from groklab.plots.style import TRAIN, VALIDATION
from groklab.runner.landscaping import on_sphere
from groklab.training import Sweep
from groklab.training.presets import VECTOR_ADDITION

STANDARD = on_sphere(VECTOR_ADDITION)
# Of 55 pairs ten are left to validate on, and which they are matters more than all else.
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})._replace(seeds={"paper": 9, "laptop": 5})
# The released plots call a share of 0.2 of the random representation m = 1.
ALPHAS: Mapping[Scale, tuple[float, ...]] = {
    "paper": tuple(np.linspace(1, 9, 17).tolist()),
    "laptop": (2.0, 2.5, 3.0, 4.0, 5.0, 6.0),
}
SHARES: Mapping[Scale, tuple[float, ...]] = {
    "paper": tuple(np.round(np.linspace(0, 0.2, 11), 3).tolist()),
    "laptop": (0.0, 0.05, 0.1, 0.2),
}
BORDER = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0)
SIZES = (35, 54)
HALF, MESSY = 0.1, 0.2
FITTED = 0.02  # training loss of a decoder that fits, of the contours of the released notebook
LARGE = 5.0  # α at which anything is fitted
CROSS = (4.5, 0.16)  # where the released notebook marks the bad minimum
DECAYS = (0.01, 0.02, 0.04, 0.08)
STAR = 0.005  # a representation as tidy as that of the released good minimum


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return decoders held to many norms, on representations from tidy to messy; and fewer with less and more data."""
    border = {"size": SIZES, "alpha": BORDER, "messiness": (0.0, HALF)}
    return {
        "map": SETUP.sweep(scale, {"alpha": ALPHAS[scale], "messiness": SHARES[scale]}),
        "sizes": SETUP.sweep(scale, border),
    }


@measure("validation loss at α = 5, messy representation / tidy")
def harm(data: xarray.Dataset) -> Estimate:
    """Return how many times more a messy representation costs, seed by seed."""
    losses = reduced(data).validation_loss.sel(alpha=LARGE)
    return bootstrap(flat(losses.sel(messiness=MESSY) / losses.sel(messiness=0.0)))


@measure("training loss at α = 5, the greater of tidy and messy")
def worst_fit(data: xarray.Dataset) -> Estimate:
    """Return the worse of the training losses behind `harm`, the median over seeds."""
    losses = reduced(data).train_loss.sel(alpha=LARGE, messiness=[0.0, MESSY])
    return bootstrap(flat(losses.max(dim="messiness")))


@measure("share of the random representation at the least validation loss of the map")
def tidiest(data: xarray.Dataset) -> Estimate:
    """Return where validation loss is least over α and messiness, the median over seeds."""
    losses = reduced(data).validation_loss.min(dim="alpha")
    return bootstrap(flat(losses.idxmin("messiness")))


def borders(data: xarray.Dataset, messiness: float) -> np.ndarray:
    """Return the least α at which each seed's decoder fits, ∞ where none does."""
    losses = reduced(data.sel(messiness=messiness)).train_loss.sortby("alpha").transpose("seed", "alpha")
    return np.array([_first(losses.alpha.values.astype(float), curve) for curve in losses.values.astype(float)])


def _first(alphas: np.ndarray, curve: np.ndarray) -> float:
    """Return where a loss first comes below `FITTED`, between points along a line in ln α and ln loss."""
    below = np.flatnonzero(curve < FITTED)
    if not len(below) or not below[0]:
        return float(alphas[0]) if len(below) else np.inf
    x, y = np.log(alphas[below[0] - 1 : below[0] + 1]), np.log(curve[below[0] - 1 : below[0] + 1])
    return float(np.exp(np.interp(-np.log(FITTED), -y, x)))


@measure("least α that fits, messy by half / tidy")
def border_ratio(data: xarray.Dataset) -> Estimate:
    """Return by which factor the norm that is needed grows with a messier representation, seed by seed."""
    messy, tidy = (_known(borders(data, share)) for share in (HALF, 0.0))
    return partly_known(messy / tidy, 0.0, np.inf)


def shift(results: Results) -> Estimate:
    """Return how much further the border moves with more data than with less, seed by seed."""
    moved: list[np.ndarray] = []
    for size in SIZES:
        data = results.part("sizes", size=size)
        moved.append(_known(borders(data, HALF)) - _known(borders(data, 0.0)))
    return partly_known(moved[1] - moved[0], -np.inf, np.inf)


def _known(values: np.ndarray) -> np.ndarray:
    """Return nan, what is unknown, where no decoder fits."""
    return np.where(np.isfinite(values), values, np.nan)


def walks(data: xarray.Dataset) -> list[Path]:
    """Return the walks on the map from the bad minimum to the good one, with each decay."""
    loss = reduced(data).train_loss.median("seed")
    return [reduced_flow(loss, CROSS, weight_decay=decay, until=STAR) for decay in DECAYS]


@measure("γ · time of the walk to a tidy representation, greatest over decays / least")
def law(data: xarray.Dataset) -> Estimate:
    """Return how far time is from being inversely proportional to the decay; one number, of the map's medians."""
    found = walks(data)
    products = [decay * walk.time[-1] for decay, walk in zip(DECAYS, found, strict=True)]
    ratio = max(products) / min(products) if all(walk.arrived for walk in found) else np.inf
    return Estimate(ratio, ratio, ratio, data.sizes["seed"])


def draw(results: Results) -> Picture:
    """Draw both losses over norm and messiness, with the walk from the bad minimum, and losses along it."""
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(13.5, 4), layout="constrained")
    landscape = reduced(results["map"])
    path = walks(results["map"])[0]
    for axes, part in ((left, "train"), (middle, "validation")):
        losses = landscape[f"{part}_loss"].median("seed")
        surface(axes, losses, "alpha", "messiness", f"{part} loss in the end (squared error)")
        x, y = (
            np.interp(values, losses[name].values, np.arange(losses.sizes[name]))
            for name, values in (("alpha", path.alpha), ("messiness", path.other))
        )
        axes.plot(x, y, color="#2b6cb0", linewidth=1.8)
        axes.plot(x[0], y[0], "x", color="#2b6cb0")
        axes.plot(x[-1], y[-1], "*", color="#2b6cb0", markersize=9)
        axes.set_ylabel("m, share of the random representation")
    _along(right, landscape, path)
    picture.suptitle("walk of equation 6 on the reduced training loss, from the bad minimum (×) to a good one (★)")
    return picture


def _along(axes: Axes, landscape: xarray.Dataset, path: Path) -> None:
    """Draw both losses along a walk, against time."""
    where = {
        name: xarray.DataArray(values, dims="moment")
        for name, values in zip(("alpha", "messiness"), (path.alpha, path.other), strict=True)
    }
    for part, color in (("train", TRAIN), ("validation", VALIDATION)):
        losses = landscape[f"{part}_loss"].median("seed").interp(where)
        axes.plot(path.time, losses, color=color, label=part)
    axes.set_yscale("log")
    axes.set_xlabel(f"time, γ = {DECAYS[0]:g}")
    axes.set_ylabel("reduced loss on the way (squared error)")
    axes.legend()


P = "Liu et al. 2023, section 5.1 and figure 6"
MAP = Part("map")
CLAIMS = (
    Claim(
        "messy-representations-generalize-worse",
        "With weights large enough to fit both, a messy representation generalizes worse.",
        f"{P}: at 5 to 6 times the usual norm at least twice; 1.5 on a laptop, our tolerance",
        harm.of(MAP),
        {"paper": at_least(2), "laptop": at_least(1.5)},
    ),
    Claim(
        "both-fit",
        "Its training data is fitted as well as with a tidy one.",
        f"{P}; training loss below 0.05, the border drawn in the paper",
        worst_fit.of(MAP),
        at_most(0.05),
    ),
    Claim(
        "best-where-tidy",
        "Validation loss is least where the representation is tidy.",
        f"{P}: within 15 % of the axis, which ends at a share of 0.2",
        tidiest.of(MAP),
        at_most(0.03),
    ),
    Claim(
        "messy-needs-a-larger-norm",
        "A messier representation needs a larger norm to be fitted (equation 2).",
        f"{P}: 2.77 and 3.35 in the released figure, 20 %; 10 % on a laptop, our tolerance",
        border_ratio.of(MAP),
        {"paper": at_least(1.2), "laptop": at_least(1.1)},
    ),
    Claim(
        "more-data-moves-the-border-further",
        "The more data, the steeper the norm that is needed grows with messiness.",
        f"{P}e: 0.85 for all 55 pairs, 0.6 for 45, less for 35",
        Quantity("growth of the least α that fits with 54 pairs less that with 35", shift),
        at_least(0),
    ),
    Claim(
        "time-goes-as-one-over-decay",
        "The walk on the landscape takes a time inversely proportional to the decay.",
        f"{P}, equation 6; constant within 10 % either way over 8 times the decay",
        law.of(MAP),
        at_most(1.2),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
