"""Davies et al.'s model of patterns learnt at different speeds, fitted to accuracies that were measured."""

import functools
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.double_descent.davies import SETUP, WIDEST
from groklab.papers.figure import Figure, Results
from groklab.plots.style import TRAIN, VALIDATION
from groklab.store import Run
from groklab.theory.patterns import Fitted, fit, train_accuracy, validation_accuracy
from groklab.training import Plan, Sweep

P = "Davies et al. 2023"
COUNTS = (1, 2, 3)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the widest transformers of steps-and-width."""
    return {"runs": SETUP.sweep(scale, {"width": (WIDEST[scale],)})}


@functools.lru_cache(maxsize=64)
def fitted(plan: Plan, run: Run, count: int) -> Fitted:
    """Return the patterns nearest to a run's accuracies, over the logarithm of steps."""
    seen = run.metrics()
    both = (np.asarray(seen[f"{part}_accuracy"], float) for part in ("train", "validation"))
    return fit(clock(seen["step"]), *both, count=count, chance=chance(plan))


def chance(plan: Plan) -> float:
    """Return the accuracy of a guess."""
    return 1 / plan.task.examples(seed=plan.seeds.split).shape.classes


def clock(steps: np.ndarray) -> np.ndarray:
    """Return the time of the sigmoids: decades of steps, the first ten of which are one."""
    return np.log10(np.asarray(steps, float) + 10)


def over_runs(words: str, number: Callable[[dict[int, Fitted]], float]) -> Quantity:
    """Return the median over runs of a number of their fits by one, two and three patterns."""

    def found(plan: Plan, run: Run) -> float:
        return number({count: fitted(plan, run, count) for count in COUNTS})

    return Quantity(words, lambda results: bootstrap([found(*each) for each in results.runs("runs")]))


def draw(results: Results) -> Picture:
    """Draw the accuracies of every run, and what two and three patterns make of them."""
    runs = list(results.runs("runs"))
    picture, row = plt.subplots(1, len(runs), figsize=(4.6 * len(runs), 3.6), layout="constrained", squeeze=False)
    for axes, (plan, run) in zip(row[0], runs, strict=True):
        seen = run.metrics()
        for part, color in (("train", TRAIN), ("validation", VALIDATION)):
            axes.plot(seen["step"], seen[f"{part}_accuracy"], color=color, linewidth=3, alpha=0.35, label=part)
        for count, style in ((2, "-"), (3, "--")):
            found, times = fitted(plan, run, count).patterns, clock(seen["step"])
            told = train_accuracy(found, times), validation_accuracy(found, times, chance=chance(plan))
            for values, label in zip(told, (f"{count} patterns", None), strict=True):
                axes.plot(seen["step"], values, style, color="black", linewidth=1, label=label)
        axes.set_xscale("log")
        axes.set_xlim(left=1)
        axes.set_xlabel("optimizer step (log scale)")
        axes.set_title(f"seed {plan.seeds.init}", loc="left", fontsize=9)
    row[0, 0].set_ylabel("accuracy")
    row[0, 0].legend(fontsize=8)
    return picture


CLAIMS = (
    Claim(
        "patterns-tell-both-curves",
        "A fast and a slow pattern tell training and validation accuracy.",
        f"{P}, by hand; within a tenth, our tolerance",
        over_runs("root of the mean squared distance, two patterns", lambda fits: fits[2].distance),
        at_most(0.1),
    ),
    Claim(
        "one-does-not",
        "One pattern does not.",
        "our control; half as far again",
        over_runs("distance of one pattern / of two", lambda fits: fits[1].distance / fits[2].distance),
        at_least(1.5),
    ),
    Claim(
        "the-slow-one-generalizes",
        "What the slow pattern tells is right of other data too.",
        f"{P}; 90 %, our tolerance",
        over_runs("worth of the slow of two patterns", lambda fits: fits[2].patterns[-1].generalization),
        at_least(0.9),
    ),
    Claim(
        "the-fast-one-does-not",
        "What the fast pattern tells is right of the training data alone.",
        f"{P}; 20 %, our tolerance",
        over_runs("worth of the fast of two patterns", lambda fits: fits[2].patterns[0].generalization),
        at_most(0.2),
    ),
    Claim(
        "a-third-is-needed",
        "A third, fast and generalizing, brings them far nearer.",
        f"{P}, who draw three; half as far again, our bound",
        over_runs("distance of two patterns / of three", lambda fits: fits[2].distance / fits[3].distance),
        at_least(1.5),
        dict.fromkeys(
            ("laptop", "paper"), "A network of division has no heuristic but 0/b = 0, which is 2 % of the table."
        ),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
