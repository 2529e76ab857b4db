"""Grokking without understanding, in ten figures: a linear student of a linear teacher. Half a minute.

Levi, Beck and Bar-Sinai (2024) found a model that groks and can be solved on paper. Each function below draws a figure
and says in a sentence what it shows. Theory is dashed; what is carried out is colored.

python examples/linear_estimator.py [FOLDER]
"""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import groklab as gl
from groklab.plots import style
from groklab.theory import LinearStudent, accuracy, closed_forms, delay, loss_at, losses, marchenko_pastur, plateau

INPUTS, TOLERANCE, LEVEL = 400, 1e-3, 0.95
STEPS = np.unique(np.geomspace(1, 60_000, 120).round())
TRAIN, VALIDATION = style.TRAIN, style.VALIDATION


def descent(ratio: float, *, seed: int = 0, weight_decay: float = 0.0) -> gl.theory.Descent:
    """Draw examples, a teacher and a student, and return gradient descent: all its steps at once."""
    random = np.random.default_rng(seed)
    examples = random.standard_normal((round(INPUTS / ratio), INPUTS))
    teacher, student = (random.standard_normal((INPUTS, 1)) / np.sqrt(2 * INPUTS) for _ in range(2))
    data = gl.theory.DataSet(examples, examples @ teacher, teacher)
    return gl.theory.Descent(data, student, weight_decay=weight_decay)


def the_task(axes: Axes) -> str:
    one, fresh = descent(0.9), np.random.default_rng(1).standard_normal((200, INPUTS))
    for step, color in ((0, "#bbbbbb"), (1000, TRAIN), (60_000, VALIDATION)):
        axes.plot(fresh @ one.data.teacher, fresh @ one.weights(step), ".", color=color, label=f"after {step:,} steps")
    axes.set_xlabel("what the teacher answers to a new example")
    axes.set_ylabel("what the student answers")
    axes.legend()
    return "A teacher answers with a weighted sum of 400 numbers. A student shall find the weights from 444 examples."


def both_losses(axes: Axes) -> str:
    for part, color in (("train", TRAIN), ("validation", VALIDATION)):
        axes.loglog(STEPS, getattr(descent(0.9).losses(STEPS), part), color=color, label=part)
    axes.legend()
    axes.set_ylabel("squared error")
    return "By gradient descent both errors fall, that of new examples later. Nothing is sudden here."


def both_accuracies(axes: Axes) -> str:
    for part, color in (("train", TRAIN), ("validation", VALIDATION)):
        axes.semilogx(STEPS, accuracy(getattr(descent(0.9).losses(STEPS), part), TOLERANCE), color=color)
    axes.set_ylabel("share of answers within ε")
    return "Call an answer right where its squared error is below ε = 0.001, and the same run groks."


def why_a_threshold(axes: Axes) -> str:
    loss = np.geomspace(1e-6, 1, 200)
    axes.semilogx(loss, accuracy(loss, TOLERANCE), color="black")
    axes.axvline(float(loss_at(LEVEL, TOLERANCE)), color=style.MARK, linestyle=":")
    axes.set_xlabel("squared error")
    axes.set_ylabel("share of answers within ε")
    return "Accuracy is a function of the loss: it jumps where the loss passes a quarter of ε (dotted)."


def the_spectrum(axes: Axes) -> str:
    values = np.linspace(1e-4, 4, 2000)
    for ratio, color in ((0.1, "#bbbbbb"), (0.9, "black"), (1.5, TRAIN)):
        axes.plot(values, marchenko_pastur.density(values, ratio), color=color, label=f"λ = {ratio}")
    axes.set_ylim(0, 2)
    axes.set_xlabel("eigenvalue of the covariance of the examples")
    axes.legend()
    return "Each direction is learnt at the speed of its eigenvalue. Near λ = inputs / examples = 1 some are nearly 0."


def theory_over_runs(axes: Axes) -> str:
    for seed in range(4):
        found = descent(0.9, seed=seed).losses(STEPS)
        axes.loglog(STEPS, found.train, color=TRAIN, linewidth=0.7)
        axes.loglog(STEPS, found.validation, color=VALIDATION, linewidth=0.7)
    for values in losses(LinearStudent(0.9), STEPS):
        axes.loglog(STEPS, values, "--", color="black")
    axes.loglog(STEPS, closed_forms.train_loss(0.04 * STEPS, 0.9), ":", color="yellow")
    axes.set_ylabel("squared error")
    return "The mean over that law of eigenvalues is what descents do; training error is a Bessel function (yellow)."


def three_kinds(axes: Axes) -> str:
    for ratio, line in ((0.1, ":"), (0.9, "-"), (1.5, "--")):
        found = losses(LinearStudent(ratio), STEPS)
        axes.semilogx(STEPS, accuracy(found.train, TOLERANCE), line, color=TRAIN)
        axes.semilogx(STEPS, accuracy(found.validation, TOLERANCE), line, color=VALIDATION, label=f"λ = {ratio}")
    axes.legend()
    axes.set_ylabel("share of answers within ε")
    return "With many examples there is no delay; with as many as inputs it groks; with fewer it never generalizes."


def the_delay(axes: Axes) -> str:
    ratios = np.linspace(0.05, 0.97, 40)
    for tolerance, shade in ((1e-2, "#bbbbbb"), (1e-3, "#777777"), (1e-6, "black")):
        axes.semilogy(ratios, delay(ratios, np.array([tolerance]))[:, 0], color=shade, label=f"ε = {tolerance:g}")
    axes.set_xlabel("λ = inputs / examples")
    axes.set_ylabel("delay (steps)")
    axes.legend()
    return "The delay grows a thousandfold towards λ = 1, the more the stricter ε is."


def weight_decay(axes: Axes) -> str:
    decays = np.geomspace(1e-5, 1e-1, 60)
    for ratio, shade in ((0.5, "#bbbbbb"), (0.9, "black")):
        axes.semilogx(decays, accuracy(plateau(ratio, decays).validation, TOLERANCE), color=shade, label=f"λ = {ratio}")
    found = descent(0.9, weight_decay=1e-2).losses(1e6).validation
    axes.plot(1e-2, accuracy(found, TOLERANCE), "o", color=VALIDATION)
    axes.set_xlabel("weight decay γ")
    axes.set_ylabel("share right in the end")
    axes.legend()
    return "A little weight decay changes nothing; more of it keeps the student from ever getting all answers right."


def no_understanding(axes: Axes) -> str:
    one = descent(0.9)
    when = one.times(np.asarray(loss_at(LEVEL, TOLERANCE))).generalized_at
    axes.loglog(STEPS, one.losses(STEPS).validation, color=VALIDATION)
    axes.axvline(float(when), color=style.MARK, linestyle=":")
    axes.set_ylabel("distance from the teacher")
    return "Where accuracy jumps (dotted) nothing happens in the weights: it groks, and nothing was understood."


FIGURES: tuple[Callable[[Axes], str], ...] = (
    the_task,
    both_losses,
    both_accuracies,
    why_a_threshold,
    the_spectrum,
    theory_over_runs,
    three_kinds,
    the_delay,
    weight_decay,
    no_understanding,
)


def main(folder: str = "linear-estimator") -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with style.use():
        for number, figure in enumerate(FIGURES, 1):
            picture, axes = plt.subplots(figsize=(6.4, 4), layout="constrained")
            axes.set_title(figure(axes), fontsize=8, loc="left", wrap=True)
            if not axes.get_xlabel():
                axes.set_xlabel("step of gradient descent")
            place = f"{folder}/{number:02}-{figure.__name__.replace('_', '-')}.png"
            picture.savefig(place)
            plt.close(picture)
            print(f"{place}: {axes.get_title(loc='left')}")


if __name__ == "__main__":
    main(*sys.argv[1:])
