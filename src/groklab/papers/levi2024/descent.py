"""Gradient descent, step by step, is what one eigendecomposition says (equations 4 and 5)."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Quantity, Scale, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.levi2024.simulated import descent
from groklab.papers.setup import Setup
from groklab.plots.style import TRAIN, plain
from groklab.runner import weights_at
from groklab.store import Columns, Run
from groklab.tasks import LinearTeacher
from groklab.theory import DataSet, Descent, LinearStudent
from groklab.training import Plan, Sweep
from groklab.training.presets import LINEAR_TEACHER

P = "Levi et al. 2024, eq. 4 and 5"
DECAYS = (0.0, 0.01)
STANDARD = LINEAR_TEACHER.replace(
    task=LinearTeacher(inputs=200, outputs=2, size=222, validation=100),
    steps=10_000,
    record=LINEAR_TEACHER.record.replace(growth=1.1, snapshots=1e9),
)
SETUP = Setup({"paper": STANDARD, "laptop": STANDARD}, first_seed=100, seeds={"paper": 3, "laptop": 3})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return descents that are made step by step, with weight decay and without."""
    return {"loop": SETUP.sweep(scale, {"weight_decay": [decay / 2 for decay in DECAYS]})}


def off(plan: Plan, run: Run) -> tuple[Columns, Float[np.ndarray, "moments"]]:
    """Return what a run recorded, and how far its training loss is from the formula, relatively, at every moment."""
    task, seen = plan.task, run.metrics()
    assert isinstance(task, LinearTeacher)
    given, (teacher,) = task.examples(seed=plan.seeds.split), task.teacher(seed=plan.seeds.split)
    data = DataSet(given.inputs[: task.size], given.targets[: task.size, 0], teacher)
    begin = np.asarray(weights_at(run, 0)[0], np.float64)
    decay = float(plan.optimizer.weight_decay) * task.outputs  # the paper divides its own by the number of outputs
    formula = Descent(data, begin, learning_rate=float(plan.optimizer.learning_rate), weight_decay=decay)
    return seen, np.abs(seen["train_loss"] / formula.losses(seen["step"]).train - 1)


def apart(results: Results) -> Estimate:
    """Return how far runs are from the formula, the most of any moment, over runs."""
    return bootstrap([off(plan, run)[1].max() for plan, run in results.runs("loop")], np.max)


def identity(results: Results) -> Estimate:
    """Return how far a step's fall of validation loss is from −(4η/d)L + (4η²/d³)|ΣD|², relatively, over data sets."""
    problem, found = LinearStudent(0.9, outputs=2), []
    for seed in (100, 101, 102):
        one = descent(problem, seed, 200)
        for step in (0, 10, 1000):
            now, then = (one.weights(at) - one.data.teacher for at in (step, step + 1))
            answers = one.data.examples @ now
            pull = one.data.examples.T @ answers / len(answers)
            fall = ((then**2).sum() - (now**2).sum()) / 2
            expected = -4 * 0.01 / 2 * (answers**2).mean() + 4 * 0.01**2 / 2**3 * (pull**2).sum()
            found.append(abs(fall / expected - 1))
    return bootstrap(found, np.max)


def draw(results: Results) -> Picture:
    """Draw how far every run is from the formula, step by step."""
    picture, axes = plt.subplots(figsize=(5.6, 3.6), layout="constrained")
    for plan, run in results.runs("loop"):
        seen, distance = off(plan, run)
        axes.plot(seen["step"], distance.clip(1e-17), color=TRAIN, alpha=0.6, linewidth=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain(axes.xaxis)
    axes.set_xlabel("step of gradient descent (log scale)")
    axes.set_ylabel("|loss of the loop / formula − 1|")
    axes.set_title("200 inputs, 222 examples, 2 outputs; 6 runs", loc="left", fontsize=9)
    return picture


CLAIMS = (
    Claim(
        "the-loop-is-the-formula",
        "Losses are those of the eigendirections, each shrinking by a factor a step.",
        f"{P}; measured up to 4e-13; 1e-9",
        Quantity("greatest relative distance of training loss from the formula, over steps and runs", apart),
        at_most(1e-9),
    ),
    Claim(
        "validation-falls-by-training-loss",
        "Validation loss falls in proportion to training loss, up to the square of the rate.",
        "Levi et al. 2024, eq. 21; its discrete form to 1e-10",
        Quantity("greatest relative distance of the fall in a step from its formula, three data sets", identity),
        at_most(1e-10),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
