"""Everything groklab can refuse, as one tree.

    GroklabError
    ├── InvalidSetting    an argument breaks its rule
    ├── InvalidTable      a table of the user's cannot be read
    ├── InvalidModel      a model file cannot be read
    ├── DataMissing       data from outside is not on disk
    ├── DataDamaged       a file of such data cannot be read, or is another one
    ├── MissingExtra      an optional package is not installed
    └── StoreError        a run cannot be written or read
        ├── RunLocked     another process is writing it
        ├── RunDamaged    a file of it is broken
        └── RunMissing    there is no such run, or no such store

Every message is one sentence: what it is about in backticks, the rule, what came, the likely cure.
"""

import difflib
from collections.abc import Iterable


class GroklabError(Exception):
    """Base of every error that groklab raises on purpose."""


class InvalidSetting(GroklabError, ValueError):
    """Raised when an argument breaks its rule."""


class InvalidTable(GroklabError, ValueError):
    """Raised when a table of the user's cannot be read."""


class InvalidModel(GroklabError, ValueError):
    """Raised when a file with a model's weights cannot be read."""


class DataMissing(GroklabError, LookupError):
    """Raised when data from outside the project is not on disk, and cannot be had."""


class DataDamaged(GroklabError, ValueError):
    """Raised when a file of data is broken, cannot be read, or is not what its name says."""


class MissingExtra(GroklabError, ImportError):
    """Raised when an optional package is not installed."""


class StoreError(GroklabError):
    """Raised when a run cannot be written or read."""


class RunLocked(StoreError):
    """Raised when another process is writing the same run."""


class RunDamaged(StoreError):
    """Raised when a file of a run is truncated or otherwise broken."""


class RunMissing(StoreError, LookupError):
    """Raised when a run or a store does not exist."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the known name most like `name`, or nothing if none is close."""
    return next(iter(difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)), "")


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Word the refusal of a misspelt name."""
    names = list(names)
    close = nearest(name, names)
    cure = f"Did you mean `{close}`?" if close else f"Known: {', '.join(names)}."
    return f"`{name}` is not {'an' if what[0] in 'aeiou' else 'a'} {what}. {cure}"


def missing(what: str, package: str, extra: str) -> MissingExtra:
    """Return the error to raise where `what` needs a package that comes with an extra of groklab."""
    return MissingExtra(f'{what} needs {package}, which is not installed: pip install "groklab[{extra}]".')
