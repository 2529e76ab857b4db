"""Values of settings from text, as people write them."""

import types
import typing
from collections.abc import Callable
from typing import Any

from groklab.errors import InvalidSetting


def parse(name: str, text: str, annotation: Any) -> Any:
    """Read a value of the declared type."""
    options = typing.get_args(annotation) if typing.get_origin(annotation) is types.UnionType else (annotation,)
    for kind in sorted(options, key=lambda kind: kind is str):
        try:
            return READERS[kind](text)
        except ValueError:
            continue
    words = {float: "a number", int: "a whole number", bool: "true or false", tuple: "whole numbers like 3,6,8"}
    wanted = " or ".join(words.get(kind, "a word") for kind in options)
    raise InvalidSetting(f"`{name}` must be {wanted}, got {text!r}.")


def _whole(text: str) -> int:
    """Read 10000, and 1e4 too."""
    try:
        return int(text)
    except ValueError:
        number = float(text)
        if not number.is_integer():  # nor is it for nan and the infinities
            raise
        return int(number)


def _number(text: str) -> float:
    """Read 0.4, and 40% too."""
    share = text.removesuffix("%")
    return float(share) if share == text else float(share) / 100


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def _whole_numbers(text: str) -> tuple[int, ...]:
    """Read 3,6,8."""
    return tuple(_whole(part) for part in text.split(","))


def number(text: str) -> Any:
    """Return the number that a text spells, 40% included; the text itself where it spells none."""
    for reader in (int, _number):
        try:
            return reader(text)
        except ValueError:
            continue
    return text


READERS: dict[Any, Callable[[str], Any]] = {
    bool: _boolean,
    int: _whole,
    float: _number,
    tuple: _whole_numbers,
    str: str,
}
