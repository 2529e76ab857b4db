"""A store as files: the same page, opened from a folder or any web server, without groklab."""

import contextlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from groklab.errors import GroklabError, StoreError
from groklab.page.claims import picture
from groklab.page.documents import Documents
from groklab.page.index import STATIC, index, scripts
from groklab.page.library import Library
from groklab.page.packing import as_json
from groklab.page.workshop import Workshop
from groklab.store import Store

MARK = "groklab-page"  # a file that says that a folder is ours
IMPORT = re.compile(r'(?<=from ")(\.{1,2}/[\w./-]+\.js)(?=";)')
PLAIN = re.compile(r"[^A-Za-z0-9_-]")
Told = Callable[[int, int], Any]


def export(store: Store, target: str, names: Sequence[str] = (), *, told: Told | None = None) -> str:
    """Write the page of some runs, or of all, into a folder; return the file to open.

    A folder that an earlier export wrote is replaced as a whole, at the end; any other that is not empty is refused.
    `told` is called with how many documents of all are written. A run that is damaged is written as what is damaged.
    """
    folder = Path(target)
    _refuse(folder)
    beside = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}"
    try:
        beside.mkdir(parents=True)
        _write(store, beside, names, told or (lambda done, of: None))
        _put(beside, folder)
    except OSError as error:
        raise StoreError(
            f"`{target}` cannot be written: {(error.strerror or str(error)).lower()}. Choose another place."
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return str(folder / "index.html")


def _refuse(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise StoreError(f"`{folder}` must be a folder, got a link or a file. Choose another place.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise StoreError(f"`{folder}` must be empty or hold an earlier export, got other files. Choose another place.")


def _put(beside: Path, folder: Path) -> None:
    if folder.exists():
        old = folder.parent / f".{folder.name}.{uuid.uuid4().hex[:8]}"
        os.replace(folder, old)
        shutil.rmtree(old, ignore_errors=True)
    os.replace(beside, folder)


def _write(store: Store, folder: Path, names: Sequence[str], told: Told) -> None:
    library = Library(store)
    if names:
        library.keep([run.name for run in store.find_all(names)])
    library.look(at_once=True)
    documents = Documents(library, Workshop())
    _write_page(folder)
    (folder / "values").mkdir()
    addresses = list(_addresses(documents))
    for done, address in enumerate(addresses):
        told(done, len(addresses))
        for more in _written(documents, address, folder):
            _written(documents, more, folder)
    told(len(addresses), len(addresses))
    (folder / "pictures").mkdir()
    for name in documents.get("claims")["pictures"]:
        (folder / "pictures" / name).write_bytes(picture(store, name))


def _addresses(documents: Documents) -> Iterator[str]:
    yield from ("runs", "claims")
    for entry in documents.library.entries():
        place = f"runs/{entry.key}"
        yield from (place, f"{place}/commands")
        if "task.operation" in entry.settings:
            yield from (f"{place}/table", f"{place}/moments")


def _written(documents: Documents, address: str, folder: Path) -> list[str]:
    """Write a document, if there is one, and return the addresses of those that it leads to."""
    with contextlib.suppress(GroklabError):  # the page says that it is not among the files
        value = documents.get(address)
        content = f"groklab.hand({json.dumps(address)}, {as_json(value).decode()});\n"
        (folder / "values" / f"{file_of(address)}.js").write_text(content, encoding="utf-8")
        return [f"{address}/{step}" for step in value["steps"]] if address.endswith("/moments") else []
    return []


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
