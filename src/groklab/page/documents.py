"""What the page shows, by address: values of JSON, the same for a browser that asks a server and for files."""

import re
from collections.abc import Callable
from typing import Any

from groklab.errors import RunDamaged, RunMissing
from groklab.page.about import about, milestones_of
from groklab.page.claims import claims
from groklab.page.library import Library
from groklab.page.listing import listing
from groklab.page.play import offered
from groklab.page.refusals import in_a_sentence
from groklab.page.table import table
from groklab.page.workshop import Workshop

Made = Callable[..., Any]


class Documents:
    """Every document of a store, made when it is asked for."""

    def __init__(self, library: Library, workshop: Workshop) -> None:
        self.library, self.workshop = library, workshop
        self._listed: tuple[int, Any] | None = None  # the list, and the moment of which it is
        self._makers: list[tuple[re.Pattern[str], Made]] = [
            (re.compile(pattern), maker)
            for pattern, maker in (
                (r"runs", self._runs),
                (r"claims", self._claims),
                (r"play", offered),
                (r"runs/([^/]+)", self._about),
                (r"runs/([^/]+)/table", self._table),
                (r"runs/([^/]+)/commands", self._commands),
                (r"runs/([^/]+)/moments", self._moments),
                (r"runs/([^/]+)/moments/(\d{1,12})", self._moment),
                (r"runs/([^/]+)/neighbours/(\d{1,12})", self._neighbours),
                (r"runs/([^/]+)/measures", self._measures),
                (r"runs/([^/]+)/measures/([\w-]+)", self._measured),
            )
        ]

    def get(self, address: str) -> Any:
        """Return a document; raise `RunMissing` where an address stands for none, `StoreError` where one is damaged."""
        for pattern, maker in self._makers:
            found = pattern.fullmatch(address)
            if found is not None:
                with in_a_sentence():
                    self._refuse_damaged(*found.groups()[:1])
                    return maker(*found.groups())
        raise RunMissing(f"No page has the address {address[:80]!r}. #/runs lists all runs, #/ledger all claims.")

    def _refuse_damaged(self, key: str = "") -> None:
        trouble = self.library.entry(key).trouble if key else ""
        if trouble:
            raise RunDamaged(trouble)

    def _runs(self) -> Any:
        entries, now = self.library.entries(), self.library.news(0).until
        if self._listed is None or self._listed[0] != now:
            self._listed = now, listing(entries, self.library.store.folder.url)
        return self._listed[1]

    def _claims(self) -> Any:
        return claims(self.library.store)

    def _about(self, key: str) -> Any:
        return about(self.library.entry(key), self.library.entries())

    def _table(self, key: str) -> Any:
        entry = self.library.entry(key)
        return table(entry, milestones_of(entry.run, entry.run.metrics()))

    def _commands(self, key: str) -> Any:
        return self.workshop.commands(self.library.entry(key))

    def _moments(self, key: str) -> Any:
        return self.workshop.moments(self.library.entry(key))

    def _moment(self, key: str, step: str) -> Any:
        return self.workshop.moment(self.library.entry(key), int(step))

    def _neighbours(self, key: str, step: str) -> Any:
        return self.workshop.neighbours(self.library.entry(key), int(step))

    def _measures(self, key: str) -> Any:
        return self.workshop.measures(self.library.entry(key))

    def _measured(self, key: str, name: str) -> Any:
        return self.workshop.measured(self.library.entry(key), name)
