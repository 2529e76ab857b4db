"""Test error falls, rises and falls again over time, where features are learnt at two speeds (epoch-wise)."""

import functools
from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, of_rows
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.double_descent.falls import second_fall
from groklab.papers.figure import Figure, Results, nothing
from groklab.papers.parts import calculated as number
from groklab.plots.style import VALIDATION, plain
from groklab.theory import DataSet, Descent
from groklab.theory.risk import LeastSquares, risk, same_time

P = "Heckel and Yilmaz 2020; computed for this"
STEPS = np.unique(np.geomspace(1, 20_000, 300).round())
FEW = np.unique(np.geomspace(1, 20_000, 60).round())
SLOW = 0.15  # the scale of slow features
SEEDS = range(100, 124)


def blocks(features: int, examples: int, noise: float = 1.0) -> LeastSquares:
    """Return half of the features fast, with signal power 0.2 in all, half slow, with power 1; noise as of 900 for 700.

    Fewer features with more examples and noise have the same risk: of the noise only its share a feature counts.
    """
    half = features // 2
    scales = np.repeat([1.0, SLOW], half)
    power = np.repeat([0.2, 1.0], half) / half
    share = noise / 900 * 700  # what noise adds once everything is learnt
    return LeastSquares(scales, np.sqrt(power) / scales, examples, share * examples / features)


PAPER, MANY_EXAMPLES = blocks(700, 900), blocks(70, 9000)


@functools.cache
def curve(noise: float = 1.0) -> Float[np.ndarray, "steps"]:
    """Return the risk of theory."""
    return risk(blocks(700, 900, noise), STEPS)


def between_steps(low: float, high: float) -> Float[np.ndarray, "some"]:
    """Return the risk of theory between two steps."""
    first, last = np.searchsorted(STEPS, (low, high))
    return curve()[first : last + 1]


def turns() -> float:
    """Return how far the three turns of theory are from the steps 5, 28 and 570, relatively, the most of them."""
    values, found = curve(), []
    for expected, low, high, sign in ((5, 1, 12, 1), (28, 12, 100, -1), (570, 100, 20_000, 1)):
        first, last = np.searchsorted(STEPS, (low, high))
        found.append(abs(STEPS[first + (sign * values[first : last + 1]).argmin()] / expected - 1))
    return float(max(found))


def bump(values: Float[np.ndarray, "steps"]) -> float:
    """Return the greatest rise of a curve above a value before it, up to step 100, as a share."""
    early = values[STEPS <= 100]
    return float((early / np.minimum.accumulate(early)).max() - 1)


def carried_out(problem: LeastSquares, seed: int) -> Float[np.ndarray, "steps"]:
    """Return the risk of gradient descent on data that are drawn."""
    random = np.random.default_rng(seed)
    rates = np.broadcast_to(np.asarray(problem.learning_rate, float), problem.scales.shape)
    features = random.standard_normal((problem.examples, problem.scales.size)) * problem.scales
    labels = features @ problem.weights + np.sqrt(problem.noise) * random.standard_normal(problem.examples)
    # Each feature at its own rate is descent at rate 1/2 · 2 on features times the root of theirs.
    root = np.sqrt(rates)
    data = DataSet(features * root, labels[:, None], (problem.weights / root)[:, None])
    one = Descent(data, np.zeros((problem.scales.size, 1)), learning_rate=0.5)
    wrong = np.concatenate([one.weights(int(step)) for step in FEW], axis=1) * root[:, None] - problem.weights[:, None]
    return (problem.scales[:, None] ** 2 * wrong**2).sum(0)


def calculated(scale: Scale) -> Mapping[str, xarray.Dataset]:
    """Return the risk of descents: of the sizes of the formula, with more examples, and at equal speeds."""
    cases = {"paper": PAPER, "many": MANY_EXAMPLES, "same": same_time(MANY_EXAMPLES)}
    found = [[carried_out(problem, seed) for seed in SEEDS] for problem in cases.values()]
    return {
        "runs": xarray.Dataset(
            {"risk": (("case", "seed", "step"), np.array(found))},
            {"case": list(cases), "seed": [*SEEDS], "step": FEW},
            {"setting": "700 features and 900 examples, or 70 and 9,000, half of them slow; η = 0.1"},
        )
    }


def off(case: str) -> Quantity:
    """Return the greatest distance of mean descents from the formula, as a share of it."""
    problem = {"paper": PAPER, "many": MANY_EXAMPLES}[case]

    def measure(results: Results) -> Estimate:
        ratio = results["runs"].risk.sel(case=case).transpose("seed", "step").values / risk(problem, FEW)
        return of_rows(ratio, lambda drawn: np.abs(drawn.mean(1) - 1).max(-1))

    words = f"{problem.scales.size} features, {problem.examples:,} examples"
    return Quantity(f"greatest relative distance of the mean risk from the formula, {words}", measure)


def falls_again(case: str) -> Quantity:
    """Return by which share the risk of descents falls again after it has risen."""

    def measure(results: Results) -> Estimate:
        curves = results["runs"].risk.sel(case=case).transpose("seed", "step").values
        return bootstrap([second_fall(curve, 1.01) for curve in curves])

    words = {"many": "rates as they are", "same": "slow features at faster rates"}[case]
    return Quantity(f"fall of risk after its first rise, {words}, the median over draws", measure)


def draw(results: Results) -> Picture:
    """Draw the risk of theory and of descents; with less noise; and with rates for each feature."""
    picture, row = plt.subplots(1, 3, figsize=(12, 3.6), sharey=True, layout="constrained")
    shown = (
        ("paper", PAPER, "700 features, 900 examples"),
        ("many", MANY_EXAMPLES, "70 features, 9,000 examples"),
        ("same", same_time(MANY_EXAMPLES), "slow features at faster rates"),
    )
    for axes, (case, problem, words) in zip(row, shown, strict=True):
        runs = results["runs"].risk.sel(case=case)
        axes.plot(FEW, runs.transpose("step", "seed"), color=VALIDATION, linewidth=0.6, alpha=0.5)
        axes.plot(STEPS, risk(problem, STEPS), "--", color="black", linewidth=1, label="formula")
        axes.set_xscale("log")
        plain(axes.xaxis)
        axes.set_xlabel("step of gradient descent (log scale)")
        axes.set_title(words, loc="left", fontsize=9)
    row[0].plot(STEPS, curve(0.5), ":", color="black", linewidth=1, label="formula, half the noise")
    row[0].set_ylabel("risk: squared error on clean labels")
    row[0].set_ylim(0, 3)
    row[0].legend()
    return picture


CLAIMS = (
    Claim(
        "first-descent",
        "Risk falls first, to 1.11 near step 5.",
        f"{P}; 1 %",
        number("least risk up to step 12", lambda: float(between_steps(1, 12).min())),
        between(1.10, 1.12),
    ),
    Claim(
        "ascent",
        "Then it rises, to 1.23 near step 28.",
        f"{P}; 1 %",
        number("greatest risk from step 12 to 100", lambda: float(between_steps(12, 100).max())),
        between(1.22, 1.24),
    ),
    Claim(
        "second-descent",
        "It falls again, to 0.67 near step 570.",
        f"{P}; 1 %",
        number("least risk from step 100 on", lambda: float(between_steps(100, 20_000).min())),
        between(0.66, 0.68),
    ),
    Claim(
        "overfits-in-the-end",
        "Then it climbs, to 0.78 by step 17,000.",
        f"{P}; 1 %",
        number("risk at step 17,000", lambda: float(risk(PAPER, np.array([17_000.0]))[0])),
        between(0.77, 0.79),
    ),
    Claim(
        "at-these-steps",
        "It turns near the steps 5, 28 and 570.",
        f"{P}; a fifth, our tolerance",
        number("greatest relative distance of a turn from its step", turns),
        at_most(0.2),
    ),
    Claim(
        "half-the-noise-has-no-bump",
        "With half of the noise the bump vanishes.",
        f"{P}; 0.1 %, our tolerance",
        number("greatest rise above an earlier risk up to step 100", lambda: bump(curve(0.5))),
        at_most(0.001),
        dict.fromkeys(
            ("laptop", "paper"), "It is 0.4 % high, a thirtieth of what it was, and gone with a little less noise."
        ),
    ),
    Claim(
        "the-formula-holds-of-few-features",
        "Descents have that risk where examples outnumber features by far.",
        "Heckel and Yilmaz 2020; 10 %, our tolerance",
        off("many"),
        at_most(0.1),
    ),
    Claim(
        "the-formula-holds-of-many-features",
        "Descents have it with the formula's own 700 features and 900 examples.",
        f"{P}; 10 %, our tolerance",
        off("paper"),
        at_most(0.1),
        dict.fromkeys(
            ("laptop", "paper"),
            "The formula takes features to be learnt one by one. With nearly as many features as examples these mix "
            "them, and noise is learnt along their least directions.",
        ),
    ),
    Claim(
        "descents-rise-too",
        "Descents fall, rise and fall again.",
        f"{P}: from 1.23 to 0.67, by 46 %; a quarter, our tolerance",
        falls_again("many"),
        at_least(0.25),
    ),
    Claim(
        "equal-speeds-remove-it",
        "If all features are learnt as fast as each other, it falls only once.",
        "Heckel and Yilmaz 2020; 2 %, our tolerance",
        falls_again("same"),
        at_most(0.02),
    ),
)
FIGURE = Figure(nothing, CLAIMS, draw, calculated=calculated)
