"""What may be missing: one cause, what speaks for it, and what would help."""

from collections.abc import Callable
from typing import Any, NamedTuple

from groklab.diagnosis.facts import Facts


class Times(NamedTuple):
    """Steps, or what decides them: the least, the middle and the greatest that are to be expected."""

    least: float
    middle: float
    most: float


class Change(NamedTuple):
    """The smallest change that should help: settings by their short names, and the steps that it takes.

    `goes_on` is whether the run can go on with it from where it ended; else it begins anew. `expected` are the steps
    at which it should generalize, where these are known.
    """

    settings: dict[str, Any]
    steps: int
    goes_on: bool = False
    expected: Times | None = None


class Finding(NamedTuple):
    """A cause with its weight, from 0 (ruled out) to 1 (nothing else explains it), and the evidence in a sentence."""

    cause: str
    weight: float
    evidence: str
    change: Change | None = None


Cause = Callable[[Facts], Finding | None]
