"""The ledger for the page: every claim with its verdict, and the picture of its figure."""

import math
import re
from pathlib import Path
from typing import Any

from groklab.errors import RunMissing, StoreError
from groklab.papers import PAPERS, ledger
from groklab.papers.catalogue import figures, title
from groklab.papers.claims import Verdict
from groklab.store import Store

PICTURE = re.compile(r"[\w-]+\.[\w-]+\.(laptop|paper)\.png")
FOLDER = "figures"
PNG = b"\x89PNG\r\n\x1a\n"  # begins every such file


def claims(store: Store) -> dict[str, Any]:
    """Return all figures that can be reproduced, by paper, and all verdicts in a store."""
    try:
        verdicts, trouble = ledger.read(store), ""
    except StoreError as error:  # a broken ledger must not hide what can be reproduced
        verdicts, trouble = [], str(error)
    return {
        "papers": [{"paper": paper, "title": title(paper), "figures": _figures(paper)} for paper in PAPERS],
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "pictures": pictures(store),
        "trouble": trouble,
    }


def pictures(store: Store) -> list[str]:
    """Return the names of all figures; what is none, or lies elsewhere through a link, is passed over."""
    try:
        found = store.folder.folder(FOLDER).names()
    except StoreError:  # a file has the name of the folder: nobody's figures are in it
        return []
    return [name for name in found if PICTURE.fullmatch(name) and _is_picture(store, name)]


def picture(store: Store, name: str) -> bytes:
    """Return a figure as PNG; raise `RunMissing` where there is none of this name."""
    if not PICTURE.fullmatch(name) or not _is_picture(store, name):
        raise RunMissing(f"No picture has the name {name[:80]!r}. Those of a store are PAPER.FIGURE.SCALE.png.")
    return store.folder.folder(FOLDER).read(name)


def _is_picture(store: Store, name: str) -> bool:
    """Whether a file of this store is a PNG; a link could lead to anything that this account may read."""
    if store.folder.local_path is None:
        return True  # there are no links, and to look into each is a request
    root, place = Path(store.folder.local_path).resolve(), Path(store.folder.local_path, FOLDER, name)
    try:
        if not place.is_file() or not place.resolve().is_relative_to(root):
            return False
        with place.open("rb") as opened:
            return opened.read(len(PNG)) == PNG
    except (OSError, RuntimeError):  # removed meanwhile, not ours to read, or a link to itself
        return False


def _figures(paper: str) -> list[dict[str, str]]:
    return [{"name": entry.name, "shows": entry.summary} for entry in figures(paper)]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    scale = "" if verdict.scale == "laptop" else f" --scale {verdict.scale}"
    return {
        "paper": verdict.paper,
        "figure": verdict.figure,
        "scale": verdict.scale,
        "verdict": verdict.verdict,
        "because": verdict.because,
        "claim": verdict.claim._asdict(),
        "measured": ledger.in_words(verdict),
        "interval": [_number(each) for each in verdict.found[:3]],
        "count": verdict.found.count,
        "made": verdict.made._asdict(),
        "command": f"groklab reproduce {verdict.paper}/{verdict.figure}{scale}",
    }


def _number(value: float) -> float | str | None:
    """Return a number as JSON has it; what is infinite or unknown as a word."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else "inf" if value > 0 else "-inf"
