"""Runs over theory: the numbers that say how far apart they are."""

import numpy as np
import xarray
from jaxtyping import Float

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Quantity
from groklab.papers.figure import Results
from groklab.papers.members import flat

Numbers = Float[np.ndarray, "..."]


def one(results: Results, name: str, **at: object) -> xarray.Dataset:
    """Return the part of a dataset where some coordinates have a value."""
    return results[name].sel(at)


def times(name: str, **at: object) -> Quantity:
    """Return the mean over seeds of a time over what theory says, `name` as in `memorized_at`."""

    def measure(results: Results) -> Estimate:
        theory = float(one(results, "theory", **at)[name])
        return bootstrap(flat(one(results, "runs", **at)[name]) / theory, np.mean)

    what = {"memorized_at": "memorizing", "generalized_at": "generalizing"}[name]
    return Quantity(f"mean step of {what} / theory{_at(at)}", measure)


def delays(**at: object) -> Quantity:
    """Return the mean over seeds of generalized_at − memorized_at over what theory says."""

    def measure(results: Results) -> Estimate:
        found, theory = (delay(one(results, name, **at)) for name in ("runs", "theory"))
        return bootstrap(found / float(theory[0]), np.mean)

    return Quantity(f"mean delay / theory{_at(at)}", measure)


def delay(data: xarray.Dataset) -> Float[np.ndarray, "runs"]:
    """Return the delays of all runs."""
    return flat(data.generalized_at - data.memorized_at)


def value(name: str, step: float, **at: object) -> Quantity:
    """Return the median over seeds of what was recorded at the last step up to one."""

    def measure(results: Results) -> Estimate:
        return bootstrap(flat(one(results, "runs", **at)[name].sel(step=step, method="pad")))

    return Quantity(f"{name.replace('_', ' ')} at step {step:,.0f}{_at(at)}", measure)


def apart(part: str, **at: object) -> Quantity:
    """Return how far losses are from theory, the greatest |log₁₀| while the loss is above a third of L*, over seeds.

    Beyond, a few of the lowest eigenvalues decide.
    """

    def measure(results: Results) -> Estimate:
        name = f"{part}_loss"
        theory = one(results, "theory", **at)[name].values
        found = one(results, "runs", **at)[name].transpose("seed", "step").values
        counts = theory > float(one(results, "theory", **at).least)
        return bootstrap(np.abs(np.log10(found[:, counts] / theory[counts])).max(1))

    return Quantity(f"greatest distance of {part} loss from theory, in decades, until a third of L*{_at(at)}", measure)


def furthest(found: Numbers, table: Numbers) -> float:
    """Return the greatest relative deviation from a table; what is infinite in both agrees."""
    left, right = np.asarray(found, float), np.asarray(table, float)
    same = np.isinf(left) & np.isinf(right)
    return float(np.max(np.where(same, 0, np.abs(np.where(same, 1, left) / np.where(same, 1, right) - 1))))


def _at(at: dict[str, object]) -> str:
    names = {"ratio": "λ", "weight_decay": "γ", "outputs": "d_out", "alpha": "α", "noise": "σ²"}
    return "".join(f", {names.get(name, name)} = {value:g}" for name, value in at.items())
