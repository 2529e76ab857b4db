"""Noise in doses, a hundred seeds each: a batch's own hastens generalizing, as much isotropic noise delays it."""

from collections.abc import Mapping

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.papers import quantities, words
from groklab.papers.claims import SCALES, Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.millidge2022.setups import DECAY, NOISY, P
from groklab.papers.parts import Part, measure
from groklab.plots.style import MARK, TRAIN, VALIDATION
from groklab.training import Sweep

BATCHES = (8, 16, 32)
NONE = "none"
DOSES = {
    NONE: {},
    **{f"batches of {size}": {"batch_size": size} for size in BATCHES},
    **{f"isotropic, as of {size}": {"batch_size": size, "batch_noise": "isotropic"} for size in BATCHES},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return every dose without weight decay and with a little."""
    return {
        "plain": NOISY.sweep(scale, {"noise": DOSES}),
        "decayed": NOISY.sweep(scale, {"noise": DOSES}, weight_decay=DECAY),
    }


def delays(data: xarray.Dataset) -> Float[np.ndarray, "runs"]:
    """Return the steps from memorizing to generalizing, run by run; ∞ where it did not, NaN if it never memorized."""
    memorized, generalized = flat(data.memorized_at), flat(data.generalized_at)
    return np.where(np.isfinite(memorized), generalized - np.where(np.isfinite(memorized), memorized, 0), np.nan)


def compared(results: Results, one: str, other: str) -> Estimate:
    """Return the delay with one noise over that with another, run by run: each pair begins alike, on the same split."""
    return quantities.ratios(delays(part(one)(results)), delays(part(other)(results)))


def with_decay(results: Results) -> Estimate:
    """Return the delay with weight decay over that without, both without noise, run by run."""
    return quantities.ratios(delays(part(NONE, "decayed")(results)), delays(part(NONE)(results)))


@measure("standard deviation of the delay / its mean")
def spread(data: xarray.Dataset) -> Estimate:
    """Return the spread of delays: 1 for what comes at any time with equal chance, 0 for what comes at its time."""
    return bootstrap(_all(delays(data)), _relative_spread)


def _all(found: Float[np.ndarray, "runs"]) -> Float[np.ndarray, "runs"]:
    """Return the delays of runs that all came to generalize; raise `InvalidSetting` for survivors."""
    if not np.isfinite(found).all():
        raise InvalidSetting("`steps` must let all runs generalize, to say how their delays spread. Try more steps.")
    return found


def _relative_spread(values: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.std(values, axis=axis) / np.mean(values, axis=axis)


@measure("shortest delay / median")
def shortest(data: xarray.Dataset) -> Estimate:
    """Return the shortest delay over the median one: about 0.01 of a hundred that a blind search ends."""
    return bootstrap(_all(delays(data)), _least_over_median)


def _least_over_median(values: np.ndarray, axis: int = -1) -> np.ndarray:
    return np.min(values, axis=axis) / np.median(values, axis=axis)


def draw(results: Results) -> Picture:
    """Draw the delays of all runs with each dose, and their distribution with one of them."""
    picture, (left, middle, right) = plt.subplots(
        1, 3, figsize=(13, 4), width_ratios=(1.3, 1.3, 1), layout="constrained"
    )
    for axes, name, word in ((left, "plain", "λ = 0"), (middle, "decayed", "with a little weight decay")):
        data, budget = results[name], float(results[name].budget.max())
        for place, noise in enumerate(data.noise.values):
            found = delays(data.sel(noise=noise))
            color = MARK if noise == NONE else VALIDATION if str(noise).startswith("batches") else TRAIN
            across = place + np.linspace(-0.25, 0.25, len(found))
            came = np.isfinite(found)
            axes.scatter(across[came], found[came], s=5, color=color, linewidth=0)
            axes.scatter(across[~came], np.full((~came).sum(), budget), s=9, color=color, linewidth=0, marker="^")
            axes.plot([place - 0.35, place + 0.35], [np.nanmedian(found)] * 2, color="black", linewidth=1)
        axes.set_yscale("log")
        axes.set_xticks(range(data.sizes["noise"]), data.noise.values, rotation=35, ha="right", fontsize=8)
        axes.set_title(f"{word}: steps from memorizing to generalizing", fontsize=9, loc="left")
    left.annotate("△ not within the budget", (0.01, 0.01), xycoords="axes fraction", fontsize=8)
    found = np.sort(delays(part("batches of 8")(results)))
    came = found[np.isfinite(found)]
    if came.size:
        right.step(came, np.arange(1, len(came) + 1) / len(found), color=VALIDATION, label="batches of 8")
        at = np.linspace(0, came.max() * 1.5, 200)
        right.plot(at, 1 - np.exp(-at / came.mean()), color=MARK, linestyle="--", label="blind search")
        right.legend()
    right.set_title("share that has generalized", fontsize=9, loc="left")
    right.set_xlabel("steps since memorizing")
    seeds = words.counted(results["plain"].sizes["seed"], "seed")
    picture.suptitle(f"{words.table(results.first('plain'))}, gradient descent, {seeds}", fontsize=10)
    return picture


def part(noise: str, sweep: str = "plain") -> Part:
    """Return the runs with a noise, without weight decay or of the sweep with it."""
    return Part(sweep, f"noise: {noise}" if sweep == "plain" else f"noise: {noise}, with decay", noise=noise)


def _ratio(one: str, other: str = NONE) -> Quantity:
    return Quantity(
        f"steps from memorizing to generalizing, noise: {one} / {other}, run by run",
        lambda results: compared(results, one, other),
    )


ACHARYA = "Acharya and Dhakal 2026"
CLAIMS = (
    Claim(
        "noise-is-not-needed",
        "Full-batch descent generalizes without any noise.",
        "Gromov 2023, Kumar et al. 2024",
        quantities.generalized.of(part(NONE)),
        at_least(0.5),
    ),
    Claim(
        "noise-of-batches-hastens",
        "The noise of batches hastens it.",
        f"{P}: it is what moves the network; any, our bound",
        _ratio("batches of 8"),
        at_most(1),
    ),
    Claim(
        "more-noise-hastens-more",
        "The stronger it is, the sooner.",
        f"{P}; batches of 8 against 32, any, our bound",
        _ratio("batches of 8", "batches of 32"),
        at_most(1),
    ),
    Claim(
        "isotropic-noise-does-not",
        "As much isotropic noise does not do it: its direction matters.",
        f"{ACHARYA}; not sooner than without noise, our bound",
        _ratio("isotropic, as of 8"),
        at_least(1),
    ),
    Claim(
        "isotropic-noise-hastens",
        "Any noise that diffuses hastens it.",
        f"{P}; sooner than without noise",
        _ratio("isotropic, as of 8"),
        at_most(1),
        dict.fromkeys(SCALES, "Isotropic noise delays it: what counts is the direction of a batch's."),
    ),
    Claim(
        "delays-have-no-memory",
        "A blind search ends at any time with equal chance.",
        f"{P}, read as a blind search: geometric, with a spread of 1; 0.8 to 1.2, our tolerance",
        spread.of(part("batches of 8")),
        between(0.8, 1.2),
        dict.fromkeys(SCALES, "Delays are all alike: it is no search, as Barak et al. 2022 found of parities."),
    ),
    Claim(
        "no-early-successes",
        "None generalizes far sooner than the others.",
        "Barak et al. 2022: no early successes; a third of the median, our choice",
        shortest.of(part("batches of 8")),
        at_least(1 / 3),
    ),
    Claim(
        "decay-hastens",
        "With weight decay full-batch descent generalizes sooner.",
        "our control; any, our bound",
        Quantity("steps from memorizing to generalizing without noise, with decay / without, run by run", with_decay),
        at_most(1),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
