"""The list of all runs, in columns: settings that many runs share are written once."""

from collections.abc import Sequence
from typing import Any

from groklab.page.entry import Entry


def listing(entries: Sequence[Entry], place: str) -> dict[str, Any]:
    """Return all runs for the list: a dict a run, and for every setting its values and which of them a run has."""
    return {
        "store": place,
        "runs": [entry.as_dict() for entry in entries],
        "settings": {name: _coded(entries, name) for name in _names(entries)},
    }


def _names(entries: Sequence[Entry]) -> list[str]:
    return list(dict.fromkeys(name for entry in entries for name in entry.settings))


def _coded(entries: Sequence[Entry], name: str) -> dict[str, Any]:
    """Return the values of a setting, and the place of each run's among them; -1 where it has none."""
    places: dict[Any, int] = {}
    at = []
    for entry in entries:
        value = entry.settings.get(name)
        at.append(places.setdefault((type(value), value), len(places)) if name in entry.settings else -1)
    return {"values": [value for _, value in places], "at": at}
