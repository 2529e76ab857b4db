"""Imports go down, never up, never sideways, and never in a circle."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "src" / "groklab"
ROWS = (
    ("errors", "memory_maps", "machine", "chance", "wide", "naming", "columns"),
    ("types", "trees"),
    ("settings", "milestones", "phases", "estimates", "motion", "data", "theory", "algebra"),
    ("tasks", "models", "objectives", "optimizers", "measures", "landscapes", "slingshots"),
    ("training", "store"),
    ("runner", "plots", "predictions", "rules"),
    ("papers", "diagnosis", "tracking", "teaching"),
    ("page",),
    ("cli",),
    ("__main__",),
)
ROW = {name: number for number, names in enumerate(ROWS) for name in names}


def part(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def imports_of(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            is_root = node.module == "groklab"
            names |= {f"groklab.{each.name}" for each in node.names} if is_root else {node.module}
        elif isinstance(node, ast.ImportFrom):
            names.add("relative")
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    return names


def modules():
    return [path for path in sorted(ROOT.rglob("*.py")) if path.parent != ROOT or path.name != "__init__.py"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_from_lower_rows_and_its_own_folder_only(path):
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for name in imports_of(path):
        assert name != "relative"
        if name.startswith("groklab.") and part(name) != own:
            assert ROW[part(name)] < ROW[own], f"{path.relative_to(ROOT)} imports {name}"


def test_every_part_has_a_row():
    parts = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in modules()}
    assert parts == set(ROW)


def test_no_module_imports_itself_in_a_circle():
    graph = {}
    for path in ROOT.rglob("*.py"):
        name = ".".join(("groklab", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        graph[name] = {each for each in imports_of(path) if each.startswith("groklab")}
    state: dict[str, int] = {}

    def visit(name, trail):
        if state.get(name) == 2:
            return
        assert state.get(name) != 1, " → ".join([*trail, name])
        state[name] = 1
        for each in graph.get(name, ()):
            if not name.startswith(f"{each}."):  # a package lists its modules; they do not import it back
                visit(each, [*trail, name])
        state[name] = 2

    for name in graph:
        visit(name, [])


@pytest.mark.parametrize(
    "module",
    [
        "groklab",
        "groklab.store",
        "groklab.plots",
        "groklab.papers.catalogue",
        "groklab.papers.ledger",
        "groklab.cli.claims_command",
        "groklab.cli.list_command",
    ],
)
def test_what_reads_does_not_wait_for_jax(module):
    code = f"import sys, {module}; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_public_names_are_what_can_be_had():
    import groklab

    assert groklab.__all__ == sorted(groklab.__all__)
    assert all(getattr(groklab, name) is not None for name in groklab.__all__)
    assert dir(groklab) == groklab.__all__
    with pytest.raises(AttributeError):
        groklab.nothing_of_the_kind  # noqa: B018


def test_no_module_is_over_400_lines_and_no_function_over_40():
    for path in modules():
        text = path.read_text()
        assert len(text.splitlines()) <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                size = node.end_lineno - node.lineno + 1 - len((ast.get_docstring(node) or "").splitlines())
                assert size <= 40, f"{path}: {node.name} has {size} lines"
