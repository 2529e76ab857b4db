"""A figure with something changed: the same runs, claims and picture, with settings of one's own."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.papers.claims import Scale
from groklab.papers.figure import Figure, Results
from groklab.plots.style import MARK
from groklab.training import Sweep, sweep_of
from groklab.training.overrides import SEED
from groklab.training.sweep import ZIP, axis_from


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

    def sweeps(scale: Scale) -> Mapping[str, Sweep]:
        found = figure.sweeps(scale)
        for name, texts in values.items():
            found = _changed(found, name, texts)
        for sweep in found.values():
            figure.suits(sweep.first)
        return found

    def draw(results: Results) -> Picture:
        picture = figure.draw(results)
        picture.supxlabel(f"changed: {what}", fontsize=8, color=MARK)
        return picture

    claims = [claim._replace(because={}) for claim in figure.claims]
    setting = {scale: f"{words}; changed: {what}" for scale, words in figure.setting.items()}
    return figure._replace(sweeps=sweeps, draw=draw, claims=claims, setting=setting)


def file_part(changes: Sequence[str]) -> str:
    """Return changes as a part of a file's name."""
    return "".join("." + re.sub(r"[^\w.,=-]", "_", change) for change in changes)


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


def _changed(sweeps: Mapping[str, Sweep], name: str, texts: Sequence[Any]) -> Mapping[str, Sweep]:
    found = {key: _with(sweep, name, texts) for key, sweep in sweeps.items()}
    if all(_alike(found[key], sweep) for key, sweep in sweeps.items()):
        raise InvalidSetting(f"`{name}` must differ from what the figure has, got {', '.join(map(str, texts))}.")
    return found


def _with(sweep: Sweep, name: str, texts: Sequence[Any]) -> Sweep:
    if name == SEED:
        (seeds,) = sweep_of(sweep.plan, {SEED: texts}).axes
        return sweep._replace(axes=tuple(seeds if axis.name == SEED else axis for axis in sweep.axes))
    for axis in sweep.axes:
        if any(_last(name) == _last(own) for point in axis.points for own in point):
            raise InvalidSetting(
                f"`{name}` is what the figure itself varies, along {axis.name}. Leave it out, or compare plain runs: "
                "groklab run."
            )
    return sweep._replace(fixed={**sweep.fixed, name: texts[0]})


def _alike(left: Sweep, right: Sweep) -> bool:
    """Whether two sweeps with the same axes, but for their seeds, have the same plans."""
    seeds = [[axis.coordinates for axis in sweep.axes if axis.name == SEED] for sweep in (left, right)]
    return left.first == right.first and seeds[0] == seeds[1]


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]
