"""`groklab run TASK name=value …`: train, and draw what happened."""

import argparse
from collections.abc import Iterator
from typing import Any

from rich.table import Table

from groklab.cli import catalogue, output
from groklab.cli.choice import add_data, take_data, told_apart
from groklab.cli.progress import ProgressLine
from groklab.cli.theory import expected
from groklab.cli.tracking import add_tracking, tracked
from groklab.cli.words import number
from groklab.errors import InvalidSetting
from groklab.milestones import CROSSINGS
from groklab.plots import draw, draw_sweep
from groklab.runner import ENGINES, dataset
from groklab.runner import execute as carry_out
from groklab.runner.compiled import keep_programs
from groklab.store import DEFAULT, Run, Store
from groklab.store.words import differing, grouped, of_run
from groklab.training import Plan, Sweep, sweep_from
from groklab.training.forks import forked
from groklab.training.overrides import ALIASES, KIND_NAMES, overridden
from groklab.training.plan import MOMENTS

SETTINGS_HELP = (
    "a setting, by its dotted name or its last part alone; a,b or 0..4 make several runs, and so does "
    "fraction:weight_decay=0.3:1,0.5:0.3, with settings that vary together"
)
LONGEST_NAME = 200  # of a figure's file, without its folder: most file systems take 255 bytes
FIGURES = 4  # of more settings than that, a figure of their times shows more than one of their curves


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments, and write every setting into the help."""
    parser.add_argument("task", nargs="?", help="division (the default), S5, my-table.csv, … (groklab list tasks)")
    parser.add_argument("overrides", nargs="*", metavar="name=value", help=SETTINGS_HELP)
    parser.add_argument("--seed", help="all three seeds: a number, or several as 0,1,2 or 0..4")
    parser.add_argument("--steps", help="optimizer updates")
    parser.add_argument(
        "--then",
        metavar='"AT name=value …"',
        action="append",
        default=[],
        help="change settings on the way, at a step or when it has memorized or generalized; also several times",
    )
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL to keep runs in (default {DEFAULT})")
    parser.add_argument("--again", action="store_true", help="train anew what the store holds")
    add_data(parser)
    parser.add_argument("--engine", choices=ENGINES, default="local", help="where runs are trained (default local)")
    add_tracking(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    parser.add_argument("--no-figure", action="store_true", help="draw nothing")
    parser.epilog = _settings_help()


def execute(options: argparse.Namespace) -> int:
    """Train what the store lacks, print a short table, and draw."""
    keep_programs()
    console = output.console()
    take_data(options)
    task, overrides = told_apart([options.task, *options.overrides])
    extra = [f"{name}={value}" for name in ("seed", "steps") if (value := getattr(options, name)) is not None]
    grid = sweep_from(task, [*overrides, *extra])
    plans = [changed_on_the_way(plan, options.then) for plan in grid.plans()]
    store = Store(options.store)
    runs = train_and_tell(plans, store, options, again=options.again)
    if not options.no_figure:
        for place in figures(grid, runs, store):
            console.print(f"figure: {place}", soft_wrap=True, highlight=False)
    return 0


def train_and_tell(plans: list[Plan], store: Store, options: argparse.Namespace, *, again: bool = False) -> list[Run]:
    """Train what the store lacks, with a line that moves, print a short table, and return the runs."""
    console = output.console()
    line = ProgressLine(console, len(plans), is_silent=options.quiet)
    with line as progress, tracked(progress, options, store) as watch:
        runs = carry_out(plans, store, engine=options.engine, again=again, watch=watch)
    console.print(_summary(runs, progress))
    return runs


def changed_on_the_way(plan: Plan, texts: list[str]) -> Plan:
    """Return a plan with some settings changed at steps, or moments, on the way."""
    for text in texts:
        at, *changes = text.split() or [""]
        pairs = [(name, value) for change in changes for name, _, value in [change.partition("=")]]
        if not pairs or not all(name and value for name, value in pairs) or not (at.isdecimal() or at in MOMENTS):
            raise InvalidSetting(
                f"`--then` must be a step or {' or '.join(MOMENTS)}, and what changes there, got {text!r}. "
                'Try --then "500 weight_decay=0".'
            )
        plan = forked(plan, overridden(plan, pairs), int(at) if at.isdecimal() else at)
    return plan


def figures(grid: Sweep, runs: list[Run], store: Store) -> Iterator[str]:
    """Draw the runs of each setting apart and all in one, or of many settings only their times; yield the places."""
    groups = grouped(runs)
    if len(groups) > FIGURES:
        name = "-".join([*(axis.name for axis in grid.axes), grid.first.id]).replace(":", "-")[-LONGEST_NAME:]
        yield draw_sweep(dataset(grid, runs), f"{store.folder.local_path or '.'}/figures/{name}.png")
        return
    yield from (draw(group, theory=expected(group)) for group in groups)
    if len(groups) > 1:
        yield draw(runs)


def _summary(runs: list[Run], progress: ProgressLine) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("run", "memorized at", "generalized at", "settled at", "delay", "steps/s"):
        table.add_column(column, no_wrap=True)
    names = differing(runs)
    for run in runs:
        status = run.status()
        rate = progress.rate_of(run.name) if run.name in progress.seen else "was in the store"
        table.add_row(run.name, *(number(status[name]) for name in CROSSINGS), _outcome(status), rate)
        table.add_row(f"  {of_run(run, names)}")
    return table


def _outcome(status: dict[str, Any]) -> str:
    if status.get("diverged_at") is not None:
        return f"diverged at {number(status['diverged_at'])}"
    return f"{number(status['delay'])} (×{number(status['delay_ratio'])})" if status["delay"] is not None else "–"


def _parts() -> dict[str, list[str]]:
    """Return the settings that choose a part, and the words for what there is to choose from."""
    full_names = {name: name for name in KIND_NAMES} | {full: short for short, full in ALIASES.items()}
    parts = {full_names[name]: list(kinds) for name, kinds in KIND_NAMES.items() if kinds}
    return parts | {"operation": [*(name for name, _ in catalogue.operations()), "S5", "my-table.csv"]}


def _settings_help() -> str:
    lines = ["parts, each with settings of its own:"]
    lines += [f"    {name}=… {', '.join(words)}" for name, words in _parts().items()]
    lines += ["", "settings (groklab list tells more of tasks, models and optimizers):"]
    for package in ("training", "tasks", "models", "objectives", "optimizers"):
        for kind in catalogue.kinds(package, ("Given", "Plan", "Seeds") if package != "training" else ()):
            lines += [f"  {kind.name}"] if kind.fields else []
            given = [field for field in kind.fields if field[1] != catalogue.PART]
            lines += [f"    {name + '=' + default:34} {text}" for name, default, text in given]
    return "\n".join(lines)
