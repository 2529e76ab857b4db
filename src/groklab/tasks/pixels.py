"""Images whose pixels are mixed with the number that they show (Liu et al. 2023, section 5.2)."""

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from groklab.settings import setting

DARKEST, BRIGHTEST = -0.5, 0.5  # of the images that stand for the digits 0 and 9


def rawness() -> Any:
    """Declare the share m of the pixels in an image."""
    return setting(
        1.0,
        "m, the share of the pixels; the rest is a plain grey that tells the digit, of validation images too",
        at_least=0,
        at_most=1,
        is_later=True,
    )


def mixed(
    images: Float[np.ndarray, "images rows columns"], digits: Int[np.ndarray, "images"], messiness: float
) -> Float[np.ndarray, "images rows columns"]:
    """Return R = m · pixels + (1 − m) · grey, where grey goes evenly from −0.5 for 0 to 0.5 for 9."""
    if messiness == 1:
        return images
    grey = np.linspace(DARKEST, BRIGHTEST, 10, dtype=images.dtype)[digits]
    return (messiness * images + (1 - messiness) * grey[:, None, None]).astype(images.dtype)
