"""The command `groklab`: one file a command."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from groklab.errors import GroklabError

COMMANDS = {
    "run": "train a plan, or several, and draw what happened",
    "list": "what there is to choose from, and the runs of a store",
    "show": "one run: its plan, its milestones, its blanks filled in",
    "plot": "draw runs again",
    "table": "print a table with withheld cells as ?, to guess from",
}
EPILOG = """examples:
  groklab run division fraction=0.4             Power et al. 2022: x / y mod 97
  groklab run S5 fraction=0.5 --steps 20000     composition of permutations
  groklab run addition p=59 weight_decay=0,0.1,1 seed=0..2
  groklab run my-table.csv                      fill the blanks of a table of your own
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0, 1 after an error, 2 after a misuse, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(
        "groklab",
        description="A laboratory for grokking.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    given = list(sys.argv[1:] if arguments is None else arguments)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    wanted = next((word for word in given if not word.startswith("-")), "")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if name == wanted:  # the others are not even imported: some of them are slow
            module = importlib.import_module(f"groklab.cli.{name}_command")
            module.configure(command)
            command.set_defaults(execute=module.execute)
    options = parser.parse_args(given)
    try:
        return options.execute(options)
    except GroklabError as error:
        print(f"groklab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
