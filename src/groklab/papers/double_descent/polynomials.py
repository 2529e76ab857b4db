"""Polynomials through twenty points: the error peaks at degree 19 and falls beyond, as does the norm."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_least, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.plots.style import MARK, TRAIN, VALIDATION, plain
from groklab.tasks import Curve
from groklab.theory.least_squares import decompose, legendre

P = "the picture that talks on double descent draw"
TASK = Curve()
POINTS = TASK.size
DEGREES = (*range(1, 40), 50, 70, 100, 150, 200, 300)
SHOWN = (3, 19, 200)
SEEDS = range(100, 120)
FRESH = np.linspace(-1, 1, TASK.validation)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return twenty places and noisy values there."""
    examples = TASK.examples(seed=seed)
    return examples.inputs[:POINTS, 0], examples.targets[:POINTS, 0, 0]


def fitted(seed: int, degree: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the coefficients of least norm of a degree, and the polynomial on a fine grid."""
    places, values = drawn(seed)
    weights = decompose(legendre(places, degree)).solve(values[:, None])[:, 0]
    return weights, legendre(FRESH, degree) @ weights


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return errors between the points, and norms, of every degree and draw."""
    found = {name: np.empty((len(DEGREES), len(SEEDS))) for name in ("error", "train_error", "norm")}
    for row, degree in enumerate(DEGREES):
        for place, seed in enumerate(SEEDS):
            weights, curve = fitted(seed, degree)
            places, values = drawn(seed)
            found["error"][row, place] = ((curve - TASK.answers(FRESH)) ** 2).mean()
            found["train_error"][row, place] = ((legendre(places, degree) @ weights - values) ** 2).mean()
            found["norm"][row, place] = (weights**2).sum()
    return {
        "fits": xarray.Dataset(
            {name: (("degree", "seed"), values) for name, values in found.items()},
            {"degree": list(DEGREES), "seed": [*SEEDS]},
            {"setting": f"{POINTS} noisy points of a sine, Legendre polynomials of degree 1 to 300, least norm"},
        )
    }


def peak(results: Results, name: str = "error") -> Estimate:
    """Return the degree where a number is greatest, the median over draws."""
    return bootstrap(results["fits"].degree.values[results["fits"][name].argmax("degree").values].astype(float))


def falls(results: Results) -> Estimate:
    """Return the error of degree 19 over that of degree 300, draw by draw."""
    error = results["fits"].error
    return bootstrap((error.sel(degree=POINTS - 1) / error.sel(degree=DEGREES[-1])).values)


def draw(results: Results) -> Picture:
    """Draw three polynomials through the points, and errors and norms over the degree."""
    picture, row = plt.subplots(1, 5, figsize=(15, 3.2), layout="constrained")
    places, values = drawn(SEEDS[0])
    for axes, degree in zip(row, SHOWN, strict=False):
        axes.plot(FRESH, TASK.answers(FRESH), color=MARK, linewidth=0.8, linestyle=":")
        axes.plot(FRESH, fitted(SEEDS[0], degree)[1], color=VALIDATION)
        axes.plot(places, values, ".", color=TRAIN)
        axes.set_ylim(-3, 3)
        axes.set_title(f"degree {degree}", loc="left", fontsize=9)
    data = results["fits"]
    for axes, shown in (
        (row[3], (("train_error", TRAIN, "train"), ("error", VALIDATION, "between"))),
        (row[4], (("norm", MARK, ""),)),
    ):
        for name, color, label in shown:
            axes.plot(DEGREES, data[name].median("seed").values.clip(1e-12), color=color, label=label or None)
        axes.axvline(POINTS - 1, color=MARK, linewidth=0.8, linestyle=":")
        axes.set_xscale("log")
        axes.set_yscale("log")
        plain(axes.xaxis)
        axes.set_xlabel("degree (log scale)")
    row[3].set_title("squared error", loc="left", fontsize=9)
    row[3].set_ylim(bottom=1e-4)
    row[3].legend(fontsize=8)
    row[4].set_title("squared norm of the coefficients", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "peak-where-it-just-fits",
        "The error between the points is greatest near the degree that just fits them, 19.",
        f"{P}; 17 to 21, our tolerance",
        Quantity("degree with the greatest error, the median over draws", peak),
        between(17, 21),
    ),
    Claim(
        "second-descent",
        "It falls again by far with more coefficients than points, if these are the least.",
        f"{P}; tenfold, our tolerance",
        Quantity("error of degree 19 / of degree 300, the median over draws", falls),
        at_least(10),
    ),
    Claim(
        "the-norm-peaks-too",
        "The norm of the coefficients is greatest there as well.",
        f"{P}; 17 to 21, our tolerance",
        Quantity("degree with the greatest norm, the median over draws", lambda results: peak(results, "norm")),
        between(17, 21),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
