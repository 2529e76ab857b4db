"""The four phases of learning over the settings of a sweep (Liu et al. 2022, appendix A)."""

import numpy as np
import xarray

from groklab.landscapes.reduced import SEED

PHASES = ("confusion", "memorization", "grokking", "comprehension")
GAP = 0.01  # of the steps allowed: 10³ of 10⁵ in the paper


def learning_phases(data: xarray.Dataset, steps: int, gap: float = GAP) -> xarray.DataArray:
    """Return the share of seeds in each phase, over `phase` and the axes of a sweep.

    A run that does not memorize is confused; one that does and does not generalize has memorized; one that generalizes
    within `gap` · `steps` of memorizing has comprehended, and one that does so later has grokked. From which accuracies
    on a run has memorized and generalized is a part of its plan; the paper takes 90 %, and 60 % for MNIST.
    """
    has_memorized, has_generalized = np.isfinite(data.memorized_at), np.isfinite(data.generalized_at)
    # Unknown is no delay: a run that never generalized is sorted out before.
    is_prompt = (data.generalized_at - data.memorized_at).where(has_generalized, np.inf) < gap * steps
    phase = xarray.where(has_generalized, xarray.where(is_prompt, 3, 2), 1)
    phase = xarray.where(has_memorized, phase, 0)
    each = xarray.concat([(phase == number).astype(float) for number in range(len(PHASES))], "phase")
    shares = each.mean(SEED) if SEED in each.dims else each
    return shares.assign_coords(phase=list(PHASES))
