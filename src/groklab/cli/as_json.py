"""What `list` and `show` know, as JSON for other programs. Numbers that are none are null."""

import json
import math
from typing import Any

from groklab.cli import catalogue
from groklab.errors import StoreError
from groklab.papers import PAPERS
from groklab.papers.catalogue import figures, title
from groklab.store import Run, Store
from groklab.store.words import settings


def text_of(value: Any) -> str:
    """Return values as JSON text."""
    return json.dumps(_plain(value), indent=1, ensure_ascii=False)


def listed(section: str, store: Store) -> Any:
    """Return one section of `list`."""
    if section == "tasks":
        return [{"word": word, "computes": formula} for word, formula in catalogue.operations()]
    if section == "papers":
        return [{"paper": paper, "title": title(paper), "figures": _figures(paper)} for paper in PAPERS]
    if section == "runs":
        return [run_of(run) for run in store.runs()]
    return [_kind(kind) for kind in catalogue.kinds("training" if section == "settings" else section)]


def run_of(run: Run) -> dict[str, Any]:
    """Return what a run's files say of it; of a damaged run, what is damaged."""
    known = {"run": run.name, "id": run.id, "folder": run.folder.url}
    try:
        about = run.plan()
        return {**known, "task": about["task"], **run.status(), "settings": settings(run)}
    except StoreError as error:
        return {**known, "damaged": str(error)}


def _figures(paper: str) -> list[dict[str, str]]:
    return [{"figure": f"{paper}/{entry.name}", "shows": entry.summary} for entry in figures(paper)]


def _kind(kind: catalogue.Entry) -> dict[str, Any]:
    fields = [{"setting": name, "default": default, "help": text} for name, default, text in kind.fields]
    return {"kind": kind.name, "summary": kind.summary, "settings": fields}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
