"""Noise on labels is learnt: it changes what a student comes to; validation loss rises again (section 3.1.3)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import furthest
from groklab.papers.levi2024.curves import overlaid
from groklab.papers.members import flat
from groklab.papers.parts import calculated as number
from groklab.theory import LinearStudent, loss_at, losses

P = "Levi et al. 2024, section 3.1.3"
F = "follows from the model"
S = "computed from the model by other code"
CASES = {ratio: LinearStudent(ratio, noise=1.0) for ratio in (0.5, 0.9, 1.5)}
STEPS = np.unique(np.concatenate([[0], np.geomspace(1, 100_000, 140)]).round())
SEEDS = range(100, 132)
TIMES = np.array([1e2, 1e3, 1e4])
ADDED = {0.5: (0.3218, 0.952, 1.000), 0.9: (0.4765, 2.332, 6.794)}  # by σ² = 1 to validation loss
SHOWN = (0.5652, 0.5003, 0.5)  # to training loss, λ = 0.5


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return descents on noisy labels, and what theory says of them."""
    return {
        "runs": simulated.carried_out("ratio", CASES, STEPS, seeds=SEEDS),
        "theory": simulated.expected("ratio", CASES, STEPS),
    }


def added(ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """Return what noise of variance 1 adds to both losses after 100, 1,000 and 10,000 steps."""
    noisy, clean = (losses(LinearStudent(ratio, noise=noise), TIMES) for noise in (1.0, 0.0))
    return noisy.train - clean.train, noisy.validation - clean.validation


def off_table() -> float:
    """Return the greatest deviation of what noise adds from a table."""
    both = [furthest(added(ratio)[1], np.array(row)) for ratio, row in ADDED.items()]
    return max(*both, furthest(added(0.5)[0], np.array(SHOWN)))


def late(ratio: float, part: str) -> Quantity:
    """Return the mean of a loss in the end over what theory says."""

    def measure(results: Results) -> Estimate:
        name = f"{part}_loss"
        theory = float(results["theory"][name].sel(ratio=ratio).isel(step=-1))
        return bootstrap(flat(results["runs"][name].sel(ratio=ratio).isel(step=-1)) / theory, np.mean)

    return Quantity(f"mean {part} loss at step 100,000 / theory, λ = {ratio:g}, σ² = 1", measure)


def tolerated(ratio: float) -> float:
    """Return the largest σ² with which 95 % of clean answers come to be right."""
    return float(loss_at(simulated.LEVEL, simulated.TOLERANCE)) * (1 - ratio) / ratio


def turned(results: Results) -> Estimate:
    """Return the last validation loss over the least, λ = 0.9."""
    loss = results["runs"].validation_loss.sel(ratio=0.9)
    return bootstrap(flat(loss.isel(step=-1) / loss.min("step")))


def draw(results: Results) -> Picture:
    """Draw both losses for each λ: theory over all descents."""
    picture, row = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True, layout="constrained")
    for axes, ratio in zip(row, CASES, strict=True):
        overlaid(axes, results, "loss", ratio=ratio)
        axes.set_xscale("symlog", linthresh=1)
        axes.set_yscale("log")
        axes.set_ylim(1e-3, 30)
        axes.set_title(f"λ = {ratio:g}, σ² = 1", loc="left", fontsize=9)
        axes.set_xlabel("step of gradient descent (log scale)")
    row[0].set_ylabel("mean squared error")
    row[0].legend(fontsize=7)
    return picture


CLAIMS = (
    Claim(
        "noise-of-theory",
        "What noise of variance 1 adds to both losses at three times.",
        f"{F}; {S}; 0.1 %",
        number("greatest deviation from a table", off_table),
        at_most(1e-3),
    ),
    Claim(
        "validation-comes-to-its-limit",
        "Of half as many inputs as examples validation loss comes to σ²λ/(1 − λ).",
        f"{F}; eight draws within 1 %; 3 %",
        late(0.5, "validation"),
        between(0.97, 1.03),
    ),
    Claim(
        "training-comes-to-its-limit",
        "Training loss to σ²(1 − λ).",
        f"{F}; 3 %",
        late(0.5, "train"),
        between(0.97, 1.03),
    ),
    Claim(
        "more-inputs-come-to-theirs",
        "Of more inputs than examples validation loss comes to 1 − 1/λ + σ²/(λ − 1).",
        f"{F}; eight draws within 2 %; 5 %",
        late(1.5, "validation"),
        between(0.95, 1.05),
    ),
    Claim(
        "noise-adds-a-constant",
        "Noise adds a constant to validation loss, and leaves the dynamics as they are.",
        f"{P}; 1.05 at most, our tolerance",
        number(
            "what it adds after 10,000 steps / after 100, λ = 0.9", lambda: float(added(0.9)[1][2] / added(0.9)[1][0])
        ),
        between(1 / 1.05, 1.05),
        dict.fromkeys(
            ("laptop", "paper"),
            "It grows fourteenfold: the student learns the noise, the sooner the larger an eigenvalue. It would be a "
            "constant if labels to validate on had noise and those to train on none.",
        ),
    ),
    Claim(
        "validation-loss-turns",
        "So validation loss falls first and rises then.",
        F,
        Quantity("last validation loss / least, λ = 0.9, σ² = 1, the median over draws", turned),
        between(2, 100),
    ),
    Claim(
        "little-noise-is-too-much",
        "All but perfect answers come only with noise of a variance below 0.00003.",
        f"{P}, which says that perfect generalization is impossible for small ε; {S}: 2.9e-5; 1 %",
        number("largest σ² for 95 % at λ = 0.9 / 2.9e-5", lambda: tolerated(0.9) / 2.89e-5),
        between(0.99, 1.01),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
