"""The early bump of validation accuracy on division: 0/b = 0 is learnt first, others are forgotten (Davies et al.)."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import bootstrap
from groklab.measures import PartialAccuracies
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.double_descent.davies import PAPER
from groklab.papers.figure import Figure, Results
from groklab.papers.setup import Setup
from groklab.plots.style import MARK, VALIDATION
from groklab.store import Run
from groklab.training import Plan, Sweep

P = "Davies et al. 2023"
WIDE = PAPER.replace(steps=250, measures=(*PAPER.measures, PartialAccuracies(by="answer")))
PLANS: Mapping[Scale, Plan] = {"paper": WIDE, "laptop": WIDE.replace(model=WIDE.model.replace(width=64))}
SETUP = Setup(PLANS, first_seed=100, seeds={"paper": 15, "laptop": 15})
Curve = Float[np.ndarray, "steps"]


class Bump(NamedTuple):
    """Accuracies on pairs to validate on at the steps recorded: on all, on 0/b, and on others over chance."""

    steps: Curve
    every: Curve
    zero: Curve
    rest: Curve
    expected: float  # accuracy if 0/b is known and the rest a guess

    @property
    def top(self) -> int:
        """The place of the greatest accuracy on all."""
        return int(self.every.argmax())


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the first steps of transformers on division modulo 97."""
    return {"runs": SETUP.sweep(scale)}


def bump(plan: Plan, run: Run) -> Bump:
    """Return what a run tells of 0/b and of the rest."""
    examples = plan.task.examples(seed=plan.seeds.split)
    answers = examples.targets[examples.order[examples.train_size : examples.known_size], 0]
    share, chance = float((answers == 0).mean()), 1 / examples.shape.classes
    seen = run.metrics()
    every, zero = (np.asarray(seen[name], float) for name in ("validation_accuracy", "validation_accuracy.0"))
    rest = (every - share * zero) / (1 - share) / chance
    return Bump(np.asarray(seen["step"], float), every, zero, rest, share + (1 - share) * chance)


def over_runs(words: str, number: Callable[[Bump], float]) -> Quantity:
    """Return the median over runs of a number of their bumps."""
    return Quantity(words, lambda results: bootstrap([number(bump(*each)) for each in results.runs("runs")]))


def draw(results: Results) -> Picture:
    """Draw accuracy, on 0/b and on the rest, over the first steps."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for number, found in enumerate(bump(*each) for each in results.runs("runs")):
        label = None if number else "validation accuracy"
        left.plot(found.steps, 100 * found.every, color=VALIDATION, linewidth=1, label=label)
        left.axhline(
            100 * found.expected, color=MARK, linewidth=0.6, linestyle=":", label=None if number else "0/b known"
        )
        right.plot(found.steps, found.zero, color=VALIDATION, linewidth=1, label=None if number else "accuracy on 0/b")
        label = None if number else "on others / chance"
        right.plot(found.steps, found.rest, color="#3d5a80", linewidth=1, label=label)
    right.axhline(1, color=MARK, linewidth=0.6, linestyle=":")
    left.set_ylabel("validation accuracy (%)")
    left.set_ylim(0, 3)
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xlim(left=1)
        axes.set_xlabel("optimizer step (log scale)")
        axes.legend(fontsize=8)
    return picture


CLAIMS = (
    Claim(
        "the-peak-is-zero",
        "At its early peak validation accuracy is that of a network that knows 0/b = 0 and guesses the rest.",
        f"{P}; within a tenth, of which chance makes most",
        over_runs("greatest validation accuracy / that expected", lambda found: found.every.max() / found.expected),
        between(0.9, 1.1),
    ),
    Claim(
        "zero-is-known",
        "There all pairs 0/b that were withheld are right.",
        f"{P}; 99 %",
        over_runs("accuracy on 0/b at the peak", lambda found: float(found.zero[found.top])),
        at_least(0.99),
    ),
    Claim(
        "others-fall-below-chance",
        "Then accuracy on the rest falls below chance.",
        f"{P}; to half of it, our tolerance",
        over_runs(
            "least accuracy on others after the peak / chance", lambda found: float(found.rest[found.top :].min())
        ),
        at_most(0.5),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
