"""Labels along one eigenvector of the kernel: the first hundred are learnt at once, the others never."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers import crossings
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.kumar2023.setups import EIGENVECTORS, lazy
from groklab.papers.members import columns_of, each, flat, last
from groklab.papers.parts import Part, measure
from groklab.plots.curves import draw_curves
from groklab.tasks import KernelEigenvector
from groklab.theory.polynomial import alignment, kernel_eigenvalues, tangent_kernel
from groklab.training import Sweep

P = "Kumar et al. 2024"
WHICH = (1, 70, 100, 200)
LEVEL = 0.2  # of labels whose mean square is 1
INPUTS, UNITS, EXAMPLES, BENDS = 20, 2_000, 2_000, (0.25, 0.5, 1.0)  # of the kernel that is sampled


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks trained on four eigenvectors."""
    return {"runs": EIGENVECTORS.sweep(scale, {"which": WHICH}, **lazy(0.5))}


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return the kernel of networks as drawn: its mean along all products of two inputs, for each ε and seed."""
    seeds = range(100, 120)
    found = np.array([[along_products(bend, seed) for seed in seeds] for bend in BENDS])
    words = f"kernel of {UNITS:,} units as drawn, {INPUTS} inputs, {EXAMPLES:,} examples"
    axes = {"bend": list(BENDS), "seed": [*seeds]}
    return {"kernel": xarray.Dataset({"eigenvalue": (tuple(axes), found)}, axes, {"setting": words})}


def along_products(bend: float, seed: int) -> float:
    """Return the mean of q(x)K(x, y)q(y) over independent x and y and all functions q(x) = D·x_k·x_l, k below l."""
    random = np.random.default_rng(seed)
    both = random.standard_normal((2, EXAMPLES, INPUTS)) / np.sqrt(INPUTS)
    units = random.standard_normal((INPUTS, UNITS))
    left, right = (1 + bend * inputs @ units for inputs in both)
    kernel = left @ right.T / UNITS * (both[0] @ both[1].T)
    first, second = np.triu_indices(INPUTS, 1)
    before, after = (INPUTS * inputs[:, first] * inputs[:, second] for inputs in both)
    return float(((kernel @ after) * before).sum(0).mean() / EXAMPLES**2)


def as_calculated(results: Results) -> Estimate:
    """Return the eigenvalue that was sampled over 2ε²/D², the one farthest from 1 over ε."""
    values = results["kernel"].eigenvalue
    ratios = [values.sel(bend=bend).values / kernel_eigenvalues(INPUTS, bend)[1] for bend in BENDS]
    return bootstrap(max(ratios, key=lambda each: abs(np.log(np.median(each)))))


def alignments(results: Results, which: int) -> np.ndarray:
    """Return how much of the kernel of the training examples is along the labels, run by run."""
    found = []
    for plan, _ in results.runs("runs"):
        task = plan.task
        assert isinstance(task, KernelEigenvector)
        if task.which == which:
            examples = task.examples(seed=plan.seeds.split)
            kernel = tangent_kernel(examples.inputs[: task.size], float(task.bend))
            found.append(alignment(kernel, examples.targets[: task.size, 0, 0]))
    return np.array(found)


def aligned(results: Results) -> Estimate:
    """Return the least ratio of the alignments of one eigenvector and the next of those looked at, run by run."""
    every = np.array([alignments(results, which) for which in WHICH])
    return bootstrap((every[:-1] / every[1:]).min(0))


@measure("last training loss")
def fitted(data: xarray.Dataset) -> Estimate:
    """Return the training loss in the end, the median over runs."""
    return bootstrap(last(data, "train_loss"))


@measure("least validation loss")
def least(data: xarray.Dataset) -> Estimate:
    """Return the least validation loss, the median over runs."""
    return bootstrap(flat(data.validation_loss.min("step")))


def draw(results: Results) -> Picture:
    """Draw losses for each eigenvector."""
    picture, row = plt.subplots(1, len(WHICH), figsize=(14, 3.3), layout="constrained", sharey=True)
    for axes, which in zip(row, WHICH, strict=True):
        data = results.part("runs", which=which)
        draw_curves(axes, [columns_of(run) for run in each(data)], "loss", unit="squared error")
        axes.axhline(LEVEL, color="#555555", linewidth=0.8, linestyle=":")
        axes.set_ylim(1e-2, 3)
        words = f"eigenvector {which}, alignment {np.median(alignments(results, which)):.2g}"
        axes.set_title(words, loc="left", fontsize=9)
        axes.set_xlabel("step of gradient descent (log scale)")
    row[0].legend()
    return picture


FIRST, SEVENTIETH, HUNDREDTH, BEYOND = (Part("runs", f"eigenvector {which}", which=which) for which in WHICH)
LINEAR = "With D = 100 inputs it is linear as the first: all of the first hundred are learnt at once."
CLAIMS = (
    Claim(
        "the-first-is-learnt-at-once",
        "Labels along the first eigenvector are generalized as soon as they are memorized.",
        f"{P}; twice as late, our tolerance",
        crossings.delay_ratio.of(FIRST, LEVEL, LEVEL),
        at_most(2),
    ),
    Claim(
        "the-seventieth-groks",
        "Those along the 70th are generalized late.",
        f"{P}; three times, our tolerance",
        crossings.delay_ratio.of(SEVENTIETH, LEVEL, LEVEL),
        at_least(3),
        dict.fromkeys(("laptop", "paper"), LINEAR),
    ),
    Claim(
        "the-hundredth-is-never-learnt",
        "Those along the 100th are never generalized.",
        f"{P}; 0.8 of the labels' mean square, our tolerance",
        least.of(HUNDREDTH),
        at_least(0.8),
        dict.fromkeys(("laptop", "paper"), LINEAR),
    ),
    Claim(
        "beyond-the-linear-nothing-is",
        "Those along the 200th, which is quadratic, are not, while training loss falls.",
        "450 examples of 5,000 such functions; 0.8, our bound",
        least.of(BEYOND),
        at_least(0.8),
    ),
    Claim(
        "which-is-memorized-in-part",
        "Of these training loss falls below a half.",
        "our control",
        fitted.of(BEYOND),
        at_most(0.5),
    ),
    Claim(
        "alignment-falls",
        "The kernel is ever less along later eigenvectors.",
        P,
        Quantity("least ratio of successive alignments, the median over seeds", aligned),
        at_least(1.1),
    ),
    Claim(
        "eigenvalue-of-products",
        "The kernel's eigenvalue along products of two inputs is 2ε²/D², not 2ε/D² as printed.",
        "from φ′ = 1 + εh; 5 %",
        Quantity("sampled eigenvalue / 2ε²/D², the one farthest from 1 for ε of 0.25 to 1", as_calculated),
        between(0.95, 1.05),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw, calculated=calculated)
