"""When runs memorize and generalize with several weight decays: where the time goes as 1/γ."""

import numpy as np
import xarray
from jaxtyping import Float
from matplotlib.axes import Axes

from groklab.estimates import Estimate, censored_slope
from groklab.papers.members import flat
from groklab.papers.parts import measure
from groklab.plots.against import draw_against
from groklab.plots.style import MARK, TRAIN, VALIDATION, plain


def times(data: xarray.Dataset, name: str) -> Float[np.ndarray, "decays seeds"]:
    """Return a milestone of every run in steps, a row a decay; ∞ where it did not come."""
    return np.asarray(data[name].transpose("weight_decay", "seed").values, float)


@measure("slope of ln(step of {name}) on ln γ")
def slope(data: xarray.Dataset, name: str) -> Estimate:
    """Return how a time goes with the decay: −1 where it is inversely proportional."""
    return censored_slope(np.log(data.weight_decay.values.astype(float)), times(data, name), times(data, "budget"))


def draw_times(axes: Axes, data: xarray.Dataset) -> None:
    """Draw both times of every run against its decay, beside a line ∝ 1/γ through the median of γ · time."""
    for name, color, word in (("memorized_at", TRAIN, "training"), ("generalized_at", VALIDATION, "validation")):
        ceiling = 1.3 * float(data.budget.max())
        draw_against(axes, data.weight_decay.values, times(data, name), label=word, color=color, ceiling=ceiling)
    middle = np.median(flat(data.generalized_at * data.weight_decay))
    if np.isfinite(middle):
        ends = np.array([data.weight_decay.min(), data.weight_decay.max()])
        axes.plot(ends, middle / ends, color=MARK, linewidth=0.8, linestyle="--", label="∝ 1/γ")
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain(axes.xaxis, data.weight_decay.values)
    axes.set_xlabel("weight decay γ (log scale)")
    axes.set_ylabel("optimizer step (log scale)")
    axes.legend()
