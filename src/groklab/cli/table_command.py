"""`groklab table TASK`: print a table with withheld cells as `?`, to guess from."""

import argparse

from groklab.cli.run_command import SETTINGS_HELP
from groklab.errors import InvalidSetting
from groklab.tasks import BinaryTable, render
from groklab.training import sweep_from


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("task", help="division, S5, my-table.csv, … (groklab list tasks)")
    parser.add_argument("overrides", nargs="*", metavar="name=value", help=SETTINGS_HELP)
    parser.add_argument("--limit", type=int, default=24, help="rows and columns to print (default 24)")


def execute(options: argparse.Namespace) -> int:
    """Print the table of every plan."""
    for plan in sweep_from(options.task, options.overrides).plans():
        if not isinstance(plan.task, BinaryTable):
            raise InvalidSetting(f"`task` must be a table to be printed, got {plan.task.name}.")
        layout = plan.task.layout(plan.task.examples(seed=plan.seeds.split))
        print(render(plan.task.operation.cells(), layout.withheld, options.limit))
    return 0
