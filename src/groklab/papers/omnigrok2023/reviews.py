"""Reviews, real or stand-ins: large weights memorize first, and more data closes the gap (figure 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.landscapes import reduced
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Quantity, at_least, at_most
from groklab.papers.figure import Results
from groklab.papers.members import columns_of, each, flat
from groklab.papers.parts import Part
from groklab.plots.curves import draw_curves, threshold
from groklab.plots.style import TRAIN, VALIDATION, plain
from groklab.runner.landscaping import on_sphere
from groklab.training import Plan

# The paper changes both at once.
ARMS: Mapping[str, dict[str, Any]] = {"large": {}, "usual": {"alpha": 1.0, "weight_decay": 0.0}}
LARGE = Part("arms", "α = 6, decay 1", arm="large")
USUAL = Part("arms", "α = 1, no decay", arm="usual")
P = "Liu et al. 2023, section 4 and figure 4"


def on_map(plan: Plan, steps: int) -> Plan:
    """Return a run that is held to the norm that it begins with, looked at less often: reading all reviews is dear."""
    held = on_sphere(plan)
    optimizer = held.optimizer.replace(learning_rate=1e-3)
    return held.replace(steps=steps, optimizer=optimizer, record=held.record.replace(growth=1.3))


def later(results: Results) -> Estimate:
    """Return how many times later large weights tell other reviews than usual ones."""
    large, usual = (quantities.time(part(results), "generalized_at") for part in (LARGE, USUAL))
    return quantities.over(large, usual)


def fitted_apart(results: Results) -> Estimate:
    """Return how many times later large weights memorize than usual ones."""
    large, usual = (quantities.time(part(results), "memorized_at") for part in (LARGE, USUAL))
    return quantities.over(large, usual)


def gaps(results: Results) -> Estimate:
    """Return the gap between validation and training error with many reviews over that with few, seed by seed.

    It is that of the α where validation error is least with few.
    """
    landscape = reduced(results["map"])
    wrong = {part: 1 - landscape[f"best_{part}_accuracy"] for part in ("train", "validation")}
    few, many = (int(size) for size in landscape["size"].values)
    alpha = float(wrong["validation"].sel(size=few).median("seed").idxmin("alpha"))
    apart = (wrong["validation"] - wrong["train"]).sel(alpha=alpha)
    return bootstrap(flat(apart.sel(size=many)) / flat(apart.sel(size=few)))


CLAIMS: Sequence[Claim] = (
    Claim(
        "large-weights-are-later",
        "Large weights tell reviews that were not shown later than usual ones do.",
        f"{P}: at least 300 and about 100 steps; 3 times as late, our tolerance",
        Quantity("step of generalizing, α = 6 and decay 1 / α = 1 and none", later),
        at_least(3),
    ),
    Claim(
        "they-memorize-no-later",
        "They memorize about as soon.",
        f"{P}: by 150 and 250 steps; less than 3 times as late, our tolerance",
        Quantity("step of memorizing, α = 6 and decay 1 / α = 1 and none", fitted_apart),
        at_most(3),
    ),
    Claim(
        "data-closes-the-gap",
        "With many reviews training and validation error are close: nothing is left to be grokked.",
        f"{P}: within 0.1 of each other with 50,000; less than half the gap with few, our tolerance",
        Quantity("validation less training error, many reviews / few", gaps),
        at_most(0.5),
    ),
)


def draw(results: Results) -> Picture:
    """Draw accuracies of large and of usual weights, and both errors over the norm with few and many reviews."""
    picture, row = plt.subplots(1, 4, figsize=(15, 3.7), layout="constrained")
    for axes, part in zip(row, (LARGE, USUAL), strict=False):
        draw_curves(axes, [columns_of(run) for run in each(part(results))], "accuracy")
        threshold(axes, [float(results.first("arms").record.generalized_from)])
        axes.set_title(part.words, loc="left", fontsize=9)
        axes.set_xlabel("optimizer step (log scale)")
    row[0].legend()
    landscape = reduced(results["map"])
    for axes, size in zip(row[2:], landscape["size"].values, strict=True):
        for name, color in (("train", TRAIN), ("validation", VALIDATION)):
            wrong = 1 - landscape[f"best_{name}_accuracy"].sel(size=size)
            axes.plot(wrong.alpha, wrong.transpose("alpha", "seed"), ".", color=color, alpha=0.4, markersize=4)
            axes.plot(wrong.alpha, wrong.median("seed"), color=color, label=name)
        axes.set_xscale("log")
        plain(axes.xaxis, wrong.alpha.values)
        axes.set_xlabel("initial scale α (log scale)")
        axes.set_title(f"{size:,} reviews", loc="left", fontsize=9)
    row[2].set_ylabel("least error")
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("arms")]), fontsize=9)
    return picture
