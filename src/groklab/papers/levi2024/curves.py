"""Linear students: few inputs are learnt at once, nearly as many as examples late, more never (figure 1)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers import quantities
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import apart, one, times, value
from groklab.papers.parts import Part
from groklab.plots.curves import threshold
from groklab.plots.style import TRAIN, VALIDATION
from groklab.theory import LinearStudent

P = "Levi et al. 2024, figure 1"
S = "computed from the paper's formulas"
FEW, NEAR, MORE = 0.1, 0.9, 1.5
CASES = {ratio: LinearStudent(ratio) for ratio in (FEW, NEAR, MORE)}
STEPS = np.unique(np.concatenate([[0], np.geomspace(1, 40_000, 160)]).round())
COUNTED = tuple(int(step) for step in STEPS[::8])


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return eight descents for each λ, what theory says of them, and answers that are counted."""
    return {
        "runs": simulated.carried_out("ratio", CASES, STEPS),
        "theory": simulated.expected("ratio", CASES, STEPS),
        "counted": simulated.counted("ratio", CASES, COUNTED),
    }


def miscounted(results: Results) -> Estimate:
    """Return by how much counted shares are off, beyond three standard errors: the most of any step, over seeds."""
    found = []
    for part in ("train", "validation"):
        shares = results["counted"][f"{part}_accuracy"]
        formula = results["runs"][f"{part}_accuracy"].sel(step=list(COUNTED))
        examples = [simulated.examples_for(CASES[ratio], simulated.INPUTS) for ratio in shares.ratio.values]
        number = xarray.DataArray(examples, {"ratio": shares.ratio}) if part == "train" else simulated.FRESH
        error = np.sqrt(formula * (1 - formula) / number)
        found.append((abs(shares - formula) - 3 * error).max(("ratio", "step")).values)
    return bootstrap(np.maximum(*found))


def draw(results: Results) -> Picture:
    """Draw losses and accuracies for each λ: theory over eight descents."""
    picture, rows = plt.subplots(2, 3, figsize=(11, 5.4), sharex=True, sharey="row", layout="constrained")
    for (loss, accuracy), ratio in zip(rows.T, CASES, strict=True):
        for axes, quantity in ((loss, "loss"), (accuracy, "accuracy")):
            overlaid(axes, results, quantity, ratio=ratio)
        loss.set_title(f"λ = {ratio:g}", loc="left", fontsize=9)
        loss.set_yscale("log")
        loss.set_ylim(1e-8, 3)
        accuracy.set_xscale("symlog", linthresh=1)
        accuracy.set_xlabel("step of gradient descent (log scale)")
        threshold(accuracy, [simulated.LEVEL])
    rows[0, 0].set_ylabel("mean squared error")
    rows[1, 0].set_ylabel("accuracy: error within ε = 0.001")
    rows[0, 0].legend(fontsize=7)
    return picture


def overlaid(axes: Axes, results: Results, quantity: str, **at: object) -> None:
    """Draw every descent, thin, and theory over them, dashed."""
    for part, color in (("train", TRAIN), ("validation", VALIDATION)):
        runs, theory = one(results, "runs", **at), one(results, "theory", **at)
        values = runs[f"{part}_{quantity}"].transpose("step", "seed").values
        lines = axes.plot(runs.step, values, color=color, linewidth=0.6, alpha=0.5)
        lines[0].set_label(f"{part}, {values.shape[1]} descents")
        axes.plot(theory.step, theory[f"{part}_{quantity}"], "--", color="black", linewidth=1)
    axes.plot([], [], "--", color="black", linewidth=1, label="theory")


CLAIMS = (
    Claim(
        "few-inputs-memorize-in-time",
        "With a tenth as many inputs as examples it memorizes when theory says.",
        f"{P}; step 271.5, {S}; 5 %",
        times("memorized_at", ratio=FEW),
        between(0.95, 1.05),
    ),
    Claim(
        "few-inputs-generalize-in-time",
        "And generalizes when theory says.",
        f"{P}; step 294.7, {S}; 5 %",
        times("generalized_at", ratio=FEW),
        between(0.95, 1.05),
    ),
    Claim(
        "few-inputs-do-not-grok",
        "There is no delay to speak of.",
        f"{P}; 1.085, {S}; at most 1.2",
        quantities.delay_ratio.of(Part("runs", "λ = 0.1", ratio=FEW)),
        at_most(1.2),
    ),
    Claim(
        "few-inputs-generalize",
        "In the end it generalizes perfectly.",
        f"{P}; 1 at step 1,000, {S}",
        value("validation_accuracy", 1000, ratio=FEW),
        at_least(0.9999),
    ),
    Claim(
        "nearly-as-many-inputs-grok",
        "With nine tenths as many inputs as examples it groks.",
        f"{P}; 9.6, {S}; single draws 7.4 to 11.4; 6 to 15",
        quantities.delay_ratio.of(Part("runs", "λ = 0.9", ratio=NEAR)),
        between(6, 15),
    ),
    Claim(
        "more-inputs-memorize-in-time",
        "With half as many inputs again as examples it memorizes when theory says.",
        f"{P}; step 765, {S}; 10 %",
        times("memorized_at", ratio=MORE),
        between(0.9, 1.1),
    ),
    Claim(
        "more-inputs-never-generalize",
        "Its validation loss stays at 1 − 1/λ.",
        f"{P}; 0.333, {S}; 0.03",
        value("validation_loss", 10_000, ratio=MORE),
        between(0.303, 0.363),
    ),
    Claim(
        "more-inputs-guess",
        "Next to none of its answers to other questions are right.",
        f"{P}; 0.0437, {S}; at most 0.06",
        value("validation_accuracy", 10_000, ratio=MORE),
        at_most(0.06),
    ),
    Claim(
        "accuracy-follows-from-loss",
        "The share of right answers is a function of the loss alone.",
        "Levi et al. 2024, eq. 10; single draws off by 0.003 to 0.055; 0.01 beyond three standard errors",
        Quantity(
            "greatest distance of counted shares from the formula, less three standard errors, over λ, parts and steps",
            miscounted,
        ),
        at_most(0.01),
    ),
    *(
        Claim(
            f"{part}-loss-of-{name}",
            f"{part.capitalize()} loss of a single draw is that of theory.",
            f"Levi et al. 2024, eq. 8; single draws {seen}; {most}",
            apart(part, ratio=ratio),
            at_most(most),
        )
        for name, ratio, part, most, seen in (
            ("few-inputs", FEW, "train", 0.1, "0.03 to 0.07"),
            ("few-inputs", FEW, "validation", 0.1, "0.03 to 0.07"),
            ("nearly-as-many", NEAR, "train", 0.4, "0.07 to 0.31"),
            ("nearly-as-many", NEAR, "validation", 0.4, "0.07 to 0.31"),
            ("more-inputs", MORE, "train", 0.35, "0.05 to 0.26"),
            ("more-inputs", MORE, "validation", 0.05, "0.001 to 0.03"),
        )
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
