"""The one HTML file of the page, and the scripts that it is made of."""

from pathlib import Path

from groklab.page import STATIC

START = '<script type="module" src="static/main.js"></script>'


def scripts() -> dict[str, Path]:
    """Return all scripts of the page by their names, those of others left out."""
    found = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*.js")}
    return {name: found[name] for name in sorted(found) if not name.startswith("vendor/")}


def index(start: str) -> str:
    """Return the HTML file with what begins the scripts in the place of the plain tag."""
    return (STATIC / "index.html").read_text(encoding="utf-8").replace(START, start)


def served() -> str:
    """Return the HTML file for a server: all scripts are asked for at once, not as each is found to import the next."""
    preloads = [f'<link rel="modulepreload" href="static/{name}">' for name in scripts()]
    return index("\n".join([*preloads, START]))
