"""Tells the reference what the fields of settings are: their help, their rule and their default."""

from collections.abc import Iterator
from typing import Any, TypeGuard

import griffe

RULES = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most", "choices": "one of"}
Value = griffe.Expr | str


class Settings(griffe.Extension):
    """Takes the line of help of a `setting` for the docstring of its field."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Change the fields that are made by `setting`; only now can names in them be looked up."""
        for field in _attributes(pkg):
            if isinstance(field.value, griffe.ExprCall) and str(field.value.function) == "setting":
                _describe(field, field.value)


def _attributes(owner: griffe.Module | griffe.Class) -> Iterator[griffe.Attribute]:
    for member in owner.members.values():
        if isinstance(member, griffe.Module | griffe.Class):
            yield from _attributes(member)
        elif isinstance(member, griffe.Attribute):
            yield member


def _describe(field: griffe.Attribute, call: griffe.ExprCall) -> None:
    default, help, *rest = call.arguments
    text = _words(_known(field, help))
    rules = [(RULES[each.name], _known(field, each.value)) for each in rest if _is_rule(each)]
    said = [f"{text[:1].upper()}{text[1:]}", *(f"{rule} {_words(bound)}" for rule, bound in rules)]
    field.value = default
    field.docstring = griffe.Docstring("; ".join(said) + ".", parent=field)


def _is_rule(argument: Value) -> TypeGuard[griffe.ExprKeyword]:
    return isinstance(argument, griffe.ExprKeyword) and argument.name in RULES


def _known(field: griffe.Attribute, value: Value) -> Value:
    """Return what a name stands for, and of `tuple(NAME)` what its name does; anything else as it is."""
    if isinstance(value, griffe.ExprCall) and str(value.function) == "tuple":
        return _known(field, value.arguments[0])
    if not isinstance(value, griffe.ExprName):
        return value
    return field.modules_collection[value.canonical_path].value or value


def _words(value: Value) -> str:
    """Write a text or a number without quotes, and what lists words as these words."""
    if isinstance(value, griffe.ExprTuple | griffe.ExprDict):
        listed = value.elements if isinstance(value, griffe.ExprTuple) else value.keys
        return ", ".join(str(each).strip("'\"") for each in listed)
    return str(value).strip("'\"")
