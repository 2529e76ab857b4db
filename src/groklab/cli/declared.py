"""What commands and settings declare, read from the sources without importing them: importing JAX takes a second."""

import ast
import functools
from collections.abc import Iterator
from typing import NamedTuple

from groklab.cli.catalogue import ROOT
from groklab.naming import word_of

FLAGS = ("store_true", "store_false", "count", "version", "help")  # what argparse calls options without a value


class Argument(NamedTuple):
    """An argument of a command; a positional one has no names."""

    names: tuple[str, ...]
    choices: tuple[str, ...]
    takes_value: bool
    help: str


def arguments(command: str) -> list[Argument]:
    """Return what a command takes, in the order in which it says so."""
    return list(_arguments(f"groklab.cli.{command}_command", "configure"))


def words(module: str, name: str) -> tuple[str, ...]:
    """Return the words that a constant lists: texts, the keys of a mapping, or classes in lower case."""
    for node in _tree(module).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            origin = next((each.name for each in node.names if (each.asname or each.name) == name), None)
            if origin:
                return words(node.module, origin)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if name in map(ast.unparse, targets):
                return _listed(module, node.value)
    return ()


def choices(package: str) -> dict[str, tuple[str, ...]]:
    """Return what each setting of a package can be, of those that are a choice; what several classes say is joined."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        module = ".".join(("groklab", *path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(_tree(module)):
            if isinstance(node, ast.AnnAssign) and (options := _options(module, node)):
                name = ast.unparse(node.target)
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *options)))
    return found


def _options(module: str, node: ast.AnnAssign) -> tuple[str, ...]:
    if not isinstance(node.value, ast.Call) or ast.unparse(node.value.func) != "setting":
        return ()
    if ast.unparse(node.annotation) == "bool":
        return ("true", "false")
    value = _keyword(node.value, "choices")
    return _listed(module, value) if value else ()


def _arguments(module: str, function: str) -> Iterator[Argument]:
    """Yield what a function declares, and what the functions that it calls declare for it."""
    for node in _tree(module).body:
        if isinstance(node, ast.ImportFrom) and node.module and function in [each.name for each in node.names]:
            yield from _arguments(node.module, function)
        elif isinstance(node, ast.FunctionDef) and node.name == function:
            for each in node.body:
                call = each.value if isinstance(each, ast.Expr) else None
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    yield from _arguments(module, call.func.id)
                elif isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".add_argument"):
                    yield _argument(module, call)


def _argument(module: str, call: ast.Call) -> Argument:
    names = tuple(name for name in map(_text, call.args) if name.startswith("-"))
    value, action = _keyword(call, "choices"), _keyword(call, "action")
    is_flag = action is not None and _text(action) in FLAGS
    help = _keyword(call, "help")
    return Argument(names, _listed(module, value) if value else (), not is_flag, _text(help) if help else "")


def _listed(module: str, node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(word_of(each.id) if isinstance(each, ast.Name) else _text(each) for each in node.elts)
    if isinstance(node, ast.Dict):
        return tuple(_text(key) for key in node.keys if key)
    if isinstance(node, ast.Call) and node.args:  # tuple(NAMES)
        return _listed(module, node.args[0])
    return words(module, node.id) if isinstance(node, ast.Name) else ()


def _text(node: ast.expr) -> str:
    """Return a constant as text; of a text with something put into it, what stands before."""
    if isinstance(node, ast.JoinedStr):
        return _text(node.values[0]).rpartition(" (")[0]
    return str(node.value) if isinstance(node, ast.Constant) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((word.value for word in call.keywords if word.arg == name), None)


@functools.cache
def _tree(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split(".")[1:])
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))
