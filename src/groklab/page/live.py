"""What changes while somebody looks: one stream of events for everything that a browser shows."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
from anyio import to_thread

from groklab.errors import StoreError
from groklab.page.about import milestones_of, numbers, phases_of
from groklab.page.entry import Entry
from groklab.page.library import Library, News
from groklab.page.packing import as_json
from groklab.page.play import Play
from groklab.page.refusals import in_a_sentence
from groklab.store import Columns, Run

PAUSE = 0.2  # seconds between two looks at the runs that are trained
TOKEN = secrets.token_hex(4)  # of this start of the server: moments are counted anew at each
KEPT = ("step", "train_accuracy", "validation_accuracy", "train_loss", "validation_loss")  # that tell how far a run is
BEAT = 15.0  # seconds after which something is said even where nothing changes: a browser that left is noticed


class Followed:
    """A run of which the browser wants every new row; `step` is the last that it has, -1 for none."""

    def __init__(self, key: str, step: int) -> None:
        self.key, self.step, self._written, self._weights = key, step, -1.0, -1
        self._columns: Columns | None = None

    def news(self, entry: Entry) -> dict[str, Any] | None:
        """Return the rows that are new, how far the run is, and the steps whose weights are known, if any are new."""
        if entry.written == self._written:
            return None
        self._written = entry.written
        columns, weights = entry.run.metrics(after=self.step), entry.run.snapshots()
        if not columns and len(weights) == self._weights:
            return None
        self._weights = len(weights)
        if columns:
            self.step = int(columns["step"][-1])
        known = self._known(entry.run, columns)
        return {
            "key": self.key,
            "last": self.step,
            "columns": numbers(columns),
            "snapshots": weights,
            "milestones": milestones_of(entry.run, known),
            "phases": phases_of(known, entry.run.plan()["plan"]),
        }

    def _known(self, run: Run, more: Columns) -> Columns:
        """Return what tells how far a run is, of all its rows: those from before are read once."""
        if self._columns is None:
            self._columns = {name: values for name, values in run.metrics().items() if name in KEPT}
        elif more and self._columns.keys() == more.keys() & set(KEPT):
            before = self._columns["step"] < more["step"][0]
            self._columns = {name: np.concatenate([old[before], more[name]]) for name, old in self._columns.items()}
        elif more:
            self._columns = None
            return self._known(run, {})
        return self._columns


async def events(library: Library, play: Play, followed: list[Followed], known: str = "") -> AsyncIterator[bytes]:
    """Yield what changes as server-sent events, each with an id; `known` is the last id that a browser has heard.

    They are `begin`, at once; `runs` (of the list, and those that are gone), `rows` (of runs that are followed) and
    `play`. Without an id they tell what changes from now on. With that of another start of the server, the first
    `runs` are all that there are.
    """
    waited, said = 0.0, b""
    since, is_whole = _moment(known, library.news(0).until)
    yield b"retry: 1000\n" + _event("begin", b"{}", since if not is_whole else None)
    if is_whole:
        news = await to_thread.run_sync(library.news, 0)
        since = news.until
        yield _event("runs", as_json({**_lines(news), "isWhole": True}), since)
    while True:
        state = await to_thread.run_sync(play.state)
        found, since = await to_thread.run_sync(_news, library, followed, state["running"], since)
        playing = as_json(state)
        if playing != said:
            found, said = [*found, _event("play", playing, since)], playing
        waited = 0.0 if found else waited + PAUSE
        for event in found:
            yield event
        if waited > BEAT:
            waited = 0.0
            yield b": still here\n\n"
        await asyncio.sleep(PAUSE)


def _news(library: Library, followed: list[Followed], begun: list[str], since: int) -> tuple[list[bytes], int]:
    library.look()
    library.look_at(begun)
    news = library.news(since)
    events = [_event("runs", as_json(_lines(news)), news.until)] if news.changed or news.gone else []
    for each in followed:
        with contextlib.suppress(StoreError), in_a_sentence():  # removed, or being written: the next look tells
            rows = each.news(library.entry(each.key))
            events += [_event("rows", as_json(rows), news.until)] if rows else []
    return events, news.until


def _lines(news: News) -> dict[str, Any]:
    lines = [{**entry.as_dict(), "settings": entry.settings} for entry in news.changed]
    return {"runs": lines, "gone": news.gone, "isWhole": False}


def _moment(known: str, now: int) -> tuple[int, bool]:
    """Return the moment since which a browser must be told, and whether it must be told of all runs."""
    token, _, moment = known.partition("-")
    is_ours = token == TOKEN and moment.isdecimal() and int(moment[:16]) <= now
    return (int(moment), False) if is_ours else (now, bool(known))


def _event(name: str, content: bytes, moment: int | None) -> bytes:
    """Return an event; its id is what a browser sends when it connects again, without one it sends the last."""
    id = b"" if moment is None else f"id: {TOKEN}-{moment}\n".encode()
    return b"event: " + name.encode() + b"\n" + id + b"data: " + content + b"\n\n"
