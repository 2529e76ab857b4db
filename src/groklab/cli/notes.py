"""Notes on a table of the user's, as lines on standard error."""

import contextlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

from groklab.cli import output


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Print each `TableNote` once, as a line; other warnings go on as they did."""
    tasks = sys.modules.get("groklab.tasks")  # it imports JAX: a command that has not loaded it reads no table
    if tasks is None:
        yield
        return
    usual, seen = warnings.showwarning, set()

    def show(message: Warning | str, category: type[Warning], *place: Any) -> None:
        if not issubclass(category, tasks.TableNote):
            usual(message, category, *place)
        elif str(message) not in seen:
            seen.add(str(message))
            output.say(f"note: {message}")

    with warnings.catch_warnings():
        warnings.simplefilter("always", tasks.TableNote)
        warnings.showwarning = show
        yield
