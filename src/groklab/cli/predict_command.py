"""`groklab predict TASK name=value …`: what theory says of a run before it is trained."""

import argparse

import numpy as np
from rich.table import Table

from groklab.cli import output
from groklab.cli.choice import told_apart
from groklab.cli.run_command import SETTINGS_HELP
from groklab.cli.words import number
from groklab.plots import draw_prediction
from groklab.predictions import Prediction, predict
from groklab.store import DEFAULT
from groklab.training import Plan, sweep_from

EPILOG = """examples:
  groklab predict linear-teacher inputs=1000 size=1111     the linear student of Levi et al. 2024 at λ = 0.9
  groklab predict linear-teacher size=4000,500,300         three at once, without a figure
  groklab run linear-teacher                               trains it, and draws theory over it
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("task", nargs="?", help="linear-teacher, quadratic (groklab list tasks)")
    parser.add_argument("overrides", nargs="*", metavar="name=value", help=SETTINGS_HELP)
    parser.add_argument("--steps", help="optimizer updates")
    parser.add_argument("--out", help="file for the figure (default figures/prediction-….png among the runs)")
    parser.epilog = EPILOG


def execute(options: argparse.Namespace) -> int:
    """Print what theory says of every plan, and of a single one draw it."""
    task, overrides = told_apart([options.task, *options.overrides])
    extra = [f"steps={options.steps}"] if options.steps is not None else []
    plans = sweep_from(task, [*overrides, *extra]).plans()
    found = [predict(plan) for plan in plans]
    console = output.console()
    console.print(_table(plans, found))
    for words in dict.fromkeys(f"{each.theory}. {each.validity}" for each in found):
        console.print(words, highlight=False)
    if len(found) == 1 and found[0].columns:
        place = options.out or f"{DEFAULT}/figures/prediction-{plans[0].task.name}-{plans[0].id}.png"
        title = f"{plans[0].task.name}: {found[0].theory}"
        console.print(f"figure: {draw_prediction(found[0].columns, title, place)}", soft_wrap=True, highlight=False)
    return 0


def _table(plans: list[Plan], found: list[Prediction]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("plan", "memorizes at", "generalizes at", "delay", "of", "last training, validation loss"):
        table.add_column(column, no_wrap=True)
    for plan, each in zip(plans, found, strict=True):
        table.add_row(
            f"{plan.task.name}-{plan.id}",
            _step(each.memorized_at),
            _step(each.generalized_at),
            _ratio(each),
            f"{plan.steps:,} steps",
            ", ".join(f"{each.columns[f'{part}_loss'][-1]:.3g}" for part in ("train", "validation") if each.columns)
            or "–",
        )
    return table


def _step(step: float) -> str:
    if np.isnan(step):
        return "not known"
    return "never" if np.isinf(step) else number(round(step))


def _ratio(each: Prediction) -> str:
    ratio = each.generalized_at / each.memorized_at if each.memorized_at else np.nan
    return f"×{ratio:.3g}" if np.isfinite(ratio) else "–"
