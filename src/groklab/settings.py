"""Settings: frozen, checked, printable values that are pytrees.

A float field is a pytree leaf, so that it can be batched; an int, str, bool or tuple field is static,
so that it selects the compiled program. `setting` reads which one it is from the default.
"""

import dataclasses
import functools
import math
import operator
import types
import typing
from collections.abc import Sequence
from typing import Any, TypeVar

import equinox as eqx
import numpy as np

from groklab.errors import InvalidSetting, nearest, unknown

SomeSettings = TypeVar("SomeSettings", bound="Settings")


class Settings(eqx.Module):
    """A frozen value that says how to build one part of an experiment.

    Every field is made by `setting`. Values are checked when an instance is created, never inside `jit`.
    """

    def __check_init__(self) -> None:
        for field in dataclasses.fields(self):
            check(field, getattr(self, field.name), annotations(type(self))[field.name])
        self.validate()

    def validate(self) -> None:
        """Raise `InvalidSetting` where values fit one by one but not together; by default they always do."""

    def replace(self: "SomeSettings", **changes: Any) -> "SomeSettings":
        """Return a checked copy with some fields changed; an unknown name raises `InvalidSetting`."""
        names = [field.name for field in dataclasses.fields(self)]
        for name in changes:
            if name not in names:
                raise InvalidSetting(unknown(f"setting of {type(self).__name__}", name, names))
        return dataclasses.replace(self, **changes)


def setting(
    default: Any,
    help: str,
    *,
    choices: Sequence[Any] = (),
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
    is_later: bool = False,
) -> Any:
    """Declare a field of a `Settings`: its default, one line of help, and the rule its values obey.

    `is_later` says that plans were stored before there was this setting: at its default it does not count in their id.
    """
    bounds = {"above": above, "at_least": at_least, "below": below, "at_most": at_most}
    rule = {word: bound for word, bound in bounds.items() if bound is not None}
    return eqx.field(
        default=default,
        static=not _holds_leaves(default),
        converter=CONVERTERS.get(type(default), _same),
        metadata={"help": help, "choices": tuple(choices), "rule": rule, "is_later": is_later},
    )


@functools.cache
def annotations(kind: type) -> dict[str, Any]:
    """Return the declared types of a class's fields: reading them is slow, and a sweep makes thousands of settings."""
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def check(field: dataclasses.Field[Any], value: Any, annotation: Any, *, name: str = "") -> None:
    """Raise `InvalidSetting` unless `value` has the declared type, is among the choices and within the range.

    `name` is what the user called the field, if that is something else.
    """
    name = name or field.name
    if not _has_type(value, annotation):
        kind = getattr(annotation, "__name__", str(annotation))
        raise InvalidSetting(f"`{name}` must be of type {kind}, got {value!r}.")
    if isinstance(value, int | float):
        _check_size(name, value, is_float=annotation is float)
    choices = field.metadata.get("choices", ())
    if choices and value not in choices:
        close = nearest(str(value), [str(choice) for choice in choices])
        cure = f" Did you mean {close!r}?" if close else ""
        raise InvalidSetting(f"`{name}` must be one of {', '.join(map(str, choices))}, got {value!r}.{cure}")
    if isinstance(value, int | float):
        _check_range(name, value, field.metadata.get("rule", {}))


MOST = 2**31 - 1  # steps, sizes and seeds are 32-bit integers in a program
LARGEST, SMALLEST = float(np.finfo(np.float32).max), float(np.finfo(np.float32).tiny)


def _check_size(name: str, value: float, *, is_float: bool) -> None:
    """Raise `InvalidSetting` for what a program's numbers cannot hold; NaN and the infinities are in no range."""
    if not is_float and abs(value) > MOST:
        raise InvalidSetting(f"`{name}` must be at most {MOST:,}, got {plain(value)}.")
    if is_float and not math.isfinite(value):
        raise InvalidSetting(f"`{name}` must be a finite number, got {value}.")
    if is_float and value and not SMALLEST <= abs(value) <= LARGEST:
        raise InvalidSetting(
            f"`{name}` must be 0 or of a size between {SMALLEST:.2g} and {LARGEST:.2g}, as 32-bit floats are, got "
            f"{value:g}."
        )


HOLDS = {"above": operator.gt, "at_least": operator.ge, "below": operator.lt, "at_most": operator.le}


def _check_range(name: str, value: float, rule: dict[str, float]) -> None:
    if all(HOLDS[word](value, bound) for word, bound in rule.items()):
        return
    words = [f"{word.replace('_', ' ')} {plain(bound)}" for word, bound in rule.items()]
    is_percentage = rule.get("below") == 1 and 1 < value < 100
    cure = f" Did you mean {value / 100:g}?" if is_percentage else ""
    raise InvalidSetting(f"`{name}` must be {' and '.join(words)}, got {plain(value)}.{cure}")


def plain(number: float) -> str:
    """Write a number, a whole one with all its digits."""
    return f"{number:.0f}" if float(number).is_integer() and abs(number) < 1e15 else f"{number:g}"


def _has_type(value: Any, annotation: Any) -> bool:
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(_has_type(value, option) for option in typing.get_args(annotation))
    kind = origin or annotation
    if not isinstance(kind, type):
        return True
    if kind is float:
        return not isinstance(value, str | bool | tuple | list | dict | Settings | None.__class__)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _holds_leaves(default: Any) -> bool:
    if isinstance(default, tuple):
        return any(_holds_leaves(item) for item in default)
    return isinstance(default, float | Settings)


def _as_float(value: Any) -> Any:
    """Take whole numbers and NumPy's too, as they are written; −0 is 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return value
    try:
        return float(str(value)) + 0.0 if isinstance(value, np.generic) else float(value) + 0.0
    except OverflowError:  # a whole number beyond all floats
        return math.copysign(math.inf, value)


def _as_int(value: Any) -> Any:
    """Take NumPy's whole numbers too."""
    return int(value) if isinstance(value, np.integer) else value


def _as_tuple(value: Any) -> Any:
    """Take a list or an array too, and NumPy's numbers, which are what `argsort` gives."""
    if not isinstance(value, list | tuple | np.ndarray):
        return value
    items = np.atleast_1d(value) if isinstance(value, np.ndarray) else value
    return tuple(item.item() if isinstance(item, np.generic) else item for item in items)


def _same(value: Any) -> Any:
    return value


CONVERTERS = {float: _as_float, int: _as_int, tuple: _as_tuple}
