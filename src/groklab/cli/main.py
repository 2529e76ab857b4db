"""The command `groklab`: one file a command."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import groklab
from groklab.cli.parser import Parser
from groklab.errors import GroklabError, unknown

COMMANDS = {
    "run": "train a plan, or several, and draw what happened",
    "reproduce": "a paper, figure by figure: train, draw, and judge its claims",
    "claims": "the verdicts on all claims judged so far",
    "list": "what there is to choose from, and the runs of a store",
    "show": "one run: its plan, its milestones, its blanks filled in",
    "plot": "draw runs again",
    "measure": "what measures say of the weights that a run has kept",
    "export": "a run's network as files for TransformerLens",
    "table": "print a table with the withheld cells left out, to guess from",
    "quiz": "a small table in letters with blanks to guess, and its answer",
}
EPILOG = """examples:
  groklab run division fraction=0.4 stop_after=5           Power et al. 2022: x / y mod 97, about two minutes
  groklab run S5 fraction=0.5 --steps 20000                composition of permutations
  groklab run addition p=59 weight_decay=0.3,1 seed=0..2   six runs: two settings, three seeds
  groklab reproduce power2022/fig1-left                    a figure of a paper, with verdicts
  groklab run my-table.csv --steps 5000                    fill the blanks of a table of your own
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status: 0, 1 after an error, 130 after Ctrl-C.

    Asking for help or the version raises `SystemExit(0)`, a misuse `SystemExit(2)`.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    command, *rest = given or ["--help"]
    if command not in COMMANDS:
        _top(command)
    try:
        # Only the wanted command is imported: some are slow. Options may stand between overrides.
        module = importlib.import_module(f"groklab.cli.{command}_command")
        summary = COMMANDS[command]
        parser = Parser(f"groklab {command}", f"{summary[0].upper()}{summary[1:]}.")
        module.configure(parser)
        return module.execute(parser.parse_intermixed_args(rest))
    except GroklabError as error:
        print(f"groklab: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _top(word: str) -> NoReturn:
    """Answer a first word that is not a command, and end the process."""
    width = max(map(len, COMMANDS))
    commands = "\n".join(f"  {name:{width}}  {summary}" for name, summary in COMMANDS.items())
    parser = Parser("groklab", "A laboratory for grokking.", f"commands:\n{commands}\n\n{EPILOG}")
    parser.add_argument("--version", action="version", version=f"groklab {groklab.__version__}")
    parser.add_argument("command", nargs="?", metavar="COMMAND", help="one of those below; COMMAND --help tells more")
    if word.startswith("-"):
        parser.parse_args([word])  # ends the process, except at `-`, `--` and negative numbers
    parser.refuse(unknown("command", word, COMMANDS))
