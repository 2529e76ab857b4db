"""From a file, or the bytes of one, to lines of cells."""

import codecs
import csv
import io
import re
import stat
from pathlib import Path
from typing import NamedTuple

from groklab.errors import InvalidTable
from groklab.tasks.rules import check_symbol, tidy

ENDINGS = (".csv", ".tsv", ".txt")
MAX_BYTES = 8_000_000

# the mark of UTF-32 begins with that of UTF-16, so it comes first
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SEPARATORS = "\t;,"  # a comma last: where a line has as many of both, it is the decimal mark
_SAID = re.compile(r'"?sep=([^\w\s"]|\t)"?[;,\t]*(?=[\r\n])', re.IGNORECASE)  # how Excel names its separator
_QUOTED = re.compile(r'"[^"]*"')


class Line(NamedTuple):
    """A line of a file: its number, from 1, and its cells."""

    number: int
    cells: tuple[str, ...]


def named(path: str | Path) -> str:
    """Return a path as a message names it, on one line whatever is in it."""
    text = str(path)
    return f"`{text if text.isprintable() else ascii(text)[1:-1]}`"


def content(path: str | Path) -> bytes:
    """Return what a file holds; refuse what is no file or is too large, without waiting for a pipe."""
    name = named(path)
    try:
        about = Path(path).stat()
        is_plain = stat.S_ISREG(about.st_mode)
        data = Path(path).read_bytes() if is_plain and about.st_size <= MAX_BYTES else b""
    except (FileNotFoundError, NotADirectoryError) as error:
        got = "a link to nothing" if Path(path).is_symlink() else "no such file"
        raise InvalidTable(f"{name} must be a file, got {got}. Check its path.") from error
    except OSError as error:
        got = (error.strerror or type(error).__name__).lower()
        raise InvalidTable(f"{name} must be readable, got: {got}. Check its path and who may read it.") from error
    except ValueError as error:  # a NUL, or half of a surrogate pair
        raise InvalidTable(f"{name} must be a file, got a character no path can have. Check its path.") from error
    if not is_plain:
        kind = "a folder" if stat.S_ISDIR(about.st_mode) else "a device or a pipe"
        raise InvalidTable(f"{name} must be a file, got {kind}. Check its path.")
    _check_size(name, about.st_size)
    return data


def lines_of(name: str, data: bytes) -> list[Line]:
    """Return the lines that hold cells; of each symbol it is sure that it can be printed."""
    _check_size(name, len(data))
    text = _decoded(name, data)
    said = _SAID.match(text)
    # what stands before the line's end goes, so that all lines keep their numbers
    text, separator = (text[said.end() :], said[1]) if said else (text, _separator(text))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if row]
    except csv.Error as error:
        raise InvalidTable(
            f"{name} must be separated by commas, semicolons or tabs, got a broken line {reader.line_num}: {error}."
        ) from error
    return _tidied(name, rows)


def _check_size(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise InvalidTable(f"{name} must hold at most {MAX_BYTES // 10**6} MB, got {size / 1e6:.1f} MB.")


def _decoded(name: str, data: bytes) -> str:
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidTable(
            f"{name} must be UTF-8, got another byte in line {line}. Save it as CSV in UTF-8."
        ) from error


def _separator(text: str) -> str:
    """Return the separator that the first line has most of; one of which all lines have as many comes first."""
    lines = [_QUOTED.sub("", line) for line in text.splitlines() if line.strip()] or [""]
    steady = [separator for separator in _SEPARATORS if len({line.count(separator) for line in lines}) == 1]
    found = [separator for separator in steady if separator in lines[0]]
    return max(found or _SEPARATORS, key=lines[0].count)


def _tidied(name: str, rows: list[tuple[int, list[str]]]) -> list[Line]:
    """Return lines of tidy symbols; each text is looked at once, since a large table repeats few."""
    first: dict[str, int] = {}
    for number, row in rows:
        for cell in row:
            first.setdefault(cell, number)
    symbols = {cell: tidy(cell) for cell in first}
    for cell, symbol in symbols.items():
        if symbol:
            check_symbol(name, symbol, f" in line {first[cell]}")
    if not any(symbols.values()):
        raise InvalidTable(f"{name} must hold a table, got an empty file.")
    return [Line(number, tuple(symbols[cell] for cell in row)) for number, row in rows]
