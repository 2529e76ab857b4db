"""At which initial scale the L and the U of reduced losses turn: the critical norm, in units of the usual one."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, partly_known
from groklab.landscapes.reduced import SEED

ALPHA = "alpha"
Curve = Float[np.ndarray, "alphas"]


def critical_alpha(landscape: xarray.Dataset, loss: str = "validation_loss") -> Estimate:
    """Return the α at which a reduced loss is least: the median over seeds of each seed's minimum.

    Between the values of α it is that of the parabola, in ln α and ln loss, through the lowest point and its
    neighbours. Where the lowest point is at an end of the axis, the minimum is unknown: anywhere beyond it.
    """
    scales, curves = _by_seed(landscape, loss)
    low, high = 0.0, np.inf
    return partly_known([_bottom(scales, curve) for curve in curves], low, high)


def least_fitting_alpha(landscape: xarray.Dataset, level: float, loss: str = "train_loss") -> Estimate:
    """Return the least α from which on a reduced loss is below a level, the median over seeds: where the L bends.

    Between two values of α it is where the line in ln α and ln loss passes the level. A loss that is below it at all
    values passed it before the first, one that is above it at the last is taken to pass it nowhere: ∞.
    """
    scales, curves = _by_seed(landscape, loss)
    return partly_known([_bend(scales, curve, level) for curve in curves], 0.0, np.inf)


def _by_seed(landscape: xarray.Dataset, loss: str) -> tuple[Curve, list[Curve]]:
    data = landscape[loss]
    others = [str(name) for name in data.dims if name not in (ALPHA, SEED)]
    if others or ALPHA not in data.dims:
        raise InvalidSetting(
            f"`landscape` must vary alpha alone, and seeds, got {', '.join(map(str, data.dims)) or 'no axis'}. Choose "
            "one point of the other axes with .sel()."
        )
    table = data.expand_dims(SEED) if SEED not in data.dims else data
    ordered = table.sortby(ALPHA).transpose(SEED, ALPHA)
    return ordered[ALPHA].values.astype(float), list(ordered.values.astype(float))


def _bottom(scales: Curve, curve: Curve) -> float:
    at = int(np.argmin(np.nan_to_num(curve, nan=np.inf)))
    if not 0 < at < len(scales) - 1 or not np.isfinite(curve[at - 1 : at + 2]).all():
        return np.nan
    x, y = np.log(scales[at - 1 : at + 2]), np.log(np.maximum(curve[at - 1 : at + 2], np.finfo(float).tiny))
    a, b, _ = np.polyfit(x - x[1], y, 2)
    return float(np.exp(x[1] - b / (2 * a))) if a > 0 else float(scales[at])


def _bend(scales: Curve, curve: Curve, level: float) -> float:
    above = np.flatnonzero(~(curve < level))
    if not len(above):
        return np.nan
    at = above[-1]
    if at == len(scales) - 1:
        return np.inf
    if not np.isfinite(curve[at]):
        return float(scales[at + 1])
    x, y = np.log(scales[at : at + 2]), np.log(np.maximum(curve[at : at + 2], np.finfo(float).tiny))
    return float(np.exp(x[0] + (np.log(level) - y[0]) / (y[1] - y[0]) * (x[1] - x[0])))
