"""Polynomials found by gradient descent: the peak over the degree takes time, and stopping early removes it."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, of_rows
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.double_descent.polynomials import DEGREES, POINTS, TASK
from groklab.papers.figure import Figure, Results
from groklab.papers.setup import Setup
from groklab.plots.style import MARK, plain
from groklab.predictions import predict
from groklab.theory import DataSet, Descent
from groklab.theory.least_squares import legendre
from groklab.training import Sweep
from groklab.training.presets import CURVE

P = "the picture that talks on double descent draw"
SEEDS = range(100, 160)
PLAN = CURVE.replace(task=TASK, record=CURVE.record.replace(growth=1.1))
SETUP = Setup({"paper": PLAN, "laptop": PLAN}, first_seed=SEEDS[0], seeds={"paper": 3, "laptop": 3})
RUN = (3, 19, 50, 300)
STEPS = tuple(np.geomspace(1, 1e8, 49))
SHOWN = (1e2, 1e4, 1e6, 1e8, np.inf)
NEAR = tuple(degree for degree in DEGREES if 15 <= degree <= 25)
END, TINY = DEGREES[-1], 1e-10


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return descents on polynomials of four degrees."""
    return {"runs": SETUP.sweep(scale, {"degree": RUN})}


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return the error between the points after each of some steps, and in the end, of every degree and draw."""
    steps = np.array([*STEPS, np.inf])
    error = np.empty((len(DEGREES), len(SEEDS), len(steps)))
    for place, seed in enumerate(SEEDS):
        examples = TASK.examples(seed=seed)
        shown, answers = examples.inputs[:, 0], examples.targets[:, 0]
        for row, degree in enumerate(DEGREES):
            features = legendre(shown, degree) / np.sqrt(degree + 1)
            data = DataSet(features[:POINTS], answers[:POINTS])
            start = np.zeros((degree + 1, 1))
            found = Descent(data, start, learning_rate=float(PLAN.optimizer.learning_rate))
            error[row, place] = ((found.answers(features[POINTS:], steps) - answers[POINTS:]) ** 2).mean((1, 2))
    coordinates = {"degree": list(DEGREES), "seed": [*SEEDS], "step": steps}
    words = f"gradient descent on polynomials of degree 1 to {END} through {POINTS} noisy points, every step calculated"
    return {"descents": xarray.Dataset({"error": (tuple(coordinates), error)}, coordinates, {"setting": words})}


def apart(results: Results) -> Estimate:
    """Return how far losses of runs are from those foretold, relatively, the most over their steps and runs.

    Losses below 1e-10 are left out: there it is the rounding of single answers that is seen.
    """
    found = []
    for plan, run in results.runs("runs"):
        seen, said = run.metrics(), predict(plan).columns
        both = [(seen[name], said[name]) for name in ("train_loss", "validation_loss")]
        found.append(max(float(abs(one / two - 1)[two > TINY].max()) for one, two in both))
    return bootstrap(found, np.max)


def peak(results: Results, step: float) -> Estimate:
    """Return the greatest median error of degrees 15 to 25 after some steps over that of degree 300."""
    return _over_the_last(results["descents"].error.sel(step=step))


def best_peak(results: Results) -> Estimate:
    """Return the same where every descent is stopped at its best step."""
    return _over_the_last(results["descents"].error.min("step"))


def _over_the_last(error: xarray.DataArray) -> Estimate:
    values = error.sel(degree=[*NEAR, END]).transpose("seed", "degree").values

    def peaked(drawn: np.ndarray) -> np.ndarray:
        middle = np.median(drawn, axis=1)
        return middle[..., :-1].max(-1) / middle[..., -1]

    return of_rows(values, peaked)


def draw(results: Results) -> Picture:
    """Draw the error over the degree after some steps and at the best, and over degree and steps."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10.5, 3.8), layout="constrained")
    error = results["descents"].error
    palette = plt.colormaps["viridis"].resampled(len(SHOWN) + 1)
    for place, step in enumerate(SHOWN):
        words = f"after {step:,.0f} steps" if np.isfinite(step) else "in the end"
        left.plot(DEGREES, error.sel(step=step).median("seed"), color=palette(place), label=words)
    left.plot(DEGREES, error.min("step").median("seed"), color=MARK, linestyle="--", label="each at its best step")
    left.set_ylabel("squared error between the points")
    left.set_ylim(1e-2, 1e4)
    left.set_yscale("log")
    left.legend(fontsize=8)
    values = error.sel(step=list(STEPS)).median("seed").transpose("step", "degree").values
    image = right.pcolormesh(DEGREES, STEPS, values, norm=LogNorm(3e-2, 1e2), cmap="magma_r", shading="nearest")
    picture.colorbar(image, ax=right, label="squared error between the points", extend="both")
    right.set_ylabel("step of gradient descent (log scale)")
    right.set_yscale("log")
    right.grid(visible=False)
    for axes in (left, right):
        axes.axvline(POINTS - 1, color=MARK, linewidth=0.8, linestyle=":")
        axes.set_xscale("log")
        plain(axes.xaxis)
        axes.set_xlabel("degree (log scale)")
    left.set_title(f"{POINTS} points; median of {len(SEEDS)} draws", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "runs-are-as-foretold",
        "Descents step by step are what one eigendecomposition says of them.",
        "1e-9, our tolerance",
        Quantity("greatest relative distance of a loss above 1e-10 from that foretold", apart),
        at_most(1e-9),
    ),
    Claim(
        "no-peak-at-first",
        "After 10,000 steps the degree that just fits the points is no worse than one far beyond.",
        "Nakkiran et al. 2019, of networks; our bound",
        Quantity("greatest error of degrees 15 to 25 / of degree 300, 10,000 steps", lambda each: peak(each, 1e4)),
        at_most(1),
    ),
    Claim(
        "the-peak-takes-time",
        "In the end it is worse by far.",
        f"{P}; tenfold, our tolerance",
        Quantity("greatest error of degrees 15 to 25 / of degree 300, in the end", lambda each: peak(each, np.inf)),
        at_least(10),
    ),
    Claim(
        "stopping-early-removes-it",
        "Where every descent is stopped at its best step there is no peak.",
        "Nakkiran et al. 2019, of networks; our bound",
        Quantity("greatest error of degrees 15 to 25 / of degree 300, each at its best step", best_peak),
        at_most(1),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw, calculated=calculated)
