"""Random features: test error peaks where there are as many as examples, and a ridge removes the peak (model-wise)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, of_rows
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.plots.style import MARK, plain
from groklab.theory.least_squares import decompose, relu_features

P = "Belkin et al. 2019"
INPUTS, EXAMPLES, FRESH = 20, 200, 2000
NOISES = (0.0, 0.25, 0.5, 1.0)
FEATURES = tuple(
    sorted({*np.geomspace(10, 4000, 24).round().astype(int).tolist(), 20, 100, 190, 195, 200, 205, 210, 400})
)
RIDGES = (0.0, 1e-6, 1e-3, "tuned")
GRID = tuple(np.geomspace(1e-7, 10, 25))
SEEDS = range(100, 120)


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return test errors and norms of the weights, for every noise, number of features, ridge and seed."""
    shape = (len(FEATURES), len(NOISES), len(RIDGES), len(SEEDS))
    error, norm = np.empty(shape), np.empty(shape)
    for place, seed in enumerate(SEEDS):
        random = np.random.default_rng(seed)
        weights = random.standard_normal(INPUTS) / np.sqrt(INPUTS)
        shown, fresh = random.standard_normal((EXAMPLES, INPUTS)), random.standard_normal((FRESH, INPUTS))
        labels = (shown @ weights)[:, None] + random.standard_normal((EXAMPLES, 1)) * np.array(NOISES)
        most = relu_features(INPUTS, FEATURES[-1], random)
        for row, count in enumerate(FEATURES):
            drawn = most.first(count)
            parts, seen = decompose(drawn.of(shown)), drawn.of(fresh)
            found = {ridge: parts.solve(labels, ridge) for ridge in {*GRID, *RIDGES[:-1]}}
            errors = {ridge: ((seen @ each - (fresh @ weights)[:, None]) ** 2).mean(0) for ridge, each in found.items()}
            for column, ridge in enumerate(RIDGES[:-1]):
                error[row, :, column, place] = errors[ridge]
                norm[row, :, column, place] = (found[ridge] ** 2).sum(0)
            best = np.array([errors[ridge] for ridge in GRID]).argmin(0)
            for noise, at in enumerate(best):
                error[row, noise, -1, place] = errors[GRID[at]][noise]
                norm[row, noise, -1, place] = (found[GRID[at]][:, noise] ** 2).sum()
    axes = ("features", "noise", "ridge", "seed")
    coordinates = {"features": list(FEATURES), "noise": list(NOISES), "ridge": list(map(str, RIDGES)), "seed": [*SEEDS]}
    words = f"{EXAMPLES} examples of {INPUTS} numbers, 10 to 4,000 random ReLU features, least squares"
    return {"fits": xarray.Dataset({"error": (axes, error), "norm": (axes, norm)}, coordinates, {"setting": words})}


def fits(results: Results, name: str = "error", **at: object) -> xarray.DataArray:
    """Return test errors, or norms, without a ridge unless another is asked for."""
    return results["fits"][name].sel({"ridge": "0.0", **at})


def peak(results: Results, name: str = "error") -> Estimate:
    """Return the number of features where the median over seeds is greatest, over that of examples, at σ = 0.5."""
    values = fits(results, name, noise=0.5).transpose("seed", "features").values
    return of_rows(values, lambda drawn: np.array(FEATURES)[np.median(drawn, axis=1).argmax(-1)] / EXAMPLES)


def height(results: Results) -> Estimate:
    """Return test error with as many features as examples over the least with four times as many or more, σ = 0.5."""
    found = fits(results, noise=0.5)
    least = found.sel(features=[count for count in FEATURES if count > 4 * EXAMPLES]).min("features")
    return bootstrap((found.sel(features=EXAMPLES) / least).values)


def growth(results: Results) -> Estimate:
    """Return the least ratio of the peaks of two successive noises, seed by seed."""
    peaks = fits(results, features=EXAMPLES).transpose("seed", "noise").values
    return bootstrap((peaks[:, 1:] / peaks[:, :-1]).min(1))


def tuned_peak(results: Results) -> Estimate:
    """Return the greatest median test error from half to twice as many features as examples, over that with half.

    The ridge is the best for each draw and number of features. Of four noises it is the greatest.
    """
    near = [count for count in FEATURES if EXAMPLES / 2 <= count <= 2 * EXAMPLES]
    values = fits(results, ridge="tuned", features=near).transpose("seed", "noise", "features").values

    def peaked(drawn: np.ndarray) -> np.ndarray:
        middle = np.median(drawn, axis=1)
        return (middle.max(-1) / middle[..., 0]).max(-1)

    return of_rows(values, peaked)


def draw(results: Results) -> Picture:
    """Draw test error over the number of features for each noise, with ridges, and the norm of the solution."""
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.8), layout="constrained")
    palette = plt.colormaps["viridis"].resampled(len(NOISES) + 1)
    for place, noise in enumerate(NOISES):
        for axes, name in ((left, "error"), (right, "norm")):
            values = fits(results, name, noise=noise).transpose("features", "seed").values
            axes.plot(FEATURES, np.median(values, axis=1), color=palette(place), label=f"σ = {noise:g}")
            low, high = np.quantile(values, (0.25, 0.75), axis=1)
            axes.fill_between(FEATURES, low, high, color=palette(place), alpha=0.2, linewidth=0)
    for place, ridge in enumerate(RIDGES):
        values = fits(results, ridge=str(ridge), noise=0.5).median("seed")
        label = "tuned ridge" if ridge == "tuned" else f"ridge {ridge:g}"
        middle.plot(FEATURES, values, color=palette(place), label=label)
    for axes, words in ((left, "test error"), (middle, "test error, σ = 0.5"), (right, "squared norm of the weights")):
        axes.axvline(EXAMPLES, color=MARK, linewidth=0.8, linestyle=":")
        axes.set_xscale("log")
        axes.set_yscale("log")
        plain(axes.xaxis)
        axes.set_xlabel("number of features (log scale)")
        axes.set_ylabel(words)
        axes.legend(fontsize=8)
    left.set_title(f"{EXAMPLES} examples; median and quartiles of {len(SEEDS)} draws", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "peak-where-features-are-examples",
        "Test error is greatest with as many features as examples.",
        f"{P}; within 5 %",
        Quantity("features at the greatest median test error / examples, σ = 0.5", peak),
        between(0.95, 1.05),
    ),
    Claim(
        "second-descent",
        "Beyond it falls far below the peak.",
        f"{P}; a pilot: 500; at least 100",
        Quantity("test error at the peak / least with more than 4 times as many features, σ = 0.5", height),
        at_least(100),
    ),
    Claim(
        "noise-raises-the-peak",
        "The noisier the labels, the higher the peak.",
        f"{P}; Nakkiran et al. 2019",
        Quantity("least ratio of peaks of successive σ, the median over draws", growth),
        at_least(1),
    ),
    Claim(
        "a-tuned-ridge-removes-it",
        "With the best ridge for each number of features there is no peak.",
        "Nakkiran et al. 2021; 5 %, our tolerance",
        Quantity("greatest test error with 100 to 400 features / with 100, median over draws, worst of σ", tuned_peak),
        at_most(1.05),
    ),
    Claim(
        "the-norm-peaks-too",
        "The norm of the weights is greatest at the same place.",
        f"{P}; within 5 %",
        Quantity("features at the greatest median norm / examples, σ = 0.5", lambda results: peak(results, "norm")),
        between(0.95, 1.05),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
