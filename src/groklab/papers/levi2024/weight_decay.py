"""A little weight decay changes nothing, more of it lets a student memorize but never generalize (figure 3)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.levi2024 import simulated
from groklab.papers.levi2024.comparisons import delay, times, value
from groklab.papers.levi2024.curves import overlaid
from groklab.papers.members import flat
from groklab.papers.parts import calculated as number
from groklab.plots.curves import threshold
from groklab.plots.style import plain
from groklab.theory import LinearStudent, critical_weight_decay, loss_at, losses, plateau
from groklab.theory import times as theory

P = "Levi et al. 2024, figure 3"
S = "computed from the paper's formulas by other code"
RATIO, NONE, SMALL, SOME, MUCH = 0.9, 0.0, 1e-5, 1e-3, 1e-2
CASES = {decay: LinearStudent(RATIO, decay) for decay in (NONE, SMALL, SOME, MUCH)}
BEYOND = {MUCH: LinearStudent(1.5, MUCH)}
STEPS = np.unique(np.concatenate([[0], np.geomspace(1, 100_000, 160)]).round())


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return descents with several decays, also with more inputs than examples, and what theory says of them."""
    return {
        "runs": simulated.carried_out("weight_decay", CASES, STEPS),
        "theory": simulated.expected("weight_decay", CASES, STEPS),
        "beyond": simulated.carried_out("weight_decay", BEYOND, STEPS),
    }


def unchanged(results: Results) -> Estimate:
    """Return the delay with a little decay over that without, seed by seed."""
    runs = results["runs"]
    return bootstrap(delay(runs.sel(weight_decay=SMALL)) / delay(runs.sel(weight_decay=NONE)))


def left_beyond(results: Results) -> Estimate:
    """Return the mean of what is left of validation loss with more inputs than examples."""
    return bootstrap(flat(results["beyond"].validation_loss.isel(step=-1)), np.mean)


def off_quadrature() -> float:
    """Return how far closed forms of what is left are from the losses after ever so long, the most over λ and γ."""
    apart = []
    for ratio in (0.1, 0.5, 0.9, 1.5):
        for decay in (1e-5, 1e-3, 1e-2, 1e-1):
            found = losses(LinearStudent(ratio, decay), 1e9 / decay)
            apart += [abs(float(a / b) - 1) for a, b in zip(plateau(ratio, decay), found, strict=True)]
    return max(apart)


def over_sixteen(factor: float) -> float:
    """Return what is left of training loss with a small decay over γ²/(`factor` (1 − λ))."""
    return float(plateau(RATIO, SMALL).train * factor * (1 - RATIO) / SMALL**2)


def slowed(outputs: int) -> float:
    """Return the delay with some decay over that with a little, in theory."""
    some, little = (
        float(theory(LinearStudent(RATIO, decay, outputs), simulated.TOLERANCE).delay) for decay in (SOME, SMALL)
    )
    return some / little


def critical(ratio: float) -> float:
    """Return γ_c, where validation loss comes to rest at the one of 95 %."""
    return critical_weight_decay(ratio, float(loss_at(simulated.LEVEL, simulated.TOLERANCE)))


def draw(results: Results) -> Picture:
    """Draw accuracies for three decays, and what is left of validation accuracy over the decay."""
    picture, row = plt.subplots(1, 4, figsize=(14, 3.6), layout="constrained")
    for axes, decay in zip(row, (SMALL, SOME, MUCH), strict=False):
        overlaid(axes, results, "accuracy", weight_decay=decay)
        axes.set_xscale("symlog", linthresh=1)
        axes.set_title(f"γ = {decay:g}", loc="left", fontsize=9)
        axes.set_xlabel("step of gradient descent (log scale)")
        threshold(axes, [simulated.LEVEL])
    row[0].set_ylabel(f"accuracy, λ = {RATIO:g}")
    row[0].legend(fontsize=7)
    _critical(row[-1])
    return picture


def _critical(axes: Axes) -> None:
    ratios = np.linspace(0.02, 0.99, 60)
    axes.plot(ratios, [critical(ratio) for ratio in ratios], color="black")
    axes.set_yscale("log")
    plain(axes.yaxis)
    axes.set_xlabel("λ = inputs / examples")
    axes.set_title("decay from which on it never generalizes", loc="left", fontsize=9)


SAME = ("laptop", "paper")
CLAIMS = (
    Claim(
        "a-little-changes-nothing",
        "With γ = 0.00001 the delay is the one without decay.",
        f"{P}; {S}: 1.0008; 1 %",
        Quantity("delay / delay without decay, the median over seeds", unchanged),
        between(0.99, 1.01),
    ),
    Claim(
        "some-still-groks",
        "With γ = 0.001 it groks when theory says.",
        f"{P}; {S}: step 27,072; four draws 21,929 to 29,631; 20 %",
        times("generalized_at", weight_decay=SOME),
        between(0.8, 1.2),
    ),
    Claim(
        "much-never-generalizes",
        "With γ = 0.01 less than half of other answers are ever right.",
        f"{P}; {S}: 0.382; 0.06",
        value("validation_accuracy", 40_000, weight_decay=MUCH),
        between(0.32, 0.44),
    ),
    Claim(
        "much-still-memorizes",
        "Though it memorizes.",
        f"{P}; about 1",
        value("train_accuracy", 40_000, weight_decay=MUCH),
        at_least(0.99),
    ),
    Claim(
        "closed-forms-of-what-is-left",
        "What decay leaves of both losses is known in closed form.",
        f"Levi et al. 2024, eq. 15; {S}: 1e-10",
        number("greatest relative deviation from quadrature, over λ and γ", off_quadrature),
        at_most(1e-10),
    ),
    Claim(
        "small-decay-leaves-an-eighth",
        "Of training loss a small decay leaves γ²/8(1 − λ).",
        "follows from Levi et al. 2024, eq. 15; 1 %",
        number("what is left / γ²/8(1 − λ), λ = 0.9, γ = 0.00001", lambda: over_sixteen(8)),
        between(0.99, 1.01),
    ),
    Claim(
        "equation-16",
        "Of training loss a small decay leaves γ²/4(1 − λ).",
        "Levi et al. 2024, eq. 16; 5 %, our tolerance",
        number("what is left / γ²/4(1 − λ), λ = 0.9, γ = 0.00001", lambda: over_sixteen(4)),
        between(0.95, 1.05),
        dict.fromkeys(SAME, "It is half of that, as follows from the paper's own equation 15."),
    ),
    Claim(
        "critical-decay",
        "From γ = 0.00166 on a student of λ = 0.9 never generalizes.",
        f"{P} right; {S}: 0.001659; 0.1 %",
        number("critical decay / 0.001659", lambda: critical(RATIO) / 1.659e-3),
        between(0.999, 1.001),
    ),
    Claim(
        "critical-decay-of-half",
        "Of λ = 0.5 from γ = 0.0169 on.",
        f"{P} right; {S}: 0.01694; 0.1 %",
        number("critical decay / 0.01694", lambda: critical(0.5) / 1.694e-2),
        between(0.999, 1.001),
    ),
    Claim(
        "decay-shortens-the-delay",
        "Weight decay shortens the delay.",
        "Levi et al. 2024, section 3.3",
        number("delay with γ = 0.001 / with 0.00001, one output", lambda: slowed(1)),
        at_most(1),
        dict.fromkeys(
            SAME,
            "With one output it is 22 % longer, and grows without bounds towards the critical decay; only with many "
            "outputs, and far from there, it is shorter.",
        ),
    ),
    Claim(
        "with-many-outputs-it-does",
        "With fifty outputs it does so.",
        f"Levi et al. 2024, section 3.3; {S}: 0.99",
        number("delay with γ = 0.001 / with 0.00001, fifty outputs", lambda: slowed(50)),
        at_most(1),
    ),
    Claim(
        "more-inputs-lose-half",
        "With more inputs than examples decay removes half of what is left without it, and no more.",
        "follows from Levi et al. 2024, eq. 15, of which the text says otherwise: 0.1667 for λ = 1.5; 0.025",
        Quantity("mean validation loss at step 100,000, λ = 1.5, γ = 0.01", left_beyond),
        between(0.1417, 0.1917),
    ),
    Claim(
        "accuracy-never-gets-there",
        "Validation accuracy with γ = 0.01 does not rise any more.",
        f"{P}; {S}: 0.382 in the end",
        value("validation_accuracy", 100_000, weight_decay=MUCH),
        between(0.32, 0.44),
    ),
    Claim(
        "without-decay-all-is-right",
        "Without any all answers are right by then.",
        P,
        value("validation_accuracy", 100_000, weight_decay=NONE),
        at_least(0.999),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
