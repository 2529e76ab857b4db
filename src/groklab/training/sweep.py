"""A sweep: one plan with named axes."""

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from groklab.errors import InvalidSetting
from groklab.training.forks import fork
from groklab.training.overrides import canonical, overridden
from groklab.training.plan import Plan
from groklab.training.presets import plan_named
from groklab.training.values import number

WHOLE = re.compile(r"[0-9]{1,12}")
NUMBER = r"([0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?)"
BETWEEN = re.compile(rf"{NUMBER}\.\.{NUMBER}/([0-9]{{1,6}})((?:log)?)")  # 0.1..10/11log
MOST_RUNS = 100_000  # of a sweep: each has a plan and a folder
ZIP = ":"  # joins the names of settings that vary together, and their values


class Axis(NamedTuple):
    """One dimension of a sweep: at each point some settings change, and a label tells the points apart."""

    name: str
    labels: tuple[Any, ...]
    points: tuple[dict[str, Any], ...]

    @property
    def coordinates(self) -> dict[str, list[Any]]:
        """The values of every setting along the axis, by name; those of zipped settings stand beside each other."""
        if ZIP not in self.name:
            return {self.name: [shown(label) for label in self.labels]}
        return {name: [shown(point[name]) for point in self.points] for name in self.name.split(ZIP)}


class Sweep(NamedTuple):
    """A plan and the axes along which it varies; what is `fixed` is changed at every point.

    Along the last axis of a sweep of forks the changes come `at` a step, or a moment, of the runs of the other axes.
    """

    plan: Plan
    axes: tuple[Axis, ...] = ()
    fixed: Mapping[str, Any] = {}
    at: int | str | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of points along each axis."""
        return tuple(len(axis.points) for axis in self.axes)

    @property
    def first(self) -> Plan:
        """The plan of the first point."""
        return self._plan([axis.points[0] for axis in self.axes])

    def plans(self) -> list[Plan]:
        """Return the plan of every point, the last axis turning fastest."""
        return [self._plan(points) for points in itertools.product(*(axis.points for axis in self.axes))]

    def _plan(self, points: Sequence[Mapping[str, Any]]) -> Plan:
        if self.at is not None:
            return fork(self._changed(points[:-1]), self.at, **points[-1])
        return self._changed(points)

    def _changed(self, points: Sequence[Mapping[str, Any]]) -> Plan:
        return overridden(self.plan, [change for point in (self.fixed, *points) for change in point.items()])


def sweep_of(plan: Plan, axes: Mapping[str, Any]) -> Sweep:
    """Return a sweep over named axes.

    An axis is a setting's name with its values: `fraction=[0.3, 0.5]`; or names joined by a colon, which vary together,
    with tuples of values: `{"fraction:weight_decay": [(0.3, 1.0), (0.5, 0.3)]}`; or a name of your own, with
    a label for each point and what it changes: `arm={"adam": {"weight_decay": 0.0}, "adamw": {}}`.
    """
    found = tuple(_axis(name, values) for name, values in axes.items())
    _refuse_many(math.prod(len(axis.points) for axis in found))
    return Sweep(plan, found)


def forks_of(sweep: Sweep, at: int | str, name: str, changes: Mapping[str, Mapping[str, Any]]) -> Sweep:
    """Return a sweep with one more axis: forks of every run at a step, or memorized or generalized, under a label each.

    A label's changes are those of `fork`, `reset` and `scale` among them; none go on as before.
    """
    return sweep._replace(axes=(*sweep.axes, _axis(name, changes)), at=at)


def sweep_from(task: str | Plan | None, overrides: Sequence[str]) -> Sweep:
    """Return the sweep that a task's name, or a plan, and overrides describe: `fraction=0.4 weight_decay=0.3,1,3`.

    Several values are spelt `a,b`, whole ones `0..4`, and those between two ends `0.2..0.8/4`, or `0.1..10/11log` where
    they shall be even on a log scale.
    """
    plan = task if isinstance(task, Plan) else Plan() if task is None else plan_named(task)
    given = [axis_from(text) for text in overrides]
    axes = dict(given)
    varied = {name: values for name, values in axes.items() if len(values) > 1}
    # Kept apart from the plan, since a kind along an axis would undo them.
    points = [_point(name, values[0]) for name, values in axes.items() if name not in varied]
    fixed = {name: value for point in points for name, value in point.items()}
    grid = sweep_of(plan, varied)._replace(fixed=fixed)
    parts = [part for name, _ in given for part in name.split(ZIP)]
    refuse_same((part, _meant(grid.first, part)) for part in parts)
    grid.plans()  # refuses what is wrong before anything is trained
    return grid


def axis_from(text: str) -> tuple[str, list[Any]]:
    """Split `name=a,b`, `name=0..4` or `one:two=a:b,c:d` into the name and its values, still as text."""
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise InvalidSetting(f"`{text}` must have the form name=value, for example fraction=0.4.")
    pieces = [each for piece in value.split(",") for each in _values(name, piece)]
    return name, [tuple(piece.split(ZIP)) for piece in pieces] if ZIP in name else pieces


def shown(value: Any) -> Any:
    """Return a coordinate: a number where text spells one, a word for what is neither."""
    if isinstance(value, str):
        return number(value)
    return value if isinstance(value, bool | int | float) else getattr(value, "name", type(value).__name__)


def _axis(name: str, values: Any) -> Axis:
    if isinstance(values, Mapping):
        axis = Axis(name, tuple(values), tuple(dict(point) for point in values.values()))
    else:
        labels = tuple(value.item() if isinstance(value, np.generic) else value for value in _listed(name, values))
        axis = Axis(name, labels, tuple(_point(name, label) for label in labels))
    if not axis.points:
        raise InvalidSetting(f"`{name}` must have at least one value, got none.")
    _refuse_twins(axis)
    return axis


def _refuse_twins(axis: Axis) -> None:
    """Raise where two points are the same: the one run of both would count twice."""
    seen: list[dict[str, Any]] = []
    for label, point in zip(axis.labels, axis.points, strict=True):
        read = {name: shown(value) if isinstance(value, str) else value for name, value in point.items()}
        if read in seen:
            twin = axis.labels[seen.index(read)]
            raise InvalidSetting(
                f"`{axis.name}` must not have the same point twice, got {_spelt(twin)} and {_spelt(label)}. "
                "Leave one of them out."
            )
        seen.append(read)


def _spelt(label: Any) -> str:
    if isinstance(label, tuple):
        return ZIP.join(map(_spelt, label))
    return label if isinstance(label, str) else str(shown(label))


def _listed(name: str, values: Any) -> Iterable[Any]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidSetting(f"`{name}` must be a list of values, got {values!r}. Try {name}=[{values!r}].")
    return values


def _point(name: str, label: Any) -> dict[str, Any]:
    if ZIP not in name:
        return {name: label}
    names = name.split(ZIP)
    if not isinstance(label, tuple) or len(label) != len(names):
        got = _spelt(label) if isinstance(label, tuple) else repr(label)
        raise InvalidSetting(f"`{name}` needs {len(names)} values at each point, such as a{ZIP}b, got {got}.")
    return dict(zip(names, label, strict=True))


def _values(name: str, text: str) -> list[str]:
    between = BETWEEN.fullmatch(text)
    if between is not None:
        return _spaced(name, text, *between.groups())
    first, dots, last = text.partition("..")
    if not (dots and WHOLE.fullmatch(first) and WHOLE.fullmatch(last)):
        return [text]
    if int(last) < int(first):
        raise InvalidSetting(f"`{name}` must range upwards, got {text}. Try {last}..{first}.")
    _refuse_many(int(last) - int(first) + 1)
    return [str(each) for each in range(int(first), int(last) + 1)]


def _spaced(name: str, text: str, first: str, last: str, count: str, log: str) -> list[str]:
    """Return values between two ends as text, whole ones where both ends are."""
    low, high, points = float(first), float(last), int(count)
    if points < 2 or not low < high or (log and low <= 0):
        rule = "range upwards, from above 0 on a log scale, with at least 2 values"
        raise InvalidSetting(f"`{name}` must {rule}, got {text}. Try {name}=0.1..10/11log.")
    _refuse_many(points)
    spaced = np.geomspace(low, high, points) if log else np.linspace(low, high, points)
    is_whole = WHOLE.fullmatch(first) and WHOLE.fullmatch(last) and high - low >= points - 1
    return [str(round(value)) if is_whole else f"{value:.4g}" for value in spaced.tolist()]


def _refuse_many(runs: int) -> None:
    if runs > MOST_RUNS:
        raise InvalidSetting(f"`sweep` must have at most {MOST_RUNS:,} runs, got {runs:,}. Take fewer values.")


def refuse_same(meanings: Iterable[tuple[str, str]]) -> None:
    """Raise where two names, each given with the setting it stands for, mean one: a value would win without a word."""
    seen: dict[str, str] = {}
    for name, setting in meanings:
        if setting in seen:
            other = seen[setting]
            also = f", as {other} and {name}" if other != name else ""
            raise InvalidSetting(f"`{name}` is given twice{also}. Give it once; several values are {name}=a,b.")
        seen[setting] = name


def _meant(plan: Plan, name: str) -> str:
    try:
        return canonical(plan, name)
    except InvalidSetting:  # a setting of another arm of the sweep, or a slip that is refused in a moment
        return name
