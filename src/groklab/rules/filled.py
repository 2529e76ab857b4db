"""A table with its blanks filled, as a file."""

import csv
import io
from pathlib import Path

from groklab.errors import InvalidSetting
from groklab.rules.rule import Rule
from groklab.store import Folder

_SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}


def write(rule: Rule, target: str) -> None:
    """Write the filled table, whole or not at all; raise `InvalidSetting` where nothing is filled, for a name with
    another ending, or one that is there already.
    """
    if not rule.blanks:
        raise InvalidSetting("`out` must have something to be filled, got a table without blanks or without a rule.")
    path = Path(target)
    if path.suffix.lower() not in _SEPARATORS:
        raise InvalidSetting(
            f"`out` must end in {', '.join(_SEPARATORS)}, got {target}. Try {path.stem or 'table'}.csv."
        )
    if path.exists():
        raise InvalidSetting(f"`out` must be a new file, got {target}, which is there already. Choose another name.")
    folder = Folder(str(path.parent))
    folder.create()
    folder.write(path.name, text_of(rule, _SEPARATORS[path.suffix.lower()]).encode())


def text_of(rule: Rule, separator: str = ",") -> str:
    """Return the filled table as lines of cells; what stays a blank is empty."""
    left, right, answers, values = rule.filled()
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\n")
    writer.writerow([rule.sign, *right])
    writer.writerows(
        [symbol, *(answers[at] if at >= 0 else "" for at in row)] for symbol, row in zip(left, values, strict=True)
    )
    return stream.getvalue()
