"""Test loss is the sum of three terms of the weights, which grow while the network groks."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.models import NearlyLinear
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.kumar2023.setups import SETUP, lazy
from groklab.runner import weights_at
from groklab.store import Run
from groklab.tasks import PolynomialTeacher
from groklab.theory.polynomial import Terms, terms
from groklab.training import Plan, Sweep, prepare

P = "Kumar et al. 2024"
SAMPLED, AT_ONCE = 1_000_000, 50_000  # fresh inputs
Matrix = Float[np.ndarray, "hidden inputs"]


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the network that groks."""
    return {"runs": SETUP.sweep(scale, None, **lazy(0.5))}


def rows_of(plan: Plan, run: Run) -> tuple[Matrix, Matrix]:
    """Return the weights that a run began with, and those it came to, a row a unit."""
    _, member, _ = prepare(plan)
    start = np.asarray(member.inputs.fixed, np.float64).T
    return start, start + np.asarray(weights_at(run), np.float64).T


def said(plan: Plan, run: Run) -> Terms:
    """Return the three terms in the end."""
    task, model = plan.task, plan.model
    assert isinstance(task, PolynomialTeacher)
    assert isinstance(model, NearlyLinear)
    start, rows = rows_of(plan, run)
    how = {"alpha": float(model.laziness), "curvature": float(model.curvature)}
    return terms(rows, task.teacher(seed=plan.seeds.split), start=start, **how)


def sampled(plan: Plan, run: Run) -> float:
    """Return the squared error on a million fresh inputs."""
    task, model = plan.task, plan.model
    assert isinstance(task, PolynomialTeacher)
    assert isinstance(model, NearlyLinear)
    start, rows = rows_of(plan, run)
    teacher, random = task.teacher(seed=plan.seeds.split), np.random.default_rng(plan.seeds.split)
    total, half = 0.0, float(model.curvature) / 2
    for _ in range(SAMPLED // AT_ONCE):
        inputs = random.standard_normal((AT_ONCE, task.inputs)) / np.sqrt(task.inputs)
        before, after = inputs @ start.T, inputs @ rows.T
        answers = float(model.laziness) * (after + half * after**2 - before - half * before**2).mean(1)
        total += ((answers - (inputs @ teacher) ** 2 / 2) ** 2).sum()
    return total / SAMPLED


def apart(results: Results) -> Estimate:
    """Return how far the sum of the terms is from the error on fresh inputs, relatively, the most over runs."""
    return bootstrap([abs(said(*each).loss / sampled(*each) - 1) for each in results.runs("runs")], np.max)


def grown(results: Results) -> Estimate:
    """Return the norm of the weights in the end over that at first, the median over runs."""
    norms = [[np.linalg.norm(each) for each in rows_of(plan, run)] for plan, run in results.runs("runs")]
    return bootstrap([after / before for before, after in norms])


def draw(results: Results) -> Picture:
    """Draw the three terms of every run beside the error on the examples to validate on."""
    picture, axes = plt.subplots(figsize=(5.6, 3.6), layout="constrained")
    found = [(said(plan, run), float(run.metrics()["validation_loss"][-1])) for plan, run in results.runs("runs")]
    bottom = np.zeros(len(found))
    for name, color in (("power", "#d1495b"), ("alignment", "#1b7f5c"), ("linear", "#8d99ae")):
        values = np.array([getattr(each, name) for each, _ in found])
        axes.bar(np.arange(len(found)), values, 0.5, bottom, color=color, label=name)
        bottom += values
    places = np.arange(len(found))
    axes.hlines([loss for _, loss in found], places - 0.3, places + 0.3, color="black", label="loss on 1,000 others")
    axes.set_xticks(places, [f"seed {seed}" for seed in results["runs"].seed.values])
    axes.set_axisbelow(True)
    axes.set_ylabel("squared error in the end")
    axes.legend(fontsize=8)
    return picture


CLAIMS = (
    Claim(
        "three-terms-are-the-test-loss",
        "The three terms add up to the squared error on inputs that were never shown.",
        f"{P}; 1 %, of which a million inputs leave half uncertain",
        Quantity("greatest relative distance of the sum from the error on fresh inputs", apart),
        at_most(0.01),
    ),
    Claim(
        "the-norm-rises",
        "The norm of the weights rises while it groks.",
        f"{P}; by half, our tolerance",
        Quantity("norm of the weights in the end / at first, the median over runs", grown),
        at_least(1.5),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
