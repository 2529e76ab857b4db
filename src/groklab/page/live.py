"""What changes while somebody looks: one stream of events for everything that a browser shows."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from anyio import to_thread

from groklab.errors import StoreError
from groklab.page.about import numbers
from groklab.page.entry import Entry
from groklab.page.library import Library, News
from groklab.page.packing import as_json
from groklab.page.play import Play
from groklab.page.refusals import in_a_sentence

PAUSE = 0.2  # seconds between two looks at the runs that are trained
BEAT = 15.0  # seconds after which something is said even where nothing changes: a browser that left is noticed


class Followed:
    """A run of which the browser wants every new row; `step` is the last that it has, -1 for none."""

    def __init__(self, key: str, step: int) -> None:
        self.key, self.step, self._written, self._weights = key, step, -1.0, -1

    def news(self, entry: Entry) -> dict[str, Any] | None:
        """Return the rows that are new, and the steps whose weights are known, where there is anything new."""
        if entry.written == self._written:
            return None
        self._written = entry.written
        columns, weights = entry.run.metrics(after=self.step), entry.run.snapshots()
        if not columns and len(weights) == self._weights:
            return None
        self._weights = len(weights)
        if columns:
            self.step = int(columns["step"][-1])
        return {"key": self.key, "last": self.step, "columns": numbers(columns), "snapshots": weights}


async def events(
    library: Library, play: Play, followed: list[Followed], since: int | None = None
) -> AsyncIterator[bytes]:
    """Yield what changes since a moment, or from now on, as server-sent events.

    They are `runs` (of the list, those that are gone too, and the moment), `rows` (of runs that are followed) and
    `play`.
    """
    waited, said = 0.0, b""
    since = library.news(0).until if since is None else since
    yield b"retry: 1000\n\n"
    while True:
        state = await to_thread.run_sync(play.state)
        found, since = await to_thread.run_sync(_news, library, followed, state["running"], since)
        playing = as_json(state)
        if playing != said:
            found, said = [*found, _event("play", playing)], playing
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
    events = [_event("runs", as_json(_lines(news)))] if news.changed or news.gone else []
    for each in followed:
        with contextlib.suppress(StoreError), in_a_sentence():  # removed, or being written: the next look tells
            rows = each.news(library.entry(each.key))
            events += [_event("rows", as_json(rows))] if rows else []
    return events, news.until


def _lines(news: News) -> dict[str, Any]:
    lines = [{**entry.as_dict(), "settings": entry.settings} for entry in news.changed]
    return {"runs": lines, "gone": news.gone, "until": news.until}


def _event(name: str, content: bytes) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + content + b"\n\n"
