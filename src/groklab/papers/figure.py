"""What a file in a paper's folder holds: runs to make, claims to judge, a picture to draw."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import xarray
from matplotlib.figure import Figure as Picture

from groklab.papers.claims import Claim, Scale
from groklab.store import Run, Store
from groklab.training import Plan, Sweep, decode


@dataclass(frozen=True)
class Results:
    """What the sweeps of a figure gave: a dataset each, by name, and the store their runs lie in."""

    scale: Scale
    data: Mapping[str, xarray.Dataset]
    store: Store
    plans: Mapping[str, Plan]  # by name of run

    def __getitem__(self, name: str) -> xarray.Dataset:
        return self.data[name]

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


class Figure(NamedTuple):
    """A figure of a paper, or a result in its text. It says what to do; `reproduce` does it.

    Settings may be changed: `suits` is given the first plan of each sweep, by name, and raises `InvalidSetting`, before
    they are trained, for runs of which the figure says nothing.
    """

    title: str
    source: str
    sweeps: Callable[[Scale], Mapping[str, Sweep]]
    claims: Sequence[Claim]
    draw: Callable[[Results], Picture]
    setting: Mapping[Scale, str]  # in words, for the ledger
    suits: Callable[[Mapping[str, Plan]], None] = anything


def plans_of(sweeps: Mapping[str, Sweep]) -> list[Plan]:
    """Return the plans of all sweeps, each once."""
    return list({plan.id: plan for sweep in sweeps.values() for plan in sweep.plans()}.values())


def facts(store: Store, plans: Mapping[str, Plan]) -> dict[str, Any]:
    """Return what the runs cost in seconds, and on what hardware and by which version they were made."""
    runs = [store.named(name) for name in plans]
    about = [run.plan() for run in runs]
    return {
        "seconds": round(sum(run.status().get("seconds", 0.0) for run in runs), 3),
        "hardware": _joined(_machine(each["hardware"]) for each in about),
        "commit": _joined(each.get("commit", "") for each in about),
        "resolution": max((plan.record.growth for plan in plans.values()), default=1.0),
    }


def _machine(hardware: Mapping[str, Any]) -> str:
    return f"{hardware['device']} ({hardware['processor']}, {hardware['cores']} cores)"


def _joined(words: Iterator[str]) -> str:
    return ", ".join(sorted({word for word in words if word}))
