"""Slingshots (Thilak et al. 2022): the last layer's norm grows until the training loss leaps, again and again.

Found in recorded numbers alone. The paper draws them and gives no rule; this one is ours.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from groklab.errors import InvalidSetting
from groklab.milestones import milestones_in

WINDOW = 50  # recordings
STEEP = 3.0  # times the median slope of the norm's logarithm, from which on it grows
LEAP = 100.0  # times the median loss before, from which on it has leapt
SHIFTS = 1_000
NEEDED = ("head_norm", "train_loss", "train_accuracy")


class Slingshot(NamedTuple):
    """One of them: it begins at `onset`, the loss is greatest at `spike`, and the next one's growth begins at `end`.

    `growth` is that of the logarithm of the norm meanwhile. What is greatest or least is so within a window
    of the spike; `peak_sharpness` is that of updates, NaN where it was not recorded.
    """

    onset: int
    spike: int
    end: int
    growth: float
    peak_loss: float
    peak_sharpness: float
    least_accuracy: float


def slingshots_in(columns: Mapping[str, Any], *, window: int = WINDOW) -> list[Slingshot]:
    """Return the slingshots in what a run recorded after it had memorized, in their order; none where it never did.

    A spike is where the training loss is at least a hundred times its median over the `window` recordings before, and
    an example is wrong. Growth is where the slope of log(head_norm) over the last `window` is above three times the
    median of its size, in the whole record or since the last spike. A slingshot is growth that a spike ends, within a
    window. Raise `InvalidSetting` unless `head_norm` and the training loss and accuracy were recorded.
    """
    seen = _after_memorizing(columns, window, NEEDED)
    leaps = _leaps(seen, window)
    growing = _joined(_is_growing(seen["step"], np.log(seen["head_norm"]), leaps, window), window)
    return [_slingshot(seen, *found, window) for found in _pairs(growing, leaps, len(seen["step"]), window)]


def spikes_in(columns: Mapping[str, Any], *, window: int = WINDOW) -> list[int]:
    """Return the steps at which the training loss leaps after memorizing, whether or not the norm grew before."""
    seen = _after_memorizing(columns, window, NEEDED[1:])
    return [int(seen["step"][_peak(seen, leap)]) for leap in _leaps(seen, window)]


def coincidence(
    times: Sequence[float], spikes: Sequence[Sequence[float]], spans: Sequence[tuple[float, float]], within: float
) -> tuple[float, float, float]:
    """Return the share of runs of which a time is within some steps of a spike, that by chance, and its p-value.

    By chance: with the spikes of each run shifted around its span, from memorizing to its end, a thousand times. Runs
    whose time is infinite have none and do not count; NaN where no run counts.
    """
    source = np.random.default_rng(0)
    rows = []
    for time, each, (begin, end) in zip(times, spikes, spans, strict=True):
        if np.isfinite(time):
            shifts = np.concatenate([[0.0], source.uniform(0, end - begin, SHIFTS)])
            shifted = begin + (np.asarray(each, float)[None] - begin + shifts[:, None]) % (end - begin)
            rows.append((np.abs(shifted - time) <= within).any(1))
    if not rows:
        return np.nan, np.nan, np.nan
    shares = np.mean(rows, axis=0)
    return float(shares[0]), float(shares[1:].mean()), float((shares >= shares[0]).mean())


def _after_memorizing(columns: Mapping[str, Any], window: int, needed: Sequence[str]) -> Mapping[str, np.ndarray]:
    """Return what was recorded after memorizing, as floats; nothing where that is too little to see anything in."""
    for name in needed:
        if name not in columns:
            raise InvalidSetting(f"`measures` must have recorded {name}, for slingshots, got none of it.")
    memorized = milestones_in(columns).memorized_at
    after = np.asarray(columns["step"]) >= (np.inf if memorized is None else memorized)
    for name in needed:  # a run that diverged is looked at up to there
        after &= np.logical_and.accumulate(np.isfinite(np.asarray(columns[name], float)))
    after &= after.sum() > 2 * window
    return {name: np.asarray(column, float)[after] for name, column in columns.items() if name != "run"}


def _leaps(seen: Mapping[str, Any], window: int) -> list[tuple[int, int]]:
    """Return the first and the last place of every spike."""
    loss, accuracy = seen["train_loss"], seen["train_accuracy"]
    if not loss.size:
        return []
    before = np.median(np.lib.stride_tricks.sliding_window_view(loss, window)[:-1], axis=1)
    leaps = (loss[window:] >= LEAP * before) & (accuracy[window:] < 1)
    return _joined(np.concatenate([np.zeros(window, bool), leaps]), window)


def _peak(seen: Mapping[str, Any], leap: tuple[int, int]) -> int:
    return leap[0] + int(np.argmax(seen["train_loss"][leap[0] : leap[1] + 1]))


def _is_growing(
    steps: Float[np.ndarray, "seen"], norm: Float[np.ndarray, "seen"], leaps: Sequence[tuple[int, int]], window: int
) -> Bool[np.ndarray, "seen"]:
    if not steps.size:
        return np.zeros(0, bool)
    slope = np.zeros(len(steps))
    slope[window:] = (norm[window:] - norm[:-window]) / (steps[window:] - steps[:-window])
    usual = np.full(len(steps), np.median(np.abs(slope[window:])))
    for begin, end in itertools.pairwise([window, *(last for _, last in leaps), len(steps)]):
        if end - begin > window:
            usual[begin:end] = np.minimum(usual[begin:end], np.median(np.abs(slope[begin:end])))
    return slope > STEEP * usual


def _joined(holds: Bool[np.ndarray, "seen"], window: int) -> list[tuple[int, int]]:
    """Return the first and the last place of each stretch; those less than a window apart are one."""
    places = np.flatnonzero(holds)
    if not places.size:
        return []
    breaks = np.flatnonzero(np.diff(places) > window)
    firsts, lasts = places[np.r_[0, breaks + 1]], places[np.r_[breaks, places.size - 1]]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _pairs(
    growing: Sequence[tuple[int, int]], leaps: Sequence[tuple[int, int]], size: int, window: int
) -> list[tuple[tuple[int, int], tuple[int, int], int]]:
    """Return the onset and the last place of a growth, the leap that ends it, and where the next growth begins."""
    found = []
    for number, (onset, last) in enumerate(growing):
        ending = [leap for leap in leaps if onset <= leap[0] and abs(last - leap[0]) <= window]
        if ending:
            following = growing[number + 1][0] if number + 1 < len(growing) else size - 1
            found.append(((onset, last), ending[0], following))
    return found


def _slingshot(
    seen: Mapping[str, np.ndarray], growing: tuple[int, int], leap: tuple[int, int], end: int, window: int
) -> Slingshot:
    steps, spike = seen["step"].astype(int), _peak(seen, leap)
    around = slice(max(spike - window, 0), spike + window + 1)
    sharpness = seen.get("update_sharpness", np.full(len(steps), np.nan))[around]
    return Slingshot(
        int(steps[growing[0]]),
        int(steps[spike]),
        int(steps[end]),
        float(np.ptp(np.log(seen["head_norm"][growing[0] : growing[1] + 1]))),
        float(seen["train_loss"][spike]),
        float(np.nanmax(sharpness)) if np.isfinite(sharpness).any() else np.nan,
        float(seen["train_accuracy"][around].min()),
    )
