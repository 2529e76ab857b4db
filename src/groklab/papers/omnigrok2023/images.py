"""Images, real or stand-ins: the same runs, claims and pictures on either; only sizes and bounds differ."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.landscapes import reduced
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Quantity, at_least, at_most
from groklab.papers.figure import Results
from groklab.papers.members import columns_of, each, flat
from groklab.papers.parts import Part, measure
from groklab.plots.curves import draw_curves, threshold

ARMS: Mapping[str, dict[str, Any]] = {
    "usual": {"alpha": 1.0},
    "large": {},
    "without": {"weight_decay": 0.0},
}
WORDS = {"usual": "α = 1", "large": "large weights", "without": "large weights, no decay"}
USUAL, LARGE, WITHOUT = (Part("arms", word, arm=name) for name, word in WORDS.items())
P = "Liu et al. 2023, section 4 and figure 3"


# Of MNIST without decay, on a seed of the calibration; stand-ins are not trained for as long.
BOUNCES = (
    "From step 5,000 on, long after it has memorized, Adam bounces: training loss rises from 0.00003 to 0.005, and "
    "validation loss falls from then on, at a constant norm. On all images at once, or with ε = 0.0001, it bounces "
    "less and falls more slowly: 22 % and 40 % of other images at step 40,000, instead of 72 %."
)


class Bounds(NamedTuple):
    """What is expected of images, of real ones as the paper says, of stand-ins as calibrated, and why."""

    delay: float  # times as late as memorizing, at least
    left: float  # of the norm at the end, at most
    source: str


@measure("validation accuracy where training accuracy first is 95 %")
def when_memorized(data: xarray.Dataset) -> Estimate:
    """Return validation accuracy at the step of memorizing."""
    return quantities.accuracy_at(data, 1)


def gained(results: Results) -> Estimate:
    """Return by how much decay raises the last validation accuracy of large weights, seed by seed."""
    last = [flat(reduced(part(results)).validation_accuracy) for part in (LARGE, WITHOUT)]
    return bootstrap(last[0] - last[1])


def claims(bounds: Bounds) -> Sequence[Claim]:
    """Return what is claimed of images: what depends on them, and what does not."""
    return (
        Claim(
            "large-weights-grok",
            "Images that were not shown are told far later than those that were.",
            f"{P}; {bounds.source}",
            quantities.delay_ratio.of(LARGE),
            at_least(bounds.delay),
        ),
        Claim(
            "the-norm-shrinks",
            "Meanwhile the norm of the weights shrinks.",
            f"{P}; {bounds.source}",
            quantities.norm_left.of(LARGE),
            at_most(bounds.left),
        ),
        *COMMON,
    )


COMMON = (
    Claim(
        "large-weights-memorize-first",
        "Where large weights have memorized, images that were not shown are still guessed, or little better.",
        f"{P}: 0.18 to 0.25; at most half, our tolerance",
        when_memorized.of(LARGE),
        at_most(0.5),
    ),
    Claim(
        "usual-weights-do-not",
        "Weights of the usual size generalize when they memorize.",
        f"{P}; at most 1.5 times as late, our choice",
        quantities.delay_ratio.of(USUAL),
        at_most(1.5),
    ),
    Claim(
        "without-decay-never",
        "Without decay large weights do not generalize.",
        f"{P}; below half, our choice",
        quantities.best.of(WITHOUT),
        at_most(0.5),
        {"paper": BOUNCES},
    ),
    Claim(
        "decay-is-what-helps",
        "Decay alone makes the difference.",
        f"{P}; 30 points, our choice",
        Quantity("last validation accuracy with decay less that without, large weights", gained),
        at_least(0.3),
        {"paper": BOUNCES},
    ),
)


def draw(results: Results) -> Picture:
    """Draw accuracy, and the norm beneath it, of each kind of initial weights."""
    picture, rows = plt.subplots(2, 3, figsize=(11, 5.2), sharex=True, sharey="row", layout="constrained")
    for column, part in zip(rows.T, (LARGE, WITHOUT, USUAL), strict=True):
        runs = [columns_of(run) for run in each(part(results))]
        draw_curves(column[0], runs, "accuracy")
        threshold(column[0], [float(results.first("arms").record.generalized_from)])
        for run in runs:
            column[1].plot(run["step"], run["weight_norm"], color="#555555", linewidth=1)
        column[0].set_title(part.words, loc="left", fontsize=9)
        column[1].set_xlabel("optimizer step (log scale)")
        column[1].set_ylim(bottom=0)
    rows[1, 0].set_ylabel("norm of all weights")
    for axes in rows[:, 1:].reshape(-1):
        axes.set_ylabel("")
    rows[0, 0].legend()
    seeds = words.counted(results["arms"].sizes["seed"], "seed")
    plans = [plan for plan, _ in results.runs("arms")]
    picture.suptitle(f"{words.described(*plans)}: median and range of {seeds}", fontsize=9)
    return picture
