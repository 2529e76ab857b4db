"""The command `groklab`: one file a command."""

import importlib
import logging
import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import NoReturn

import groklab
from groklab.cli import output
from groklab.cli.notes import told
from groklab.cli.parser import Parser
from groklab.errors import GroklabError, InvalidSetting, unknown
from groklab.machine import trouble

COMMANDS = {
    "run": "train a plan, or several, and draw what happened",
    "fork": "go on from a step of a run, with something changed",
    "predict": "what theory says of a run before it is trained",
    "landscape": "losses over the norm that the weights are held to, and over any other setting",
    "reproduce": "a paper, figure by figure: train, draw, and judge its claims",
    "claims": "the verdicts on all claims judged so far",
    "list": "what there is to choose from, and the runs of a store",
    "rule": "which rule a table, or the network of a run, obeys, and its blanks filled by it",
    "why": "what a run lacked to generalize, and whether the change that should help does",
    "page": "the store in a browser: runs as they go, looked into step by step; or as files",
    "show": "one run: its plan, its milestones, its blanks filled in",
    "plot": "draw runs again",
    "measure": "what measures say of the weights that a run has kept",
    "export": "a run's network as files for TransformerLens",
    "table": "print a table with the withheld cells left out, to guess from",
    "data": "data from outside, such as MNIST: where it is on disk, and downloading it",
    "quiz": "a small table in letters with blanks to guess, and its answer",
}
EPILOG = """examples:
  groklab run division fraction=0.4 stop_after=5           Power et al. 2022: x / y mod 97, about two minutes
  groklab run S5 fraction=0.5 --steps 20000                composition of permutations
  groklab run addition p=59 weight_decay=0.3,1 seed=0..2   six runs: two settings, three seeds
  groklab reproduce power2022/fig1-left                    a figure of a paper, with verdicts
  groklab run my-table.csv --steps 5000                    fill the blanks of a table of your own by a network
  groklab rule my-table.csv                                its rule, and the blanks by it

completion in bash: eval "$(register-python-argcomplete groklab)"; the README has zsh and fish
"""


LONGEST = 10_000  # characters of an argument
UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, and what ends a line


def run(given: Sequence[str]) -> int:
    """Run one command; `main` tells what is returned and raised. Nothing that goes wrong ends in a traceback."""
    if "_ARGCOMPLETE" in os.environ:  # a shell asks what may come next
        importlib.import_module("groklab.cli.completion").complete()
    output.prepare()
    os.environ["MPLBACKEND"] = "Agg"  # figures are files, whatever the environment wants to show them with
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where it keeps its fonts concerns nobody
    try:
        status = _answered(given)
        sys.stdout.flush()
        return status
    except GroklabError as error:
        output.say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader, such as `head`, has left
        output.abandon()
        return 0
    except OSError as error:  # those of a store have been told apart before
        output.abandon()
        output.say(output.refusal_of(error))
        return 1
    except (MemoryError, RuntimeError, AssertionError) as error:
        sentence = trouble(error)
        if sentence is None:
            raise
        output.say(sentence)
        return 1


def _answered(given: Sequence[str]) -> int:
    command, *rest = given or ["--help"]
    _check(given)
    if command not in COMMANDS:
        _top(command)
    # Only the wanted command is imported: some are slow. Options may stand between overrides.
    module = importlib.import_module(f"groklab.cli.{command}_command")
    summary = COMMANDS[command]
    parser = Parser(f"groklab {command}", f"{summary[0].upper()}{summary[1:]}.")
    module.configure(parser)
    with told():
        return module.execute(parser.parsed(rest))


def _check(given: Sequence[str]) -> None:
    """Refuse an argument that no sentence could quote."""
    for argument in given:
        if len(argument) > LONGEST:
            raise InvalidSetting(f"An argument must have at most {LONGEST:,} characters, got {len(argument):,}.")
        if any(unicodedata.category(sign) in UNPRINTABLE for sign in argument):
            raise InvalidSetting(f"An argument must be one line of text that can be printed, got {argument[:60]!a}.")


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
