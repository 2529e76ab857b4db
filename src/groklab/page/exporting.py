"""A store as files: the same page, opened from a folder or any web server, without groklab."""

import contextlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from groklab.errors import GroklabError, RunMissing, StoreError
from groklab.page import STATIC
from groklab.page.claims import picture, pictures
from groklab.page.documents import Documents
from groklab.page.entry import Entry
from groklab.page.index import index, scripts
from groklab.page.library import Library
from groklab.page.packing import as_json
from groklab.page.placing import MARK, placed
from groklab.page.refusals import in_a_sentence
from groklab.page.workshop import Workshop
from groklab.papers.ledger import FOLDER as LEDGER
from groklab.store import Store

IMPORT = re.compile(r'(?<=from ")(\.{1,2}/[\w./-]+\.js)(?=";)')
PLAIN = re.compile(r"[^A-Za-z0-9_-]")
Told = Callable[[int, int], Any]
Missed = Callable[[str, str], Any]


def export(
    store: Store, target: str, names: Sequence[str] = (), *, told: Told | None = None, missed: Missed | None = None
) -> str:
    """Write the page of some runs, or of all, into a folder; return the file to open.

    What an earlier export wrote there is replaced at the end, whole or not at all; what else is in the folder stays.
    `told` is called with how many documents of all are written, `missed` with what is not among them: the name of a run
    or of a document, and why.
    """
    library = _library(store, names)
    try:
        with placed(target, store) as beside:
            _write(Documents(library, Workshop()), beside, told or (lambda done, of: None), missed or (lambda *_: None))
    except OSError as error:
        raise StoreError(
            f"`{target}` cannot be written: {(error.strerror or str(error)).lower()}. Choose another place."
        ) from error
    return str(Path(target) / "index.html")


def _library(store: Store, names: Sequence[str]) -> Library:
    library = Library(store)
    if names:
        library.keep([run.name for run in store.find_all(names)])
    library.look(at_once=True)
    if not library.entries() and not store.folder.has(LEDGER):
        raise RunMissing(f"`{store.folder.url}` holds no runs. Train one with: groklab run division")
    return library


def _write(documents: Documents, folder: Path, told: Told, missed: Missed) -> None:
    _write_page(folder)
    (folder / "values").mkdir()
    addresses = ["runs", "claims", *_addresses(documents.library.entries())]
    for done, address in enumerate(addresses):
        told(done, len(addresses))
        _write_value(documents, address, folder, missed)
    told(len(addresses), len(addresses))
    (folder / "pictures").mkdir()
    for name in pictures(documents.library.store):
        with _missing(missed, name):
            (folder / "pictures" / name).write_bytes(picture(documents.library.store, name))


def _addresses(entries: Sequence[Entry]) -> Iterator[str]:
    for entry in entries:
        place = f"runs/{entry.key}"
        yield place
        if entry.state != "damaged":
            yield f"{place}/commands"
            if "task.operation" in entry.settings:
                yield from (f"{place}/table", f"{place}/moments")


def _write_value(documents: Documents, address: str, folder: Path, missed: Missed) -> None:
    """Write a document, if there is one, and those that it leads to."""
    with _missing(missed, _called(documents, address)):
        with in_a_sentence():
            value = documents.get(address)
            content = f"groklab.hand({json.dumps(address)}, {as_json(value).decode()});\n"
        (folder / "values" / f"{file_of(address)}.js").write_text(content, encoding="utf-8")
        if address.endswith("/moments"):
            for step in value["steps"]:
                _write_value(documents, f"{address}/{step}", folder, missed)


@contextlib.contextmanager
def _missing(missed: Missed, what: str) -> Iterator[None]:
    """Tell why a document is not among the files, which the page says too; the others are written."""
    try:
        yield
    except GroklabError as error:
        missed(what, str(error))


def _called(documents: Documents, address: str) -> str:
    """Return the name of the run of an address, and what of it is there."""
    _, slash, rest = address.partition("/")
    key, more, what = rest.partition("/")
    return f"{documents.library.entry(key).run.name}{more}{what}" if slash else address


def file_of(address: str) -> str:
    """Return the name of the file, without its ending, that holds a document; scripts of the page do the same."""
    return PLAIN.sub(lambda sign: f"~{ord(sign[0]):x}", address)


def _write_page(folder: Path) -> None:
    shutil.copytree(STATIC / "vendor", folder / "static" / "vendor")
    for name in ("style.css", "icon.svg"):
        shutil.copy(STATIC / name, folder / "static" / name)
    (folder / "index.html").write_text(_index(), encoding="utf-8")
    (folder / MARK).write_text("written by groklab page --export\n", encoding="utf-8")


def _index() -> str:
    """Return the page with its scripts inside: browsers load no modules from a folder, but those in the page itself."""
    imports = {f"groklab/{name}": _inline(name, path) for name, path in scripts().items()}
    start = (
        f'<script type="importmap">{json.dumps({"imports": imports})}</script>\n'
        '<script type="module">import "groklab/main.js";</script>'
    )
    return index(start).replace('<html lang="en">', '<html lang="en" data-source="files">')


def _inline(name: str, path: Path) -> str:
    """Return a script as an address that holds it, with the scripts that it imports by their names."""

    def absolute(found: re.Match[str]) -> str:
        return f"groklab/{os.path.normpath(os.path.join(os.path.dirname(name), found[0]))}"

    return "data:text/javascript;charset=utf-8," + quote(IMPORT.sub(absolute, path.read_text(encoding="utf-8")))
