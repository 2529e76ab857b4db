"""A figure with something changed: the same runs, claims and picture, with settings of one's own."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.papers import refusals
from groklab.papers.claims import Scale
from groklab.papers.figure import Figure, Results
from groklab.plots.style import MARK
from groklab.training import Sweep, prepare, sweep_of
from groklab.training.overrides import SEED
from groklab.training.sweep import ZIP, axis_from

LONGEST = 160  # characters of a file's name that tell the changes; file systems allow 255 in all
Changes = Mapping[str, Sequence[Any]]
Sweeps = Mapping[str, Sweep]


def varied(figure: Figure, changes: Sequence[str]) -> Figure:
    """Return a figure all of whose runs have some settings of one's own, each given as `name=value`.

    `seed` may have several values, which replace the figure's seeds. Its picture says what was changed; its claims keep
    their bounds, but not the reasons why they did not hold. Raises `InvalidSetting` for changes that are ill-formed;
    its `sweeps` do so for settings that the figure itself varies, that change nothing, or that do not suit it.
    """
    if not changes:
        return figure
    values = _read(changes)
    what = " ".join(changes)

    def sweeps(scale: Scale) -> Sweeps:
        own = figure.sweeps(scale)
        found = _changed(own, values)
        for sweep in found.values():
            refusals.of_names(sweep, [name for name in values if name != SEED])
            refusals.of_twins(sweep)
        figure.require({name: sweep.first for name, sweep in found.items()})
        _refuse_idle(own, values, found)
        return found

    def draw(results: Results) -> Picture:
        picture = figure.draw(results)
        picture.supxlabel(f"changed: {what}", x=0.99, ha="right", fontsize=8, color=MARK)
        return picture

    claims = [claim._replace(because={}) for claim in figure.claims]
    return figure._replace(sweeps=sweeps, draw=draw, claims=claims)


def check(sweeps: Sweeps) -> None:
    """Raise `InvalidSetting` for a plan that cannot be trained; plans that differ in their seeds are alike in that."""
    for sweep in sweeps.values():
        for plan in sweep._replace(axes=tuple(axis for axis in sweep.axes if axis.name != SEED)).plans():
            prepare(plan)


def file_part(changes: Sequence[str]) -> str:
    """Return changes as a part of a file's name, another one for other changes."""
    words = "".join("." + quote(change, safe="=,") for change in changes)
    return words if len(words) <= LONGEST else f".{hashlib.sha256(words.encode()).hexdigest()[:12]}"


def _read(changes: Sequence[str]) -> dict[str, list[Any]]:
    values: dict[str, list[Any]] = {}
    for name, texts in map(axis_from, changes):
        if ZIP in name:
            raise InvalidSetting(f"`{name}` must be one setting. Give each change on its own, as name=value.")
        if name in values:
            raise InvalidSetting(f"`{name}` is given twice. Give one value.")
        if name != SEED and len(texts) > 1:
            raise InvalidSetting(
                f"`{name}` must have one value in a figure, got {len(texts)}. Reproduce it once for each, or compare "
                "plain runs: groklab run."
            )
        values[name] = texts
    return values


def _changed(sweeps: Sweeps, values: Changes) -> Sweeps:
    return {key: _with(sweep, values) for key, sweep in sweeps.items()}


def _with(sweep: Sweep, values: Changes) -> Sweep:
    fixed = {name: texts[0] for name, texts in values.items() if name != SEED}
    axes = sweep.axes
    if SEED in values:
        (seeds,) = sweep_of(sweep.plan, {SEED: values[SEED]}).axes
        axes = tuple(seeds if axis.name == SEED else axis for axis in axes)
    return sweep._replace(axes=axes, fixed={**sweep.fixed, **fixed})


def _refuse_idle(own: Sweeps, values: Changes, whole: Sweeps) -> None:
    """Refuse a change without which all runs would be the same."""
    for name, texts in values.items():
        rest = {other: given for other, given in values.items() if other != name}
        if _alike(own, rest, whole):
            raise InvalidSetting(f"`{name}` changes nothing in this figure, got {', '.join(map(str, texts))}.")


def _alike(own: Sweeps, values: Changes, whole: Sweeps) -> bool:
    try:
        return all(_same(sweep, whole[key]) for key, sweep in _changed(own, values).items())
    except InvalidSetting:  # without it, another change is impossible
        return False


def _same(left: Sweep, right: Sweep) -> bool:
    # Most differ at once: all plans of a large sweep take a second to make.
    return left.shape == right.shape and left.first == right.first and left.plans() == right.plans()
