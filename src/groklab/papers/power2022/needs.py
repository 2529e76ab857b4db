"""How much data it takes to generalize, from a sweep over fractions of a table."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.estimates import Estimate, bounded, difference
from groklab.milestones import THRESHOLD


def best(data: xarray.Dataset) -> xarray.DataArray:
    """Return the best validation accuracy of every run."""
    return data.validation_accuracy.max("step")


def area(data: xarray.Dataset) -> Float[np.ndarray, "seeds"]:
    """Return the best validation accuracy averaged over fractions, for every seed."""
    return np.asarray(best(data).mean("fraction").values, float)


def area_difference(left: xarray.Dataset, right: xarray.Dataset) -> Estimate:
    """Return by how much the mean over fractions and seeds of the best validation accuracy is greater at the left."""
    return difference(area(left), area(right), np.mean)


def needed(data: xarray.Dataset, threshold: float = THRESHOLD) -> Float[np.ndarray, "seeds"]:
    """Return the least fraction at which each seed's best validation accuracy reaches the threshold, else ∞."""
    reached = (best(data) >= threshold).transpose("seed", "fraction").values
    fractions = np.asarray(data.fraction.values, float)
    return np.where(reached, fractions, np.inf).min(axis=1)


def ratio_of_needs(
    ours: Float[np.ndarray, "seeds"], theirs: Float[np.ndarray, "seeds methods"], largest: float
) -> Estimate:
    """Return what one method needs over what others do: medians over seeds, and of the others' over methods.

    A need of ∞ is one of more than `largest`, so that the ratio is known as far as that tells. Both sides are
    resampled, the others by whole seeds.
    """

    def ratio(left: np.ndarray, right: np.ndarray):
        left, right = np.median(left, axis=1), np.median(np.median(right, axis=1), axis=1)
        low, high = np.minimum(left, largest) / right, left / np.minimum(right, largest)
        return np.where(np.isinf(left) & np.isinf(right), np.nan, high), low, high

    return bounded([ours, theirs], ratio)
