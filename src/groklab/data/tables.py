"""Rows of a table in a file, packed or plain."""

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from groklab.data.archives import text
from groklab.data.files import content
from groklab.errors import DataDamaged

LONGEST = 2**24  # characters of a field: a review may be longer than what the csv module takes by default


def rows_of(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header of a CSV file and its rows, each as wide. Raises `DataDamaged`."""
    return parsed(path, text(path, content(path)))


def parsed(path: Path, table: str) -> tuple[list[str], Iterator[list[str]]]:
    """Do the same for a table that has been read from a file."""
    rows = csv.reader(io.StringIO(table))
    with _long_fields(path):
        header = next(rows, [])
    return header, _checked(path, header, rows)


def column_of(path: Path, header: Sequence[str], names: Sequence[str]) -> int:
    """Return the place of the column that has one of some names. Raises `DataDamaged` where there is none."""
    places = [header.index(name) for name in names if name in header]
    if not places:
        raise DataDamaged(f"`{path}` must have a column {' or '.join(names)}, got {', '.join(header) or 'none'}.")
    return places[0]


def _checked(path: Path, header: Sequence[str], rows: Iterator[list[str]]) -> Iterator[list[str]]:
    with _long_fields(path):
        for number, row in enumerate(rows, 2):
            if len(row) != len(header):
                raise DataDamaged(f"`{path}` must have {len(header)} fields in every row, got {len(row)} in {number}.")
            yield row


@contextlib.contextmanager
def _long_fields(path: Path) -> Iterator[None]:
    """Allow long fields, which is a setting of the whole process, and put it back."""
    usual = csv.field_size_limit(LONGEST)
    try:
        yield
    except csv.Error as error:
        raise DataDamaged(f"`{path}` must be a CSV table: {error}.") from None
    finally:
        csv.field_size_limit(usual)
