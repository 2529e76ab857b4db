"""A run of a paper at both scales, with the seeds it is repeated with, from which sweeps are made."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from groklab.papers.claims import Scale
from groklab.training import Plan, Sweep, sweep_of


class Setup(NamedTuple):
    """A run of a paper, and what stands for it on a laptop.

    Laptop setups are calibrated on seeds below `first_seed`, which are not used again.
    """

    plans: Mapping[Scale, Plan]
    first_seed: int
    seeds: Mapping[Scale, int]

    def sweep(self, scale: Scale, axes: Mapping[str, Any] | None = None, **changes: Any) -> Sweep:
        """Return a sweep over some axes and the seeds of the run, some settings of which are changed first."""
        (plan,) = sweep_of(self.plans[scale], {name: [value] for name, value in changes.items()}).plans()
        first = self.first_seed if scale == "laptop" else 0
        return sweep_of(plan, {**(axes or {}), "seed": range(first, first + self.seeds[scale])})
