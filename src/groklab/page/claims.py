"""The ledger for the page: every claim with its verdict, and the picture of its figure."""

import math
import re
from typing import Any

from groklab.errors import RunMissing, StoreError
from groklab.papers import PAPERS, ledger
from groklab.papers.catalogue import figures, title
from groklab.papers.claims import Verdict
from groklab.store import Store

PICTURE = re.compile(r"[\w-]+\.[\w-]+\.(laptop|paper)\.png")
FOLDER = "figures"


def claims(store: Store) -> dict[str, Any]:
    """Return all figures that can be reproduced, by paper, and all verdicts in a store."""
    try:
        verdicts, trouble = ledger.read(store), ""
    except StoreError as error:  # a broken ledger must not hide what can be reproduced
        verdicts, trouble = [], str(error)
    pictures = [name for name in store.folder.folder(FOLDER).names() if PICTURE.fullmatch(name)]
    return {
        "papers": [{"paper": paper, "title": title(paper), "figures": _figures(paper)} for paper in PAPERS],
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "pictures": pictures,
        "trouble": trouble,
    }


def picture(store: Store, name: str) -> bytes:
    """Return a figure as PNG; raise `RunMissing` where there is none of this name."""
    if not PICTURE.fullmatch(name):
        raise RunMissing(f"No picture has the name {name[:80]!r}. Those of a store are PAPER.FIGURE.SCALE.png.")
    return store.folder.folder(FOLDER).read(name)


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
