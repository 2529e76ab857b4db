"""`groklab quiz [TASK]`: a table in letters, some cells of which are left for the reader to guess."""

import argparse

from groklab.cli.choice import told_apart
from groklab.errors import InvalidSetting
from groklab.tasks import BinaryTable, Modular, operation_named
from groklab.tasks.quiz import answer, question, quiz
from groklab.training import Sweep, sweep_from
from groklab.training.sweep import ZIP

# Of 100 seeds, all fix the blanks if the rule is a formula of ours or a group, whatever the letters stand for. In 97 it
# is enough that each letter comes once in a row and in a column, in 99 with mirrored cells; mirroring alone fills half.
TASK, P, FRACTION = "addition", 7, 0.6


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("task", nargs="?", help=f"{TASK} (the default), S3, my-table.csv, … (groklab list tasks)")
    parser.add_argument("overrides", nargs="*", metavar="name=value", help="a setting, such as p=5 or fraction=0.7")
    parser.add_argument("--seed", help="draws the cells left out and the letters: a number, or several as 0..4")
    parser.add_argument("--answer", action="store_true", help="the same table filled in, its rule and its letters")
    parser.epilog = f"Unless told, p is {P} and fraction, the share of the cells shown, is {FRACTION}."


def execute(options: argparse.Namespace) -> int:
    """Print the quiz of every plan, or its answer."""
    task, overrides = told_apart([options.task, *options.overrides])
    seed = [f"seed={options.seed}"] if options.seed is not None else []
    texts = []
    for plan in sweep(task or TASK, [*overrides, *seed]).plans():
        if not isinstance(plan.task, BinaryTable):
            raise InvalidSetting(f"`task` must be a table to be guessed, got {plan.task.name}.")
        posed = quiz(plan.task, seed=plan.seeds.split)
        texts.append(answer(posed) if options.answer else f"{question(posed)} The answer: the same with --answer.")
    print("\n\n".join(texts))
    return 0


def sweep(task: str, overrides: list[str]) -> Sweep:
    """Return what the words ask for, small unless they say otherwise."""
    given = {part.rsplit(".", 1)[-1] for text in overrides for part in text.partition("=")[0].split(ZIP)}
    usual = [] if "fraction" in given else [f"fraction={FRACTION}"]
    if isinstance(operation_named(task), Modular) and not given & {"p", "operation"}:
        usual.append(f"p={P}")
    return sweep_from(task, [*overrides, *usual])
