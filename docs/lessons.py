"""Runs the lessons for `make lessons`: each becomes a page that needs no Python, and one that fails ends it.

python docs/lessons.py FOLDER [LESSON ...]
"""

import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import marimo

ROOT = Path(__file__).parent.parent
# Pages of marimo take its scripts from elsewhere. The site loads nothing from elsewhere, so that they lie beside it.
ELSEWHERE = re.compile(r"https://[^\s\"']+?/frontend@[^/\"']+/dist/")
BESIDE = "marimo"
MOST_SECONDS = 120  # of CPU, for each lesson


def export(folder: Path, chosen: list[str]) -> None:
    """Run lessons, all where none is chosen, and write their pages into a folder; end with an error where one fails."""
    folder.mkdir(parents=True, exist_ok=True)
    scripts = Path(marimo.__file__).parent / "_static"
    shutil.copytree(scripts, folder / BESIDE, ignore=shutil.ignore_patterns("*.md"), dirs_exist_ok=True)
    lessons = sorted((ROOT / "lessons").glob("[0-9]*.py"))
    failed = [each.stem for each in lessons if each.stem in (chosen or [each.stem]) and not _exported(each, folder)]
    if failed:
        sys.exit(f"These lessons failed: {', '.join(failed)}.")


def _exported(lesson: Path, folder: Path) -> bool:
    """Run a lesson, say what it took, write its page, and return whether all of its cells ran, within the time."""
    page = folder / f"{lesson.stem}.html"
    before = _seconds()
    command = [sys.executable, "-m", "marimo", "export", "html", "--no-include-code", "--force", lesson, "-o", page]
    is_whole = subprocess.run(command, check=False).returncode == 0
    took = _seconds() - before
    print(f"{lesson.stem}: {took:.0f} seconds of CPU", flush=True)
    if not is_whole or took > MOST_SECONDS:
        return False
    text, addresses = ELSEWHERE.subn(f"./{BESIDE}/", page.read_text(encoding="utf-8"))
    page.write_text(text, encoding="utf-8")
    return addresses > 0


def _seconds() -> float:
    """Return the CPU seconds of the processes that have been run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    export(Path(sys.argv[1]), sys.argv[2:])
