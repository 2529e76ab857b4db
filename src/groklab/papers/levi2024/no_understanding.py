"""Nothing happens in the weights when accuracy jumps: no understanding sets in (section 3.1.4)."""

from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.parts import calculated as number
from groklab.plots.curves import threshold
from groklab.plots.style import MARK, VALIDATION
from groklab.theory import LinearStudent, losses, times

P = "Levi et al. 2024, section 3.1.4"
S = "computed from the paper's formulas by other code"
RATIO = 0.9
CASES = {RATIO: LinearStudent(RATIO)}
STEPS = np.geomspace(100, 60_000, 400)


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return descents, at closely spaced steps."""
    return {"runs": simulated.carried_out("ratio", CASES, STEPS), "theory": simulated.expected("ratio", CASES, STEPS)}


def expected_slope() -> float:
    """Return d ln L / d ln t of validation loss where theory generalizes: −s · training loss / validation loss."""
    step = float(times(CASES[RATIO], simulated.TOLERANCE).generalized_at)
    train, validation = (float(each) for each in losses(CASES[RATIO], step))
    return -0.04 * step * train / validation


def slopes(results: Results) -> tuple[Float[np.ndarray, "seeds steps"], Float[np.ndarray, "seeds"]]:
    """Return the slope of ln L on ln t of every draw, and when each generalizes."""
    runs = results["runs"].sel(ratio=RATIO)
    found = np.gradient(np.log(runs.validation_loss.transpose("seed", "step").values), np.log(STEPS), axis=1)
    return found, runs.generalized_at.values


def at_the_jump(results: Results) -> Estimate:
    """Return the slope where a draw generalizes over −s · training loss / validation loss there, the median."""
    runs = results["runs"].sel(ratio=RATIO)
    ratio = 0.04 * STEPS * runs.train_loss / runs.validation_loss
    found, when = slopes(results)
    own = [
        np.interp(np.log(step), np.log(STEPS), row) / -np.interp(np.log(step), np.log(STEPS), values)
        for step, row, values in zip(when, found, ratio.transpose("seed", "step").values, strict=True)
    ]
    return bootstrap(own)


def kink(results: Results) -> Estimate:
    """Return the greatest change of slope within a tenth of a decade of the jump over the greatest anywhere."""
    found, when = slopes(results)
    change = np.abs(np.gradient(found, np.log(STEPS), axis=1))[:, 2:-2]
    near = np.abs(np.log10(STEPS[None, 2:-2] / when[:, None])) < 0.1
    return bootstrap([row[close].max() / row.max() for row, close in zip(change, near, strict=True)])


def draw(results: Results) -> Picture:
    """Draw accuracy, which jumps, and the distance of the weights from the teacher's, which does not."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    runs, theory = results["runs"].sel(ratio=RATIO), results["theory"].sel(ratio=RATIO)
    left.plot(STEPS, runs.validation_accuracy.transpose("step", "seed"), color=VALIDATION, linewidth=0.6, alpha=0.5)
    left.plot(STEPS, theory.validation_accuracy, "--", color="black", linewidth=1)
    left.set_ylabel("validation accuracy")
    threshold(left, [simulated.LEVEL])
    right.plot(STEPS, runs.validation_loss.transpose("step", "seed"), color=VALIDATION, linewidth=0.6, alpha=0.5)
    right.plot(STEPS, theory.validation_loss, "--", color="black", linewidth=1, label="theory")
    right.set_yscale("log")
    right.set_ylabel("|weights − teacher|²")
    right.legend()
    for axes in (left, right):
        axes.set_xscale("log")
        axes.axvline(float(theory.generalized_at), color=MARK, linewidth=0.8, linestyle=":")
        axes.set_xlabel("step of gradient descent (log scale)")
    left.set_title(f"λ = {RATIO:g}, ε = {simulated.TOLERANCE:g}, eight draws", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "slope-at-the-jump",
        "Where accuracy comes to 95 % the loss falls as a power of time, −3.6.",
        f"{P}; {S}: −3.59; 1 %",
        number("d ln loss / d ln step where theory generalizes", expected_slope),
        between(-3.63, -3.55),
    ),
    Claim(
        "slope-follows-from-the-losses",
        "That slope is −s times training over validation loss, in every draw.",
        f"{P}, eq. 21; 10 %",
        Quantity("slope at the step of generalizing / formula, the median over draws", at_the_jump),
        between(0.9, 1.1),
    ),
    Claim(
        "no-kink-at-the-jump",
        "The distance from the teacher has no kink there: its slope changes more elsewhere.",
        f"{P}; 0.8, our tolerance",
        Quantity("greatest change of slope near the jump / anywhere, the median over draws", kink),
        at_most(0.8),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
