"""What a lesson says of itself while it runs: that it trains, that it could not, that a number came out otherwise."""

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

from groklab.errors import GroklabError

DOUBT = "On this machine it came out differently"  # a page of a lesson with these words is refused by `make lessons`


@contextlib.contextmanager
def training(words: str) -> Iterator[None]:
    """Show words while networks are trained; where that fails say why on the page, and leave out what needs them."""
    marimo: Any = importlib.import_module("marimo")  # only lessons need it, and run in it
    with marimo.status.spinner(words):
        try:
            yield
        except GroklabError as error:
            if not marimo.running_in_notebook():
                raise
            marimo.stop(True, marimo.callout(str(error), kind="danger"))


def unless(is_so: bool, claim: str) -> str:
    """Return nothing where a claim of the text is so, else a sentence that warns of it: the rest is worth seeing."""
    return "" if is_so else f"**{DOUBT}:** it is not so that {claim}."
