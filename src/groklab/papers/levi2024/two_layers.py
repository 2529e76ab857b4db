"""Two layers, linear or with tanh between them, are one layer at another rate (figure 5)."""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.models import BiasFree
from groklab.papers import members, quantities
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, flat
from groklab.papers.parts import Part, measure
from groklab.papers.setup import Setup
from groklab.plots.curves import draw_curves
from groklab.tasks import LinearTeacher
from groklab.theory import loss_at, two_layers
from groklab.training import Sweep
from groklab.training.presets import LINEAR_TEACHER

P = "Levi et al. 2024, section 4 and figure 5"
S = "computed from the paper's formulas by other code"
TOLERANCE, OUTPUTS, EXAMPLES, INPUTS = 1e-4, 5, 1111, 1000
# Descent at a hundred times the paper's rate is the same flow: steps diverge from 13 on.
RATE = 1.0
STANDARD = LINEAR_TEACHER.replace(
    task=LinearTeacher(inputs=INPUTS, outputs=OUTPUTS, hidden=200, size=EXAMPLES, validation=2000),
    model=BiasFree(depth=1, hidden=200),
    objective=LINEAR_TEACHER.objective.replace(tolerance=TOLERANCE),
    optimizer=LINEAR_TEACHER.optimizer.replace(learning_rate=RATE),
    steps=600,
    precision=LINEAR_TEACHER.precision.replace(parameters="float32", products="float32", loss="float32"),
    record=LINEAR_TEACHER.record.replace(growth=1.04),
)
NARROW = STANDARD.replace(task=STANDARD.task.replace(hidden=50), model=STANDARD.model.replace(hidden=50), steps=2_400)
SMALL = STANDARD.replace(
    task=STANDARD.task.replace(inputs=150, hidden=100, size=167),
    model=STANDARD.model.replace(hidden=100),
    optimizer=STANDARD.optimizer.replace(learning_rate=2.0),
    steps=2_000,
)
SETUPS = {
    name: Setup({"paper": plan, "laptop": plan}, first_seed=100, seeds={"paper": 3, "laptop": 3})
    for name, plan in (("wide", STANDARD), ("narrow", NARROW), ("small", SMALL))
}
SLOPES = (1.0, 5.0, 20.0)  # k of tanh(kz)/k
WIDTHS = {"wide": 200, "narrow": 50}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return linear networks of two widths, one with tanh, and small ones with steeper tanh."""
    return {
        "wide": SETUPS["wide"].sweep(scale),
        "narrow": SETUPS["narrow"].sweep(scale),
        "tanh": SETUPS["wide"].sweep(scale, None, **{"task.slope": 1.0, "model.slope": 1.0}),
        "steep": SETUPS["small"].sweep(scale, {"task.slope:model.slope": list(zip(SLOPES, SLOPES, strict=True))}),
    }


def theory(hidden: int) -> two_layers.TwoLayers:
    """Return what decides the losses of theory."""
    return two_layers.TwoLayers(INPUTS / EXAMPLES, hidden, OUTPUTS, learning_rate=RATE)


def apart(sweep: str, part: str) -> Quantity:
    """Return how far a loss is from theory, the greatest |log₁₀| until a third of L*, the median over seeds."""
    hidden = WIDTHS.get(sweep, 200)

    def found(results: Results) -> Estimate:
        least = float(loss_at(0.95, TOLERANCE, OUTPUTS)) / 3
        values = []
        for run in each(results[sweep]):
            seen = columns_of(run)
            expected = getattr(two_layers.frozen_losses(theory(hidden), seen["step"]), part)
            counts = expected > least
            values.append(np.abs(np.log10(seen[f"{part}_loss"][counts] / expected[counts])).max())
        return bootstrap(values)

    words = f"{'tanh' if sweep == 'tanh' else 'linear'}, {hidden} hidden units"
    return Quantity(f"greatest distance of {part} loss from theory, in decades, {words}", found)


@measure("first validation loss · 2 · hidden units · outputs")
def begins(data: xarray.Dataset, hidden: int) -> Estimate:
    """Return the first loss in units of the expected one."""
    return bootstrap(flat(data.validation_loss.isel(step=0)) * 2 * hidden * OUTPUTS)


def tanh_in_time(results: Results) -> Estimate:
    """Return when networks with tanh generalize over when linear ones do, seed by seed."""
    found = flat(results["tanh"].generalized_at) / flat(results["wide"].generalized_at)
    return partly_known(np.where(np.isfinite(found), found, np.nan), 0, np.inf)


def steep(slope: float) -> Part:
    """Return the small networks with one slope of tanh."""
    return Part("steep", f"tanh({slope:g}z)/{slope:g}", **{"model.slope": slope})


@measure("last validation loss")
def last(data: xarray.Dataset) -> Estimate:
    """Return the last validation loss, the median over seeds."""
    return bootstrap(members.last(data, "validation_loss"))


def draw(results: Results) -> Picture:
    """Draw losses of three networks, theory over them, and validation loss with steeper tanh."""
    picture, row = plt.subplots(1, 4, figsize=(14, 3.6), layout="constrained")
    for axes, (sweep, words) in zip(
        row, (("narrow", "linear, 50"), ("wide", "linear, 200"), ("tanh", "tanh, 200")), strict=False
    ):
        runs = [columns_of(run) for run in each(results[sweep])]
        draw_curves(axes, runs, "loss", unit="squared error")
        steps = np.geomspace(1, max(run["step"].max() for run in runs), 100)
        for values in two_layers.frozen_losses(theory(WIDTHS.get(sweep, 200)), steps):
            axes.plot(steps, values, "--", color="black", linewidth=1)
        axes.set_title(f"{words} hidden units", loc="left", fontsize=9)
    row[0].legend()
    palette = plt.colormaps["viridis"].resampled(len(SLOPES) + 1)
    for place, slope in enumerate(SLOPES):
        for number, run in enumerate(map(columns_of, each(steep(slope)(results)))):
            label = None if number else f"tanh({slope:g}z)/{slope:g}"
            row[3].plot(run["step"], run["validation_loss"], color=palette(place), linewidth=1, label=label)
    row[3].set_xscale("log")
    row[3].set_yscale("log")
    row[3].set_title("150 inputs, 100 hidden units: validation loss", loc="left", fontsize=9)
    row[3].legend(fontsize=8)
    for axes in row:
        axes.set_xlabel("step of gradient descent (log scale)")
    return picture


def _agreement() -> Sequence[Claim]:
    networks = (("narrow", "linear-fifty"), ("wide", "linear-two-hundred"), ("tanh", "tanh-two-hundred"))
    return [
        Claim(
            f"{part}-loss-{name}",
            f"{part.capitalize()} loss of two layers is that of one at the rate η/2d².",
            f"{P}; single runs off by 0.02 to 0.12; 0.15",
            apart(sweep, part),
            at_most(0.15),
        )
        for sweep, name in networks
        for part in ("train", "validation")
    ]


CLAIMS = (
    *_agreement(),
    Claim(
        "loss-begins-where-theory-does",
        "The first loss is 1/(2 · hidden units · outputs).",
        f"{P}; 10 %",
        begins.of(Part("wide"), 200),
        between(0.9, 1.1),
    ),
    Claim(
        "the-kernel-is-frozen",
        "The norm of the weights stays as it is.",
        f"{P}, eq. 18; 5 %",
        quantities.norm_left.of(Part("wide")),
        between(0.975, 1.025),
    ),
    Claim(
        "two-layers-grok",
        "With more examples than inputs two layers grok.",
        f"{P}; {S}: 9.2; at least 5",
        quantities.delay_ratio.of(Part("wide")),
        at_least(5),
    ),
    Claim(
        "tanh-is-linear",
        "With tanh a network of the paper's size generalizes when a linear one does.",
        f"{P}; 2 % apart in a small network; 5 %",
        Quantity("step of generalizing with tanh / without, the median over seeds", tanh_in_time),
        between(0.95, 1.05),
    ),
    Claim(
        "a-steep-tanh-is-not",
        "Twenty times as steep, a student no longer finds the teacher.",
        f"{P}: only in some cases; one seed: a floor of 1.0e-4; above L* = 4.5e-5",
        last.of(steep(20.0)),
        at_least(4.5e-5),
    ),
    Claim(
        "a-gentle-tanh-is",
        "As steep as it is, it does.",
        f"{P}; one seed: 5.5e-6; below L* = 4.5e-5",
        last.of(steep(1.0)),
        at_most(4.5e-5),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
