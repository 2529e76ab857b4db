"""Three bits of twenty: whether slingshots make a network generalize, or only come along."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, median_time, partly_known
from groklab.papers import quantities, words
from groklab.papers.claims import SCALES, Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, flat, last, milestones_of
from groklab.papers.parts import Part
from groklab.papers.thilak2022 import counting
from groklab.papers.thilak2022.setups import PARITY, P
from groklab.plots import curves
from groklab.plots.style import MARK
from groklab.slingshots import WINDOW, coincidence, slingshots_in
from groklab.training import Sweep

ARMS = {
    "float32": {},
    "float64 loss": {"precision.loss": "float64"},
    "ε = 1e-5": {"epsilon": 1e-5},
    "float32, λ = 0": {"weight_decay": 0.0},
    "float64 loss, λ = 0": {"weight_decay": 0.0, "precision.loss": "float64"},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return parities with and without slingshots, with a little weight decay and with none."""
    return {"runs": PARITY.sweep(scale, {"arm": ARMS})}


def _part(name: str) -> Part:
    return Part("runs", name, arm=name)


WITH, WITHOUT, FREE = _part("float32"), _part("float64 loss"), _part("float32, λ = 0")


def sooner(results: Results) -> Estimate:
    """Return how many times as late runs with slingshots generalize as the same without, run by run."""
    return quantities.ratios(*(flat(part(results).generalized_at) for part in (WITH, WITHOUT)))


def settling(results: Results) -> Estimate:
    """Return how many times as late runs with slingshots settle as the same without, run by run."""
    times = [flat(part(results).settled_at) for part in (WITH, WITHOUT)]
    known = np.isfinite(times[1])
    least = np.minimum(times[0], flat(WITH(results).budget))  # at least so late
    return partly_known(np.where(known, least / np.where(known, times[1], 1), np.nan), 0.0, np.inf)


def by_chance(results: Results) -> Estimate:
    """Return the p-value of generalizing near a spike, against spikes shifted around."""
    runs = [columns_of(run) for run in each(WITH(results))]
    found = [milestones_of(run) for run in each(WITH(results))]
    times = [np.inf if one.generalized_at is None else one.generalized_at for one in found]
    spikes = [[one.spike for one in slingshots_in(columns)] for columns in runs]
    spans = [
        (float(one.memorized_at or 0), float(columns["step"][-1])) for one, columns in zip(found, runs, strict=True)
    ]
    p_value = coincidence(times, spikes, spans, WINDOW * 10)[2]
    return Estimate(p_value, p_value, p_value, len(runs))


def better(results: Results) -> Estimate:
    """Return how much better runs without decay validate in the end in float32 than in float64, run by run."""
    ends = [last(part(results), "validation_accuracy") for part in (FREE, _part("float64 loss, λ = 0"))]
    return bootstrap(ends[0] - ends[1])


def draw(results: Results) -> Picture:
    """Draw accuracy and loss of every arm, and the spikes of the first seed."""
    data: xarray.Dataset = results["runs"]
    picture, rows = plt.subplots(2, data.sizes["arm"], figsize=(13, 5), sharex=True, sharey="row", layout="constrained")
    for column, arm in zip(rows.T, data.arm.values, strict=True):
        members = each(data.sel(arm=arm))
        curves.draw_curves(column[0], [columns_of(run) for run in members], "accuracy")
        curves.draw_curves(column[1], [columns_of(run) for run in members], "loss")
        curves.threshold(column[0])
        when = median_time(flat(data.sel(arm=arm).generalized_at), flat(data.sel(arm=arm).budget)).value
        said = f"generalized at {when:,.0f}" if np.isfinite(when) else "not generalized"
        column[0].set_title(f"{arm}\n{said}", fontsize=9, loc="left")
        for one in slingshots_in(columns_of(members[0])):
            for axes in column:
                axes.axvline(one.spike, color=MARK, linewidth=0.5, linestyle=":")
    for axes in rows[:, 1:].reshape(-1):
        axes.set_ylabel("")
    rows[0, -1].legend(loc="lower left")
    picture.supxlabel("optimizer step (log scale)", fontsize=9)
    seeds = words.counted(data.sizes["seed"], "seed")
    picture.suptitle(
        f"3 of 20 bits, 500 examples: median and range of {seeds}; dotted: slingshots of the first", fontsize=10
    )
    return picture


NO_NEED = "Until the first slingshot, which comes later than most generalize, nothing differs."
CLAIMS = (
    Claim(
        "float32-has-slingshots",
        "In float32 there are slingshots here too.",
        "Wu 2024; most of the seeds",
        counting.share.of(WITH),
        at_least(0.5),
    ),
    Claim(
        "float64-has-none",
        "With the loss in float64 there are none.",
        "Liu et al. 2026; 0 of 5 seeds is an interval up to 0.43",
        counting.share.of(WITHOUT),
        at_most(0.5),
    ),
    Claim(
        "epsilon-has-none",
        "With ε = 1e-5 there are none.",
        f"{P}; 0 of 5",
        counting.share.of(_part("ε = 1e-5")),
        at_most(0.5),
    ),
    Claim(
        "generalizes-without-slingshots",
        "It generalizes with weight decay where there are none.",
        "Gromov 2023, Kumar et al. 2024: they are not necessary",
        quantities.generalized.of(WITHOUT),
        at_least(0.5),
    ),
    Claim(
        "generalizes-sooner-with-slingshots",
        "It generalizes sooner with slingshots.",
        f"{P}: earliest with small ε",
        Quantity("step of generalizing with slingshots / without, run by run", sooner),
        at_most(1),
        dict.fromkeys(SCALES, NO_NEED),
    ),
    Claim(
        "settles-later-with-slingshots",
        "With slingshots it settles later: each throws it off.",
        "our experiment; 1.2 times, our choice",
        Quantity(
            "step of settling with slingshots / without, run by run; those that did not at the last step", settling
        ),
        at_least(1.2),
    ),
    Claim(
        "generalizes-at-a-slingshot",
        "It generalizes at the onset of a slingshot.",
        f"{P}; against spikes shifted around, 5 %",
        Quantity("p-value of generalizing within 500 steps of a spike", by_chance),
        at_most(0.05),
        dict.fromkeys(
            SCALES,
            "It generalizes long before a slingshot, or long after.",
        ),
    ),
    Claim(
        "slingshots-alone-suffice",
        "Without weight decay it generalizes where there are slingshots.",
        f"{P}; most of the seeds",
        quantities.generalized.of(FREE),
        at_least(0.5),
        dict.fromkeys(
            SCALES,
            "It does not within the budget, with slingshots or without.",
        ),
    ),
    Claim(
        "better-in-float32-without-decay",
        "Where nothing else moves them, slingshots lead towards what generalizes.",
        "Wu 2024; not worse, our bound",
        Quantity("last validation accuracy in float32 less that in float64, λ = 0, run by run", better),
        at_least(0),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
