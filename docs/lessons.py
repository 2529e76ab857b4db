"""Runs the lessons for `make lessons`: each becomes one file that needs neither Python nor a network to be read.

python docs/lessons.py FOLDER [LESSON ...]
"""

import ast
import html
import multiprocessing
import re
import runpy
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from groklab.teaching.classroom import DOUBT

ROOT = Path(__file__).parent.parent
LESSONS = {each.stem: each for each in sorted((ROOT / "lessons").glob("[0-9]*.py"))}
MOST_SECONDS = 120  # of CPU, for each lesson
CONTROL = re.compile(r"<marimo-ui-element.*?</marimo-ui-element>", re.DOTALL)  # they need Python behind them
LABEL = re.compile(r"data-label='(.*?)'")
PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 17px/1.55 system-ui, sans-serif; }}
body {{ max-width: 46rem; margin: 0 auto; padding: 1rem 1rem 4rem; }}
.paragraph {{ display: block; margin: 0.8em 0; }}
h1, h2 {{ line-height: 1.25; margin: 1.6em 0 0.4em; }}
img {{ background: white; border-radius: 4px; }}
pre {{ overflow-x: auto; padding: 0.7rem; border: 1px solid color-mix(in srgb, currentcolor 25%, transparent);
      border-radius: 4px; font-size: 0.8rem; line-height: 1.4; }}
details {{ margin: 0.6em 0; }}
summary {{ cursor: pointer; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 0.9rem; }}
th, td {{ padding: 0.25rem 0.7rem; border-bottom: 1px solid color-mix(in srgb, currentcolor 25%, transparent); }}
.control, .note {{ border: 1px dashed color-mix(in srgb, currentcolor 45%, transparent); border-radius: 4px;
                   padding: 0.4rem 0.7rem; font-size: 0.85rem; }}
</style>
<p class="note">On this page sliders stand still. Where groklab is installed,
<code>marimo run lessons/{name}.py</code> makes them move, and <code>marimo edit</code> lets you change the code.</p>
{body}
</html>
"""


def page_of(lesson: Path) -> tuple[str, float]:
    """Run a lesson and return its page, and the seconds of CPU that it took; raise where a cell does."""
    began = time.process_time()
    app = runpy.run_path(str(lesson))["app"]
    shown, _ = app.run()
    parts = [part for each in zip(cells_of(lesson), shown, strict=True) for part in parts_of(*each)]
    title = re.search(r'app_title="(.*?)"', lesson.read_text(encoding="utf-8"))
    words = html.escape(title[1] if title else lesson.stem)
    return PAGE.format(title=words, name=lesson.stem, body="\n".join(parts)), time.process_time() - began


def cells_of(lesson: Path) -> Iterator[str]:
    """Yield the code of each cell that shows it, and nothing for the others."""
    text = lesson.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            is_hidden = any(isinstance(mark, ast.Call) for mark in node.decorator_list)
            lines = text.splitlines()[node.lineno - 1 : node.body[-1].lineno - 1]  # without what it hands on
            begin = next(place for place, line in enumerate(lines) if line.endswith("):")) + 1
            yield "" if is_hidden else textwrap.dedent("\n".join(lines[begin:]))


def parts_of(code: str, shown: Any) -> Iterator[str]:
    """Yield the parts of a page that are of a cell: its code, folded away, and what it shows."""
    import marimo

    if code:
        yield f"<details><summary>Code</summary><pre>{html.escape(code.strip())}</pre></details>"
    if shown is not None:
        still = CONTROL.sub(_stands_still, marimo.as_html(shown).text)
        yield still.replace("<table>", '<div class="wide"><table>').replace("</table>", "</table></div>")


def _stands_still(control: re.Match[str]) -> str:
    label = LABEL.search(control[0])
    text = html.unescape(html.unescape(label[1])).encode().decode("unicode_escape") if label else ""
    words = re.sub(r"<[^>]*>", "", text.encode("latin-1", "ignore").decode("utf-8", "ignore")).strip(' "')
    return f'<p class="control">◦ {html.escape(words)}</p>'


def export(folder: Path, chosen: list[str]) -> None:
    """Write the pages of lessons, of all where none is chosen; end with what is wrong where one fails."""
    if unknown := sorted(set(chosen) - set(LESSONS)):
        sys.exit(f"No lesson is called {unknown[0]}. There are {', '.join(LESSONS)}.")
    folder.mkdir(parents=True, exist_ok=True)
    if failed := [trouble for name in chosen or LESSONS if (trouble := _written(name, folder))]:
        sys.exit("\n".join(failed))


def _written(name: str, folder: Path) -> str:
    """Write the page of a lesson and say what it took; return what is wrong with it, if anything."""
    context = multiprocessing.get_context("spawn")  # each from a fresh start, so that its time is its own
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            text, took = pool.submit(page_of, LESSONS[name]).result()
        except Exception as error:
            return f"{name}: a cell failed: {type(error).__name__}: {error}"
    (folder / f"{name}.html").write_text(text, encoding="utf-8")
    print(f"{name}: {took:.0f} seconds of CPU", flush=True)
    if doubt := re.search(rf"{DOUBT}.*?[.]", text):
        return f"{name}: {doubt[0]}"
    return f"{name}: it took more than {MOST_SECONDS} seconds." if took > MOST_SECONDS else ""


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("It needs a folder for the pages: python docs/lessons.py FOLDER [LESSON ...]")
    try:
        import marimo as marimo
    except ImportError:
        sys.exit('The lessons need marimo, which is not installed: pip install ".[lessons]".')
    export(Path(sys.argv[1]), sys.argv[2:])
