"""GAP, where it is installed: the number of a group in its library of small groups."""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from jaxtyping import Int

from groklab.algebra.isomorphism import generators

HOW_TO_HAVE_GAP = 'pip install "groklab[gap]"'
SECONDS = 60
_FOUND = re.compile(r"\[ (\d+), (\d+) \] (.*)")


def small_group(group: Int[np.ndarray, "order order"]) -> str:
    """Return what GAP calls a group, such as `SmallGroup(16, 13), (C4 x C2) : C2`; nothing where it is not installed.

    It is an executable `gap`, or comes with `pip install "groklab[gap]"`.
    """
    start = command()
    if not start:
        return ""
    rows = (", ".join(str(at + 1) for at in group[x]) for x in generators(group, np.zeros(len(group), int)))
    moves = ", ".join(f"PermList([{row}])" for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "group.g"
        script.write_text(f'G := Group([{moves}]);; Print(IdGroup(G), " ", StructureDescription(G), "\\n"); QUIT;\n')
        try:
            answer = subprocess.run([*start, str(script)], capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ""
    match = _FOUND.search(answer.stdout)
    return f"SmallGroup({match[1]}, {match[2]}), {match[3]}" if match else ""


def command() -> list[str]:
    """Return how GAP is started: the one of the extra, which must be told where its library is, or one on the path."""
    options = ["-q", "-A", "-r", "--quitonbreak"]
    spec = importlib.util.find_spec("passagemath_gap")
    if spec is not None and spec.origin is not None:
        root = Path(spec.origin).parent.parent / "gap"
        if (root / "gap").is_file():
            return [str(root / "gap"), "-l", str(root), *options]
    place = shutil.which("gap")
    return [place, *options] if place else []
