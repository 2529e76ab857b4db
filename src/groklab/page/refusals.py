"""What goes wrong while a document is made, in one sentence; an error of our own is not hidden."""

import contextlib
import sys
import traceback
from collections.abc import Iterator

from groklab.errors import GroklabError, StoreError
from groklab.machine import trouble

ODD = (LookupError, TypeError, AttributeError, ValueError, ArithmeticError)  # what reading something unknown ends in
_told: set[object] = set()  # where errors came from that have been printed


@contextlib.contextmanager
def in_a_sentence() -> Iterator[None]:
    """Raise `StoreError` in the place of any error that is not ours to raise; print where it came from, once."""
    try:
        yield
    except GroklabError:
        raise
    except Exception as error:
        raise refusal_of(error) from error


def refusal_of(error: Exception) -> GroklabError:
    """Return an error as one with a sentence."""
    if isinstance(error, GroklabError):
        return error
    sentence = trouble(error)
    if sentence is not None:
        return StoreError(sentence)
    print_once(error)
    what = f"{type(error).__name__}: {error}"[:200]
    if isinstance(error, ODD):
        return StoreError(f"This cannot be shown ({what}). Was it written by another version of groklab?")
    return StoreError(f"This cannot be shown ({what}). Where it went wrong is on the terminal of the page.")


def print_once(error: Exception) -> None:
    """Print where an error came from, unless one from there has been."""
    frames = traceback.extract_tb(error.__traceback__)
    place = (type(error), *((frames[-1].filename, frames[-1].lineno) if frames else ()))
    if place not in _told:
        _told.add(place)
        traceback.print_exception(error, limit=-8, file=sys.stderr)
