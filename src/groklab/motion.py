"""How weights move: whether they diffuse, or are driven (Millidge 2022)."""

import numpy as np
from jaxtyping import Float, Int

from groklab.errors import InvalidSetting

LEAST_LAGS = 3
LONGEST = 0.5  # of the span: longer lags have few pairs, all of them overlapping


def mean_square_displacement(
    steps: Int[np.ndarray, "seen"], positions: Float[np.ndarray, "seen weights"], lags: int = 12
) -> tuple[Float[np.ndarray, "lags"], Float[np.ndarray, "lags"]]:
    """Return lags τ in steps, and ⟨‖θ(t + τ) − θ(t)‖²⟩ over all pairs of positions about as far apart.

    Pairs are put into `lags` bins of equal ratio, from the shortest gap up to half of the span; a bin without pairs is
    left out. Raise `InvalidSetting` where there are less than four positions.
    """
    if len(steps) < 4:
        raise InvalidSetting(f"`steps` must be at least 4, for displacements between them, got {len(steps)}.")
    positions = np.asarray(positions, float)
    centered = positions - positions.mean(0)
    first, second = np.triu_indices(len(steps), 1)
    products, lengths = centered @ centered.T, np.square(centered).sum(1)
    squares = lengths[first] + lengths[second] - 2 * products[first, second]
    gaps = (steps[second] - steps[first]).astype(float)
    edges = np.geomspace(gaps.min(), max(LONGEST * gaps.max(), gaps.min() * 2), lags + 1)
    place = np.clip(np.searchsorted(edges, gaps, side="right") - 1, 0, lags)  # what is beyond the last edge is left out
    kept = [bin for bin in range(lags) if (place == bin).any()]
    return (
        np.array([np.exp(np.log(gaps[place == bin]).mean()) for bin in kept]),
        np.array([squares[place == bin].mean() for bin in kept]),
    )


def exponent(steps: Int[np.ndarray, "seen"], positions: Float[np.ndarray, "seen weights"]) -> float:
    """Return γ of MSD(τ) ∝ τ^γ: 1 for diffusion, 2 for straight motion, less than 1 where it is confined."""
    gaps, squares = mean_square_displacement(steps, positions)
    if len(gaps) < LEAST_LAGS:
        raise InvalidSetting(
            f"`steps` must be so many that there are {LEAST_LAGS} lags, for a slope over them, got {len(gaps)} of "
            f"{len(steps)} steps. Keep weights more often."
        )
    return float(np.polyfit(np.log(gaps), np.log(np.maximum(squares, np.finfo(float).tiny)), 1)[0])


def drift_share(displacement: float, count: float, squares: float) -> float:
    """Return ρ = ‖Σu‖² / (T · Σ‖u‖²) of T updates u: 1/T for a random walk, 1 for a straight line.

    Given the length of their sum, their number T, and the sum of their squared lengths.
    """
    return displacement**2 / (count * squares)


def sum_of_squares(steps: Int[np.ndarray, "seen"], lengths: Float[np.ndarray, "seen"]) -> float:
    """Return Σ‖u‖² over all updates from the first to the last step, from the lengths of those at some steps.

    Between these ‖u‖² is taken as a straight line.
    """
    every = np.arange(int(steps[0]), int(steps[-1]))
    return float(np.interp(every, steps, np.square(np.asarray(lengths, float))).sum())
