"""Training as a walk on a reduced landscape (Liu et al. 2023, equation 6)."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import xarray
from jaxtyping import Float

from groklab.errors import InvalidSetting
from groklab.landscapes.critical import ALPHA

FINE = 8  # points of the surface from one point of the landscape to the next
FITTED = 0.05  # a loss of the paper's border: below it a decoder fits, and only decay moves it


class Path(NamedTuple):
    """A walk: when it was where, and whether it arrived."""

    time: Float[np.ndarray, "moments"]
    alpha: Float[np.ndarray, "moments"]
    other: Float[np.ndarray, "moments"]
    arrived: bool


def reduced_flow(
    loss: xarray.DataArray,
    start: tuple[float, float],
    *,
    weight_decay: float,
    until: float,
    rates: tuple[float, float] = (1.0, 1.0),
    fitted: float = FITTED,
    longest: float = 1e6,
) -> Path:
    """Return the walk from `start`, an α and a value of the other setting, until this is at most `until`.

    With α the norm of the decoder in units of the usual one, m the other setting and l̃ the reduced training loss, made
    smooth between its points: dα/dt = −η_D (∂l̃/∂α + γ α), dm/dt = −η_R ∂l̃/∂m, with
    `rates` (η_D, η_R) and γ the `weight_decay`. Losses below `fitted` are taken to be alike: what is left of them
    tells how far their runs were optimized. The walk stays on the map, and breaks off at time `longest`.
    """
    from scipy import integrate  # a third of a second, and reading commands do not need it

    others = [str(name) for name in loss.dims if name != ALPHA]
    if ALPHA not in loss.dims or len(others) != 1:
        raise InvalidSetting(
            f"`loss` must be over alpha and one other setting, got {', '.join(map(str, loss.dims)) or 'no axis'}. "
            "Choose one point of the other axes with .sel()."
        )
    table = loss.transpose(ALPHA, others[0]).sortby([ALPHA, others[0]])
    axes = [table[name].values.astype(float) for name in table.dims]
    slope = _slope(axes, np.maximum(table.values, fitted))
    low, high = np.array([axis[0] for axis in axes]), np.array([axis[-1] for axis in axes])

    def velocity(_: float, place: np.ndarray) -> np.ndarray:
        here = np.clip(place, low, high)
        speed = -np.array(rates) * (slope(here) + np.array([weight_decay * here[0], 0.0]))
        return np.where((place <= low) & (speed < 0) | (place >= high) & (speed > 0), 0.0, speed)

    def distance(_: float, place: np.ndarray) -> float:
        return float(place[1] - until)

    distance.terminal = True  # pyright: ignore[reportFunctionMemberAccess]
    walked = integrate.solve_ivp(velocity, (0, longest), np.array(start), method="LSODA", events=distance, rtol=1e-6)
    return Path(walked.t, walked.y[0], walked.y[1], walked.status == 1)


def _slope(
    axes: Sequence[np.ndarray], losses: Float[np.ndarray, "alphas others"]
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the gradient of a smooth surface through the losses: their logarithms, blurred by an eighth of a cell."""
    from scipy import interpolate, ndimage

    places = [np.arange(FINE * (len(axis) - 1) + 1) / FINE for axis in axes]
    fine = [np.interp(place, np.arange(len(axis)), axis) for place, axis in zip(places, axes, strict=True)]
    bilinear = interpolate.RegularGridInterpolator(axes, np.log(losses))
    drawn = bilinear(np.stack(np.meshgrid(*fine, indexing="ij"), axis=-1))
    surface = interpolate.RectBivariateSpline(fine[0], fine[1], ndimage.gaussian_filter(drawn, 1, mode="nearest"))
    return lambda here: np.exp(surface.ev(*here)) * np.array([surface.ev(*here, dx=1), surface.ev(*here, dy=1)])
