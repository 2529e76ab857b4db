"""Which papers and figures there are, read without importing their files: importing JAX takes a second."""

import importlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from groklab.errors import InvalidSetting, unknown
from groklab.papers import PAPERS

if TYPE_CHECKING:
    from groklab.papers.figure import Figure


DOCSTRING = re.compile(r'"""(.+?)(?:"""|\n)')


class Entry(NamedTuple):
    """A figure: its paper, its name, and what it shows in a line."""

    paper: str
    name: str
    summary: str


def title(paper: str) -> str:
    """Return a paper's authors, year and title."""
    return (importlib.import_module(f"groklab.papers.{paper}").__doc__ or "").strip().rstrip(".")


def figures(paper: str) -> list[Entry]:
    """Return the figures of a paper, in its order."""
    package = importlib.import_module(f"groklab.papers.{paper}")
    folder = Path(str(package.__file__)).parent
    return [Entry(paper, file.replace("_", "-"), _summary(folder / f"{file}.py")) for file in package.FIGURES]


def named(words: Sequence[str]) -> list[Entry]:
    """Return the figures that words such as `power2022` or `power2022/fig1-left` stand for, each once."""
    return list(dict.fromkeys(entry for word in words for entry in _named(word)))


def load(paper: str, name: str) -> "Figure":
    """Import a figure's file and return what it says."""
    return importlib.import_module(f"groklab.papers.{paper}.{name.replace('-', '_')}").FIGURE


def _named(word: str) -> list[Entry]:
    paper, slash, name = word.partition("/")
    if paper not in PAPERS:
        raise InvalidSetting(unknown("paper", paper, PAPERS))
    found = [entry for entry in figures(paper) if not slash or entry.name == name]
    if not found:
        raise InvalidSetting(unknown(f"figure of {paper}", name, [entry.name for entry in figures(paper)]))
    return found


def _summary(path: Path) -> str:
    """Return the first line of a file's docstring. It is not parsed: beside imports of another thread that may fail."""
    found = DOCSTRING.match(path.read_text(encoding="utf-8"))
    return found[1] if found else ""
