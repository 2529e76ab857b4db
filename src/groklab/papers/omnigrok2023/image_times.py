"""When images are generalized: in time ∝ 1/γ, and with cross-entropy sooner (appendices C and E)."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate
from groklab.objectives import CrossEntropy
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Quantity, at_least, at_most, between
from groklab.papers.figure import Results
from groklab.papers.members import columns_of, each
from groklab.papers.omnigrok2023 import decays
from groklab.papers.parts import Part
from groklab.plots.curves import draw_curves

DECAYS = (0.1, 0.2, 0.4)
DECAYED = Part("decays")
USUAL = Part("cross", "cross-entropy, α = 8", arm="usual")
HUGE = Part("cross", "cross-entropy, huge weights", arm="huge")
P = "Liu et al. 2023, appendices C and E"


def cross(alpha: float, told: float) -> Mapping[str, dict[str, Any]]:
    """Return runs with cross-entropy: of large weights, and of huge ones that generalize when `told` are told."""
    usual = {"alpha": 8.0, "objective": CrossEntropy()}
    return {"usual": usual, "huge": {**usual, "alpha": alpha, "generalized_from": told}}


def less_delayed(results: Results) -> Estimate:
    """Return the delay ratio with cross-entropy over that with squared error, at α = 8 and the least decay."""
    cross = quantities.delay_ratio(USUAL(results))
    squared = quantities.delay_ratio(results.part("decays", weight_decay=DECAYS[0]))
    return quantities.over(cross, squared)


CLAIMS: Sequence[Claim] = (
    Claim(
        "time-goes-as-one-over-decay",
        "The step of generalizing is inversely proportional to the decay.",
        f"{P}: −1 between γ = 0.1 and 1; −1.4 to −0.6, our tolerance",
        decays.slope.of(DECAYED, "generalized_at"),
        between(-1.4, -0.6),
    ),
    Claim(
        "cross-entropy-delays-less",
        "With cross-entropy weights as large are less delayed than with squared error.",
        f"{P}: no delay at α = 8",
        Quantity("generalized_at / memorized_at, cross-entropy / squared error, α = 8", less_delayed),
        at_most(1),
    ),
    Claim(
        "cross-entropy-needs-larger-weights",
        "Much larger ones memorize first with cross-entropy too.",
        f"{P}: at α = 100 a plateau at 0.3 to 0.4, then 0.75; at least 4 times as late, our tolerance",
        quantities.delay_ratio.of(HUGE),
        at_least(4),
    ),
)


def draw(results: Results) -> Picture:
    """Draw both times against the decay, and accuracies with cross-entropy at two initial scales."""
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(12.5, 3.8), layout="constrained")
    decays.draw_times(left, results["decays"])
    for axes, part in ((middle, USUAL), (right, HUGE)):
        draw_curves(axes, [columns_of(run) for run in each(part(results))], "accuracy")
        axes.set_title(part.words, loc="left", fontsize=9)
        axes.set_xlabel("optimizer step (log scale)")
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("decays")]), fontsize=9)
    return picture
