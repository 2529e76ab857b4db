"""The four phases of learning images over initial scale and decay (figure 3, and Liu et al. 2022, appendix A)."""

from collections.abc import Sequence

import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate
from groklab.landscapes import PHASES, learning_phases
from groklab.papers import words
from groklab.papers.claims import Claim, at_least
from groklab.papers.figure import Results
from groklab.papers.parts import Part, measure
from groklab.plots.landscape import phase_map
from groklab.training import Plan

ALPHAS = (1.0, 3.0, 8.0)
DECAYS = (0.0, 0.1, 0.3, 1.0, 100.0)  # the last one leaves nothing of the weights
GRID = Part("grid")
P = "Liu et al. 2022, appendices A and J: training above 90 %, test above 60 %; a delay of a hundredth of all steps"


def on_grid(plan: Plan, stop_after: int) -> Plan:
    """Return a run that is read by the thresholds of the four phases, and ends where its phase is known.

    Usual weights may pass the lower threshold of generalizing before the higher one of memorizing: they are given time.
    """
    record = plan.record.replace(memorized_from=0.9, generalized_from=0.6, stop_after=stop_after)
    return plan.replace(record=record)


def most(data: xarray.Dataset) -> xarray.DataArray:
    """Return the number of the phase that most seeds are in, at every point."""
    return learning_phases(data, int(data.budget.max())).argmax("phase")


@measure("phases that most seeds are in, somewhere on the grid")
def phases_seen(data: xarray.Dataset) -> Estimate:
    """Return how many of the four phases there are; one number, of the majority of seeds at each point."""
    count = float(len(set(most(data).values.reshape(-1).tolist())))
    return Estimate(count, count, count, data.sizes["seed"])


@measure("share of seeds in {phase}, α = {alpha:g}, γ = {weight_decay:g}")
def share(data: xarray.Dataset, phase: str, alpha: float, weight_decay: float) -> Estimate:
    """Return how many of the seeds are in a phase at one point."""
    shares = learning_phases(data, int(data.budget.max())).sel(phase=phase, alpha=alpha, weight_decay=weight_decay)
    return Estimate(float(shares), float(shares), float(shares), data.sizes["seed"])


CLAIMS: Sequence[Claim] = (
    Claim("four-phases", "A grid over α and γ shows them.", f"{P}; at least three", phases_seen.of(GRID), at_least(3)),
    Claim(
        "large-weights-grok",
        "Large weights with little decay are in the phase of grokking.",
        f"{P}; all seeds, our choice",
        share.of(GRID, PHASES[2], 8.0, 0.1),
        at_least(1),
    ),
    Claim(
        "without-decay-they-memorize",
        "Without decay they are in that of memorization.",
        f"{P}; all seeds, our choice",
        share.of(GRID, PHASES[1], 8.0, 0.0),
        at_least(1),
    ),
    Claim(
        "usual-weights-comprehend",
        "Weights of the usual size are in that of comprehension.",
        f"{P}; all seeds, our choice",
        share.of(GRID, PHASES[3], 1.0, 0.1),
        at_least(1),
    ),
)


def draw(results: Results) -> Picture:
    """Draw the phase of most seeds at each point, in four colors."""
    picture, axes = plt.subplots(figsize=(6.4, 4.6), layout="constrained")
    data = results["grid"]
    phase_map(axes, learning_phases(data, int(data.budget.max())), "alpha", "weight_decay")
    axes.set_ylabel("weight decay γ")
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("grid")]), fontsize=9)
    return picture
