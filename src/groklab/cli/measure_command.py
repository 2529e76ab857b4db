"""`groklab measure RUN MEASURE …`: what measures say of the weights that a run has kept."""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np
import xarray
from rich.table import Table

from groklab import measures
from groklab.cli import output
from groklab.cli.choice import RUN, add_choice, chosen
from groklab.cli.words import number
from groklab.errors import InvalidSetting, unknown
from groklab.measures import Measure
from groklab.naming import word_of
from groklab.runner import measured
from groklab.runner.compiled import keep_programs
from groklab.settings import annotations
from groklab.store import Store
from groklab.training.values import parse

STEPS_SHOWN = 8
SERIES_SHOWN = 8  # numbers: a longer series is left to --csv
WORDS = {word_of(kind.__name__): kind for kind in measures.KINDS}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    about = f"{RUN}; some of {', '.join(WORDS)}; after one of them its settings, like keys=3,6 or keys_by=neurons"
    parser.add_argument("words", nargs="*", metavar="RUN MEASURE …", help=about)
    parser.add_argument("--step", type=int, help="at one step whose weights were kept (default: at all of them)")
    parser.add_argument("--csv", action="store_true", help="every number, as CSV, instead of a table of the main ones")
    add_choice(parser)


def execute(options: argparse.Namespace) -> int:
    """Measure, and print what was found by step."""
    keep_programs()
    name = None if options.last else next(iter(options.words), None)
    wanted = measures_named(options.words[0 if options.last else 1 :])
    if not wanted:
        raise InvalidSetting(f"`measure` must be some of {', '.join(WORDS)}, got none.")
    run = chosen(Store(options.store), name, is_last=options.last)
    steps = None if options.step is None else [options.step]
    found = measured(run, wanted, steps)
    if options.csv:
        _csv(found)
    else:
        output.console().print(_table(found))
    return 0


def measures_named(words: Sequence[str]) -> list[Measure]:
    """Return the measures that words stand for; a word like `keys=3,6` is a setting of the one before it."""
    found: list[Measure] = []
    for word in words:
        name, sign, text = word.partition("=")
        if not sign:
            found.append(_measure_named(word))
        elif found:
            found[-1] = _changed(found[-1], name, text)
        else:
            raise InvalidSetting(f"`{word}` must come after the measure that it belongs to. Try progress {word}.")
    return found


def _measure_named(word: str) -> Measure:
    if word.lower() not in WORDS:
        raise InvalidSetting(unknown("measure", word, WORDS))
    return WORDS[word.lower()]()


def _changed(measure: Measure, name: str, text: str) -> Measure:
    known = annotations(type(measure))
    if not known:
        raise InvalidSetting(f"`{type(measure).__name__}` has no settings, got {name}={text}. Leave it out.")
    if name not in known:
        raise InvalidSetting(unknown(f"setting of {type(measure).__name__}", name, known))
    return measure.replace(**{name: parse(name, text, known[name])})


def _csv(found: xarray.Dataset) -> None:
    writer = csv.writer(sys.stdout)
    names = _names(found)
    writer.writerow(["step", *names])
    for row in range(found.sizes["step"]):
        writer.writerow([int(found.step[row]), *(float(found[name][row]) for name in names)])


def _table(found: xarray.Dataset) -> Table:
    """Return a row for each number that is not one of a long series, a column for some of the steps."""
    names = _shown(_names(found))
    rows = np.unique(np.linspace(0, found.sizes["step"] - 1, STEPS_SHOWN).round().astype(int))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for word in ("step", *(f"{int(found.step[row]):,}" for row in rows)):
        table.add_column(word, justify="left" if word == "step" else "right", no_wrap=True)
    for name in names:
        table.add_row(name, *(number(float(found[name][row])) for row in rows))
    table.caption = _caption(found, len(rows), len(names))
    table.caption_justify = "left"
    return table


def _names(found: xarray.Dataset) -> list[str]:
    """Return the names of the numbers, 2 before 10."""
    return sorted(map(str, found.data_vars), key=lambda name: (_series(name), _numbers(name)))


def _numbers(name: str) -> list[int]:
    return [int(part) for part in name.removeprefix(_series(name)).split(".") if part]


def _shown(names: Sequence[str]) -> list[str]:
    """Return names without those of long series, or all of them where there is nothing else."""
    sizes = Counter(map(_series, names))
    short = [name for name in names if not _numbers(name) or sizes[_series(name)] <= SERIES_SHOWN]
    return short or list(names)


def _series(name: str) -> str:
    """Return a name without the numbers that it ends in."""
    return name.rstrip("0123456789.") if name[-1:].isdigit() else name


def _caption(found: xarray.Dataset, steps: int, names: int) -> str | None:
    """Say which frequencies are key at the last step shown, and what the table leaves out."""
    keys = [str(*_numbers(name)) for name in _names(found) if _series(name) == "is_key" and found[name][-1] > 0]
    said = [f"key frequencies of step {int(found.step[-1]):,}: {', '.join(keys)}"] if keys else []
    left = [f"{steps} of {found.sizes['step']} steps"] if steps < found.sizes["step"] else []
    left += [f"{names} of {len(found.data_vars)} numbers"] if names < len(found.data_vars) else []
    said += [f"{' and '.join(left)}; --csv gives them all"] if left else []
    return "\n".join(said) or None
