"""What there is to choose from, read from the sources without importing them: importing JAX takes a second."""

import ast
import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
BASES = {"Settings", "Task", "Operation", "Model", "OnFeatures", "Rule", "Measure", "Circuit", "Stream"} | {
    "Objective",
    "OfClasses",
    "OfTwoClasses",
    "Filter",
    "Constraint",
}
INSIDE = ("Stage",)  # what commands write, and nobody by hand
PART = "…"  # stands for the default of a field that has settings of its own


class Entry(NamedTuple):
    """A kind of settings: its name, its one-line summary and its fields."""

    name: str
    summary: str
    fields: tuple[tuple[str, str, str], ...]  # (name, default, help)


def kinds(package: str, skip: tuple[str, ...] = ()) -> list[Entry]:
    """Return the settings classes of a package that declare fields or end a family, in order of their files."""
    found = []
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / package).rglob("*.py"))]
    constants = _constants(trees)
    for tree in trees:
        for node in tree.body:
            if not isinstance(node, ast.ClassDef) or not _is_settings(node) or node.name in (*skip, *INSIDE):
                continue
            fields = tuple(_fields(node, constants))
            if fields or not _is_abstract(node):
                found.append(Entry(node.name, (ast.get_docstring(node) or "").split("\n")[0], fields))
    return found


def operations() -> list[tuple[str, str]]:
    """Return the names of the modular operations and what they compute."""
    tree = ast.parse((ROOT / "tasks" / "modular.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if not isinstance(node, ast.Assign) or getattr(node.targets[0], "id", "") != "OPERATIONS":
            continue
        if isinstance(node.value, ast.Dict):
            names = [ast.literal_eval(key) for key in node.value.keys if key is not None]
            return list(zip(names, [_last_text(value) for value in node.value.values], strict=True))
    return []


def _is_settings(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base) for base in node.bases}
    return bool(bases & BASES)


def _is_abstract(node: ast.ClassDef) -> bool:
    return any(
        isinstance(item, ast.FunctionDef) and any("abstractmethod" in ast.unparse(mark) for mark in item.decorator_list)
        for item in node.body
    )


def _constants(trees: Sequence[ast.Module]) -> dict[str, Any]:
    """Return the texts and tuples of texts that modules name."""
    found = {}
    for node in (node for tree in trees for node in tree.body if isinstance(node, ast.Assign)):
        if isinstance(node.value, ast.Constant | ast.Tuple):
            with contextlib.suppress(ValueError):  # it holds names of its own
                found[ast.unparse(node.targets[0])] = ast.literal_eval(node.value)
    return found


def _fields(node: ast.ClassDef, constants: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        _field(item.target, item.value, constants)
        for item in node.body
        if isinstance(item, ast.AnnAssign)
        and isinstance(item.value, ast.Call)
        and ast.unparse(item.value.func) == "setting"
    ]


def _field(target: ast.expr, call: ast.Call, constants: Mapping[str, Any]) -> tuple[str, str, str]:
    default, text = call.args[:2]
    choices = next((word.value for word in call.keywords if word.arg == "choices"), None)
    found = _value(choices, constants) if isinstance(choices, ast.Tuple | ast.Name) else ()
    options = f" ({', '.join(map(str, found))})" if found else ""
    shown = str(default.value) if isinstance(default, ast.Constant) else PART
    return ast.unparse(target), shown, f"{_value(text, constants)}{options}"


def _value(node: ast.expr, constants: Mapping[str, Any]) -> Any:
    return constants.get(node.id, ()) if isinstance(node, ast.Name) else ast.literal_eval(node)


def _last_text(call: ast.expr) -> str:
    return ast.literal_eval(call.args[-1]) if isinstance(call, ast.Call) else ""
