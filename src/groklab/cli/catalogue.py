"""What there is to choose from, read from the sources without importing them: importing JAX takes a second."""

import ast
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PART = "…"  # stands for the default of a field that has settings of its own


class Entry(NamedTuple):
    """A kind of settings: its name, its one-line summary and its fields."""

    name: str
    summary: str
    fields: tuple[tuple[str, str, str], ...]  # (name, default, help)


def kinds(package: str, skip: tuple[str, ...] = ()) -> list[Entry]:
    """Return the settings classes of a package that declare fields or end a family, in order of their files."""
    found = []
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if not isinstance(node, ast.ClassDef) or not _is_settings(node) or node.name in skip:
                continue
            fields = tuple(_fields(node))
            if fields or not _is_abstract(node):
                found.append(Entry(node.name, (ast.get_docstring(node) or "").split("\n")[0], fields))
    return found


def operations() -> list[tuple[str, str]]:
    """Return the names of the modular operations and what they compute."""
    tree = ast.parse((ROOT / "tasks" / "modular.py").read_text())
    for node in tree.body:
        if not isinstance(node, ast.Assign) or getattr(node.targets[0], "id", "") != "OPERATIONS":
            continue
        if isinstance(node.value, ast.Dict):
            names = [ast.literal_eval(key) for key in node.value.keys if key is not None]
            return list(zip(names, [_last_text(value) for value in node.value.values], strict=True))
    return []


def _is_settings(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base) for base in node.bases}
    return bool(bases & {"Settings", "Task", "Operation", "Model", "Rule", "Measure", "Circuit", "Stream"})


def _is_abstract(node: ast.ClassDef) -> bool:
    return any(
        isinstance(item, ast.FunctionDef) and any("abstractmethod" in ast.unparse(mark) for mark in item.decorator_list)
        for item in node.body
    )


def _fields(node: ast.ClassDef) -> list[tuple[str, str, str]]:
    return [
        _field(item.target, item.value)
        for item in node.body
        if isinstance(item, ast.AnnAssign)
        and isinstance(item.value, ast.Call)
        and ast.unparse(item.value.func) == "setting"
    ]


def _field(target: ast.expr, call: ast.Call) -> tuple[str, str, str]:
    default, text = call.args[:2]
    choices = next((word.value for word in call.keywords if word.arg == "choices"), None)
    options = f" ({', '.join(map(str, ast.literal_eval(choices)))})" if isinstance(choices, ast.Tuple) else ""
    shown = str(default.value) if isinstance(default, ast.Constant) else PART
    return ast.unparse(target), shown, ast.literal_eval(text) + options


def _last_text(call: ast.expr) -> str:
    return ast.literal_eval(call.args[-1]) if isinstance(call, ast.Call) else ""
