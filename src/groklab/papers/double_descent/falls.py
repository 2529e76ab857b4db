"""Whether a curve falls a second time."""

import numpy as np
from jaxtyping import Float


def second_fall(values: Float[np.ndarray, "steps"], rise: float) -> float:
    """Return by which share a curve falls again after it has fallen and risen by a factor; 0 where it does not."""
    risen = np.flatnonzero(values > rise * np.minimum.accumulate(values))
    if not risen.size:
        return 0.0
    later = values[risen[0] :]
    return float((1 - later / np.maximum.accumulate(later)).max())
