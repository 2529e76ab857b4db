"""Gathers the pages of the site for `make docs`: what is written, as it lies, and a reference from the docstrings."""

import ast
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import groklab

ROOT = Path(__file__).parent.parent
WRITTEN = ("README.md", "CHANGELOG.md", "CLAIMS.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md", "docs/*.png")
SOURCES = "https://github.com/groklab/groklab/blob/main"
LESSONS = ROOT / "build/lessons"  # what `make lessons` has made
LINK = re.compile(r"(?<=\]\()[^)#:]+(?=\))")
PACKAGES = sorted(set(groklab._PLACES.values()))
PARTS = (  # what a part of one's own is made of
    "groklab.settings",
    "groklab.types",
    "groklab.estimates",
    "groklab.papers.claims",
    "groklab.papers.figure",
    "groklab.papers.reproduce",
)
Described = ast.ClassDef | ast.FunctionDef


def gather(folder: Path) -> None:
    """Write all pages into a folder, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    files = [path for pattern in WRITTEN for path in ROOT.glob(pattern)]
    for path in files:
        place = folder / path.relative_to(ROOT)
        if path.suffix == ".md":
            write(place, linked(path, files))
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
    if LESSONS.exists():
        shutil.copytree(LESSONS, folder / "lessons")
    write(folder / "reference/index.md", "\n".join(public_names()))
    write(folder / "reference/parts.md", "\n".join(["# For parts of your own\n", *map(reference, PARTS)]))
    for package in PACKAGES:
        write(folder / "reference" / page_of(package), "\n".join(described(package)))


def write(place: Path, text: str) -> None:
    """Write a page, and the folders above it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def linked(path: Path, pages: list[Path]) -> str:
    """Return a page whose links to what is not on the site lead to the sources."""

    def there(link: re.Match[str]) -> str:
        target = Path(os.path.normpath(path.parent / link[0]))
        if target.parent.name == "lessons" and (LESSONS / f"{target.stem}.html").exists():
            return f"{link[0].removesuffix('.py')}.html"
        is_elsewhere = target.exists() and target not in pages
        return f"{SOURCES}/{target.relative_to(ROOT)}" if is_elsewhere else link[0]

    return LINK.sub(there, path.read_text(encoding="utf-8"))


def public_names() -> Iterator[str]:
    """Yield a table of the public names, each with a link to where it is described."""
    yield "# The public names\n\n`import groklab as gl` gives:\n\n| name | what it is |\n| --- | --- |"
    for name, place in groklab._PLACES.items():
        found = None if place == f"groklab.{name}" else home(name, place)
        anchor, node = (f"#{found[0]}.{name}", found[1]) if found else ("", tree(place))
        summary = (ast.get_docstring(node) or "").split("\n")[0]
        yield f"| [`gl.{name}`]({page_of(place)}{anchor}) | {summary} |"


def described(package: str) -> Iterator[str]:
    """Yield the page of a package: what it is, and the classes and functions that it offers, wherever they are."""
    homes = [home(each.name, package) for each in imported(package)]
    found = [f"{module}.{node.name}" for module, node in filter(None, homes)]
    yield reference(package, 1, *(["members: false"] if found else []))
    yield from map(reference, found)


def home(name: str, module: str) -> tuple[str, Described] | None:
    """Return the module that a class or a function comes from, and its tree; None for anything else."""
    for node in tree(module).body:
        if isinstance(node, Described) and node.name == name:
            return module, node
        if isinstance(node, ast.ImportFrom) and node.module and name in [each.name for each in node.names]:
            return home(name, node.module)
    return None


def imported(package: str) -> Iterator[ast.alias]:
    """Yield what a package offers of what its modules make; a single module imports nothing to offer it."""
    for node in tree(package).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package}."):
            yield from node.names


def tree(module: str) -> ast.Module:
    """Return the syntax tree of a module or a package."""
    path = ROOT.joinpath("src", *module.split("."))
    return ast.parse((path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8"))


def page_of(package: str) -> str:
    """Return the name of the page that describes a package."""
    return f"{package.removeprefix('groklab.')}.md"


def reference(place: str, level: int = 2, *options: str) -> str:
    """Return the lines from which mkdocstrings makes a description."""
    return (
        f"::: {place}\n    options:"
        + "".join(f"\n      {line}" for line in (f"heading_level: {level}", *options))
        + "\n"
    )


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
