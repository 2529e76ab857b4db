"""`groklab landscape TASK name=value …`: reduced losses over the norm of the weights, and over any other setting."""

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray
from rich.table import Table

from groklab.cli import output
from groklab.cli.choice import add_data, take_data, told_apart
from groklab.cli.progress import ProgressLine
from groklab.cli.tracking import add_tracking, tracked
from groklab.errors import InvalidSetting
from groklab.estimates import Estimate
from groklab.landscapes import critical_alpha, learning_phases, reduced
from groklab.landscapes.critical import ALPHA
from groklab.plots.landscape import draw_landscape, picture
from groklab.plots.title import title_of
from groklab.runner import ENGINES, dataset
from groklab.runner import execute as carry_out
from groklab.runner.compiled import keep_programs
from groklab.runner.landscaping import ALPHAS, STEPS, on_sphere
from groklab.store import DEFAULT, Store
from groklab.store.words import grouped, unit
from groklab.training import Plan, Sweep, sweep_from
from groklab.training.overrides import SEED
from groklab.training.presets import plan_named
from groklab.training.sweep import ZIP

LONGEST_NAME = 160
EXAMPLES = """examples:
  groklab landscape teacher-student --seed 0..2            the L and the U of Liu et al. 2023, figure 2: half a minute
  groklab landscape digits8 alpha=0.1..10/7log size=50,200,1000 --steps 1000
  groklab landscape digits8 alpha=1,2,4,8 weight_decay=0,0.1,0.3 --free --steps 10000    the phases of learning
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("task", nargs="?", help="teacher-student, digits8, division, … (groklab list tasks)")
    parser.add_argument(
        "overrides",
        nargs="*",
        metavar="name=value",
        help="a setting; one beside alpha may have several values, as a,b or 0..4 or 0.1..10/11log",
    )
    parser.add_argument("--free", action="store_true", help="train as ever: not held to the norm at the start")
    parser.add_argument("--seed", help="all three seeds: a number, or several as 0,1,2 or 0..4")
    parser.add_argument("--steps", help=f"optimizer updates (default {STEPS:,})")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL to keep runs in (default {DEFAULT})")
    add_data(parser)
    parser.add_argument("--engine", choices=ENGINES, default="local", help="where runs are trained (default local)")
    add_tracking(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    parser.epilog = EXAMPLES


def execute(options: argparse.Namespace) -> int:
    """Train what the store lacks, print the losses, and draw them."""
    keep_programs()
    console = output.console()
    take_data(options)
    grid = grid_of(options)
    plans, store = grid.plans(), Store(options.store)
    line = ProgressLine(console, len(plans), is_silent=options.quiet)
    with line as progress, tracked(progress, options, store) as watch:
        runs = carry_out(plans, store, engine=options.engine, watch=watch)
    data = dataset(grid, runs)
    landscape, shares = reduced(data), learning_phases(data, grid.first.steps)
    turns = dict(_turns(landscape)) if not options.free else {}
    console.print(_table(landscape, shares))
    for words, found in turns.items():
        console.print(f"validation loss is least at α = {_interval(found)}{words}", highlight=False)
    alone = next(iter(turns.values())) if len(turns) == 1 else None
    place = f"{store.folder.local_path or '.'}/figures/{_name(grid, is_free=options.free)}.png"
    figure = draw_landscape(lambda: picture(landscape, shares, alone, title_of(grouped(runs)), unit(runs[0])), place)
    console.print(f"figure: {figure}", soft_wrap=True, highlight=False)
    return 0


def grid_of(options: argparse.Namespace) -> Sweep:
    """Return the sweep that is asked for; raise `InvalidSetting` for one that is no landscape."""
    task, overrides = told_apart([options.task, *options.overrides])
    plan = Plan() if task is None else plan_named(task)
    base = plan.replace(steps=STEPS) if options.free else on_sphere(plan)
    extra = [f"{name}={value}" for name in ("seed", "steps") if (value := getattr(options, name)) is not None]
    if not any(ALPHA in word.partition("=")[0].split(ZIP) for word in overrides) and not options.free:
        extra.append(f"{ALPHA}={','.join(map(str, ALPHAS))}")
    grid = sweep_from(base, [*overrides, *extra])
    names = [axis.name for axis in grid.axes if axis.name != SEED]
    for name in names:
        if ZIP in name:
            raise InvalidSetting(f"`{name}` must be one setting in a landscape. Give each a list of its own.")
    if not 1 <= len(names) <= 2 or (len(names) == 1 and names != [ALPHA]):
        raise InvalidSetting(
            f"`landscape` must vary alpha, or two settings, beside seeds, got {', '.join(names) or 'none'}. Give "
            "several values, such as alpha=0.1..10/11log size=50,200."
        )
    for axis in grid.axes:
        if not all(isinstance(value, int | float) for values in axis.coordinates.values() for value in values):
            raise InvalidSetting(f"`{axis.name}` must have numbers in a landscape. Compare words with groklab run.")
    return grid


def _turns(landscape: xarray.Dataset) -> Iterator[tuple[str, Estimate]]:
    """Yield α_c at every point of the other axis, with words for the point."""
    others = [str(name) for name in landscape.run.dims if name not in (ALPHA, SEED)]
    if ALPHA not in landscape.run.dims:
        return
    if not others:
        yield "", critical_alpha(landscape)
        return
    for value in landscape[others[0]].values:
        yield f" for {others[0]} = {value:g}", critical_alpha(landscape.sel({others[0]: value}))


def _table(landscape: xarray.Dataset, shares: xarray.DataArray) -> Table:
    names = [str(name) for name in landscape.run.dims if name != SEED]
    middle = landscape.drop_vars("run").median(SEED) if SEED in landscape.run.dims else landscape
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    columns = ("norm", "train_loss", "validation_loss", "best_validation_loss", "train_accuracy", "validation_accuracy")
    for name in (*names, *(name.replace("_", " ") for name in columns), "phase"):
        table.add_column(name)
    for point in np.ndindex(*(landscape.sizes[name] for name in names)):
        here = dict(zip(names, point, strict=True))
        one = middle.isel(here)
        phase = shares.isel(here)
        words = [f"{float(one[name]):.4g}" for name in names] + [f"{float(one[name]):.3g}" for name in columns]
        table.add_row(*words, str(phase.phase.values[int(phase.values.argmax())]))
    return table


def _interval(found: Estimate) -> str:
    if not np.isfinite(found.value):
        return "an end of the axis, or beyond it"
    low, high = ("∞" if np.isinf(end) else f"{end:.3g}" for end in (found.low, found.high))
    return f"{found.value:.3g} [{low}, {high}] (n = {found.count})"


def _name(grid: Sweep, *, is_free: bool) -> str:
    words: Sequence[Any] = ("phases" if is_free else "landscape", *(axis.name for axis in grid.axes), grid.first.id)
    return "-".join(words)[-LONGEST_NAME:]
