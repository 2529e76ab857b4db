"""How weights move from memorizing to generalizing: whether they diffuse, or are driven."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.motion import drift_share, exponent, mean_square_displacement, sum_of_squares
from groklab.papers import quantities, words
from groklab.papers.claims import SCALES, Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.millidge2022 import dose
from groklab.papers.millidge2022.setups import MOVING, NOISY, P
from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.runner import barrier, positions, straight_line
from groklab.store import Columns, Run
from groklab.training import Sweep

OWN, ISOTROPIC = "batches of 8", "isotropic, as of 8"
LEAST_STEPS = 8  # kept on a way, to see a motion in them
SHOWN = {dose.NONE: MARK, OWN: VALIDATION, ISOTROPIC: TRAIN}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs whose weights are kept, with three kinds of noise, and those of the doses for their delays."""
    return {
        "moving": MOVING.sweep(scale, {"noise": {name: dose.DOSES[name] for name in SHOWN}}),
        "plain": NOISY.sweep(scale, {"noise": dose.DOSES}),
    }


class Way(NamedTuple):
    """The way of one run from memorizing to generalizing, or to its end."""

    steps: np.ndarray
    positions: np.ndarray
    columns: Columns
    run: Run

    @property
    def drift(self) -> float:
        """ρ times the number of updates: 1 for a random walk, their number for a straight line."""
        count = float(self.steps[-1] - self.steps[0])
        squares = sum_of_squares(self.columns["step"], self.columns["update_norm"])
        length = float(np.linalg.norm(self.positions[-1] - self.positions[0]))
        return count * drift_share(length, count, squares)

    def fall(self, name: str) -> float:
        """Return what a number is at the end of the way over what it is at its beginning."""
        return float(self.columns[name][-1] / self.columns[name][0])


def ways(results: Results, noise: str) -> list[Way]:
    """Return the ways of the runs with a noise; those too short to see a motion in are left out."""
    found = []
    for data in each(results["moving"].sel(noise=noise)):
        columns = columns_of(data)
        end = min(float(data.generalized_at), float(columns["step"][-1]))
        within = (columns["step"] >= float(data.memorized_at)) & (columns["step"] <= end)
        _, run = results.run(str(data.run.values))
        steps, placed = positions(run, float(data.memorized_at), end)
        if len(steps) >= LEAST_STEPS:
            found.append(Way(steps, placed, {name: values[within] for name, values in columns.items()}, run))
    return found


def gamma(results: Results, noise: str) -> Estimate:
    """Return the exponent of the mean square displacement over the lag, the median over runs."""
    return bootstrap([exponent(way.steps, way.positions) for way in ways(results, noise)])


def drift(results: Results, noise: str) -> Estimate:
    """Return the drift share times the number of updates, the median over runs."""
    return bootstrap([way.drift for way in ways(results, noise)])


def votes(results: Results) -> dict[str, str]:
    """Return what each test speaks for: diffusive, driven, or neither; how weights move may also be confined."""
    doses = results["plain"]
    without = quantities.generalized(doses.sel(noise=dose.NONE))
    spread, isotropic = dose.spread(doses.sel(noise=OWN)), dose.compared(results, ISOTROPIC, dose.NONE)
    motion, far = gamma(results, OWN), drift(results, OWN)
    return {
        "noise is needed": _vote(without.high < 0.5, without.low > 0.5),
        "delays have no memory": _vote(spread.low <= 1 <= spread.high, spread.high < 0.5),
        "isotropic noise hastens": _vote(isotropic.high < 1, isotropic.low > 1),
        "γ": _moved(motion, 1.25, 1.5),
        "ρT": _moved(far, 3.0, 10.0),
    }


def _vote(diffusive: bool, driven: bool) -> str:
    return "diffusive" if diffusive else "driven" if driven else "neither"


def _moved(found: Estimate, walk: float, driven: float) -> str:
    """Return what a motion is, given up to what it is a random walk, which has 1, and from what it is driven."""
    if found.high < 1 / walk:
        return "confined"
    return _vote(1 / walk <= found.low and found.high <= walk, found.low > driven)


def verdict(results: Results) -> str:
    """Say which of the two it is, by which tests, and with which numbers; of runs that do not allow it, why."""
    try:
        return _verdict(results)
    except InvalidSetting as refusal:
        return f"verdict: none. {refusal}"


def _verdict(results: Results) -> str:
    found, doses = votes(results), results["plain"]
    kinds = set(found.values()) - {"neither", "confined"}
    word = kinds.pop() if len(kinds) == 1 else "mixed"
    numbers = {
        "runs that generalize without noise": quantities.generalized(doses.sel(noise=dose.NONE)),
        "spread of delays / mean (1: blind search)": dose.spread(doses.sel(noise=OWN)),
        "delays with isotropic noise / without": dose.compared(results, ISOTROPIC, dose.NONE),
        "γ (1: diffusion, 2: straight)": gamma(results, OWN),
        "ρT (1: random walk)": drift(results, OWN),
    }
    said = "; ".join(
        f"{name} {number.value:.3g} [{number.low:.3g}, {number.high:.3g}]: {vote}"
        for (name, number), vote in zip(numbers.items(), found.values(), strict=True)
    )
    return f"verdict: {word}. {said}"


def falling(results: Results, name: str) -> Estimate:
    """Return a number where it generalizes over that where it memorized, with batches of 8, the median over runs."""
    return bootstrap([way.fall(name) for way in ways(results, OWN)])


def flat(results: Results) -> Estimate:
    """Return the median share of updates outside the ten sharpest directions, with batches of 8."""
    return bootstrap([1 - np.median(way.columns["update_in_top"]) for way in ways(results, OWN)])


def walls(results: Results) -> Estimate:
    """Return how far training loss rises on the straight line over its value at memorizing, the median over runs."""
    found = []
    for way in ways(results, OWN):
        line = straight_line((way.run, int(way.steps[0])), (way.run, int(way.steps[-1])), points=11)
        found.append(barrier(line) / float(line.train_loss[0]))
    return bootstrap(found)


def draw(results: Results) -> Picture:
    """Draw displacements over lags, and the Hessian's top and trace and the share of flat motion over the way."""
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.8), layout="constrained")
    for noise, color in SHOWN.items():
        found = ways(results, noise)
        for number, way in enumerate(found):
            gaps, squares = mean_square_displacement(way.steps, way.positions)
            label = f"{noise}: γ = {gamma(results, noise).value:.2f}" if number == 0 else None
            left.plot(gaps, squares, color=color, linewidth=0.8, label=label)
            share = (way.columns["step"] - way.steps[0]) / (way.steps[-1] - way.steps[0])
            middle.plot(share, way.columns["hessian_top"] / way.columns["hessian_top"][0], color=color, linewidth=0.6)
            right.plot(share, 1 - way.columns["update_in_top"], color=color, linewidth=0.6)
    left.set_xscale("log")
    left.set_yscale("log")
    left.set_xlabel("lag (steps, log scale)")
    left.set_title("mean square displacement", fontsize=9, loc="left")
    left.legend()
    middle.set_yscale("log")
    middle.set_title("largest eigenvalue of the Hessian / at memorizing", fontsize=9, loc="left")
    right.set_title("share of updates outside the ten sharpest directions", fontsize=9, loc="left")
    for axes in (middle, right):
        axes.set_xlabel("way from memorizing to generalizing")
    seeds = words.counted(results["moving"].sizes["seed"], "seed")
    picture.suptitle(
        f"{words.table(results.first('moving'))}, gradient descent, {seeds}: {_word(results)}", fontsize=10
    )
    return picture


def _word(results: Results) -> str:
    return verdict(results).split(".")[0]


def _of(words: str, measure: Callable[[Results], Estimate]) -> Quantity:
    return Quantity(f"{words}, batches of 8", measure)


CONFINED = (
    "They are held near where they are. An epoch takes each example once, in which noise of batches cancels in part."
)
CLAIMS = (
    Claim(
        "weights-diffuse",
        "Weights diffuse between memorizing and generalizing: their square distance grows in proportion to time.",
        f"{P}; a random walk has 1; 0.8 to 1.25, our tolerance",
        _of("exponent γ of the mean square displacement", lambda results: gamma(results, OWN)),
        between(0.8, 1.25),
        dict.fromkeys(SCALES, CONFINED),
    ),
    Claim(
        "updates-cancel",
        "What moves them is noise: updates mostly cancel.",
        f"{P}; a random walk has 1; from a third to 3, our tolerance",
        _of("drift share ρ times the number of updates", lambda results: drift(results, OWN)),
        between(1 / 3, 3),
        dict.fromkeys(SCALES, CONFINED),
    ),
    Claim(
        "motion-is-along-the-flat",
        "Motion is along the flat directions of the loss.",
        f"{P}; more than half outside the ten sharpest, our choice",
        _of("share of updates outside the ten sharpest directions, median over the way", flat),
        at_least(0.5),
    ),
    Claim(
        "curvature-falls",
        "On the way the loss gets flatter.",
        f"{P}, addendum; any, our bound",
        _of(
            "trace of the Hessian where it generalizes / where it memorized",
            lambda results: falling(results, "hessian_trace"),
        ),
        at_most(1),
        dict.fromkeys(SCALES, "It rises, as in Acharya and Dhakal 2026: what generalizes is not flatter here."),
    ),
    Claim(
        "largest-curvature-falls",
        "And so does its largest curvature.",
        f"{P}, addendum; any, our bound",
        _of(
            "largest eigenvalue of the Hessian where it generalizes / where it memorized",
            lambda results: falling(results, "hessian_top"),
        ),
        at_most(1),
        dict.fromkeys(SCALES, "It rises, as in Acharya and Dhakal 2026: what generalizes is not flatter here."),
    ),
    Claim(
        "no-wall-between",
        "The set of solutions is connected where it matters: no wall on the straight line.",
        f"{P}; a tenth of the loss at memorizing, our tolerance",
        _of("rise of training loss on the straight line between the two / at memorizing", walls),
        at_most(0.1),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw, concludes=verdict)
