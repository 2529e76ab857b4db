"""What a file in a paper's folder holds: runs to make, claims to judge, a picture to draw."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import xarray
from matplotlib.figure import Figure as Picture

from groklab.papers.claims import Claim, Scale
from groklab.store import Run, Store
from groklab.training import Plan, Sweep, decode


@dataclass(frozen=True)
class Results:
    """What a figure's sweeps and calculations gave: a dataset each, by name, and the store that the runs lie in."""

    scale: Scale
    data: Mapping[str, xarray.Dataset]
    store: Store
    plans: Mapping[str, Plan]  # by name of run
    seconds: float = 0.0  # that calculations took

    def __getitem__(self, name: str) -> xarray.Dataset:
        return self.data[name]

    def part(self, name: str, **at: Any) -> xarray.Dataset:
        """Return the runs of a sweep at which some settings have one value; a dict of values has one for each scale."""
        data = self.data[name]
        for setting, value in at.items():
            wanted = value[self.scale] if isinstance(value, dict) else value
            (dimension,) = data[setting].dims
            (place,) = np.flatnonzero(data[setting].values == wanted)
            data = data.isel({dimension: place})
        return data

    def runs(self, name: str) -> Iterator[tuple[Plan, Run]]:
        """Yield the plan and the run of every point of a sweep, in order."""
        for run in self.data[name].run.values.reshape(-1):
            yield self.run(str(run))

    def first(self, name: str) -> Plan:
        """Return the plan of the first point of a sweep."""
        return decode(json.loads(self.data[name].attrs["plan"]))

    def run(self, name: str) -> tuple[Plan, Run]:
        """Return the plan and the run of a name in the store."""
        return self.plans[name], self.store.named(name)


def anything(plans: Mapping[str, Plan]) -> None:
    """Refuse no runs."""


def nothing(scale: Scale) -> Mapping[str, Any]:
    """Train, or calculate, nothing."""
    return {}


def unsaid(results: Results) -> str:
    """Conclude nothing beyond the claims."""
    return ""


class Figure(NamedTuple):
    """A figure of a paper, or a result in its text. It says what to do; `reproduce` does it.

    Settings may be changed: `require` is given the first plan of each sweep, by name, and raises `InvalidSetting`,
    before they are trained, for runs of which the figure says nothing. What is `calculated` without training stands
    beside the datasets of the sweeps, also in form, and says in `attrs["setting"]` what it is about. What a figure
    `concludes` from several numbers together is a sentence, which is printed with its verdicts.
    """

    sweeps: Callable[[Scale], Mapping[str, Sweep]]
    claims: Sequence[Claim]
    draw: Callable[[Results], Picture]
    require: Callable[[Mapping[str, Plan]], None] = anything
    calculated: Callable[[Scale], Mapping[str, xarray.Dataset]] = nothing
    concludes: Callable[[Results], str] = unsaid


def plans_of(sweeps: Mapping[str, Sweep]) -> list[Plan]:
    """Return the plans of all sweeps, each once."""
    return list({plan.id: plan for sweep in sweeps.values() for plan in sweep.plans()}.values())
