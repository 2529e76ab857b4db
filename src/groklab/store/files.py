"""Whole files or none: reading and writing under any fsspec URL."""

import contextlib
import copy
import os
import stat
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from groklab.errors import GroklabError, RunDamaged, RunMissing, StoreError
from groklab.store.causes import cause_of, is_bucket_missing, line_of
from groklab.store.places import OBJECT_STORES, opened, protocol_of


class Folder:
    """A folder, local or remote, whose files appear whole or not at all."""

    def __init__(self, url: str) -> None:
        self._files, self._path = opened(str(url))
        self.url = str(url).rstrip("/") or str(url)
        self._is_object_store = protocol_of(self.url) in OBJECT_STORES

    @property
    def local_path(self) -> str | None:
        """The path on this machine, or None where the folder is remote."""
        return self._path if "file" in _protocols(self._files) else None

    @property
    def is_forgotten(self) -> bool:
        """Whether what is written is gone when the process ends."""
        return "memory" in _protocols(self._files)

    @property
    def is_link(self) -> bool:
        """Whether the folder is a symbolic link to another."""
        return self.local_path is not None and os.path.islink(self._path)

    def folder(self, name: str) -> "Folder":
        """Return a folder inside this one."""
        inside = copy.copy(self)  # not by a longer URL, which might be read as another place
        inside.url, inside._path = f"{self.url}/{name}", self._at(name)
        return inside

    def create(self) -> None:
        """Make the folder, and those above it, unless they are there.

        In an object store a folder is there with its first file. No bucket is made: a slip in its name would make one.
        """
        if self._is_object_store:
            return
        with self._saying():
            self._files.makedirs(self._path, exist_ok=True)

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside its place and rename it into it."""
        target, beside = self._at(name), self._at(f".{name}.{uuid.uuid4().hex[:8]}")
        with self._saying(name):
            if self.local_path is None:  # an object appears whole, at its last byte
                self._files.pipe_file(target, content)
                return
            try:
                self._files.pipe_file(beside, content)
                self._files.mv(beside, target)
            except BaseException:
                with contextlib.suppress(OSError):
                    self._files.rm_file(beside)
                raise

    def read(self, name: str) -> bytes:
        """Return a file's content; raise `RunMissing` if there is none."""
        with self._saying(name):
            try:
                self._refuse_all_but_files(name)
                return self._files.cat_file(self._at(name))
            except FileNotFoundError as error:
                if is_bucket_missing(error):
                    raise
                raise RunMissing(f"`{self.url}/{name}` is not there. Was the run moved or deleted?") from None

    def _refuse_all_but_files(self, name: str) -> None:
        """Raise `RunDamaged` for what is no file on this machine: a pipe would be waited for, for ever."""
        place = self._at(name)
        if self.local_path is not None and not stat.S_ISREG(os.stat(place).st_mode):
            what = "a folder" if os.path.isdir(place) else "a pipe or a device"
            raise RunDamaged(f"`{self.url}/{name}` must be a file, got {what}. Other runs are not touched.")

    def has(self, name: str) -> bool:
        """Whether there is such a file or folder."""
        with self._saying(name):
            return self._files.exists(self._at(name))

    def written(self, name: str) -> float:
        """Return when a file was written, in seconds since 1970."""
        with self._saying(name):
            return self._files.modified(self._at(name)).timestamp()

    def names(self) -> list[str]:
        """Return the names inside, sorted; none where the folder is missing. Files half written are left out."""
        return sorted(name for name in self._listed() if not name.startswith("."))

    def stamps(self) -> dict[str, float]:
        """Return when what is inside last changed, by name, in seconds since 1970, from one look; 0 where none knows.

        A folder inside changes when a file in it appears, is replaced or goes.
        """
        found = self._inside(detail=True)
        stamps = {each["name"].rstrip("/").rsplit("/", 1)[-1]: float(each.get("mtime") or 0.0) for each in found}
        return {name: stamp for name, stamp in sorted(stamps.items()) if not name.startswith(".")}

    def remove(self, name: str) -> None:
        """Delete a file, if it is there."""
        with self._saying(name), contextlib.suppress(FileNotFoundError):
            self._files.rm_file(self._at(name))

    def remove_all(self, is_ours: Callable[[str], bool]) -> None:
        """Delete the files whose names are ours, also those half written, and the folder if nothing else is in it."""
        for name in filter(is_ours, self._listed()):
            self.remove(name)
        if not self._is_object_store and not self._listed():
            with self._saying(), contextlib.suppress(FileNotFoundError):
                self._files.rmdir(self._path)

    def sweep(self, is_left: Callable[[str], bool]) -> None:
        """Delete what writers that were killed left half written, as its name says."""
        if self.local_path is not None:
            for name in filter(is_left, self._listed()):
                self.remove(name)

    def _listed(self) -> list[str]:
        return [path.rstrip("/").rsplit("/", 1)[-1] for path in self._inside(detail=False)]

    def _inside(self, *, detail: bool) -> list[Any]:
        """Return the paths inside, or what is known of each; none where the folder is missing."""
        with self._saying():
            try:
                found = self._files.ls(self._path, detail=detail, refresh=True)
            except FileNotFoundError as error:
                if is_bucket_missing(error):
                    raise
                return []
        paths = [each["name"] if detail else each for each in found]
        if self.local_path is not None and paths == [self._path] and not self._files.isdir(self._path):
            raise StoreError(f"`{self.url}` must be a folder, got a file. Choose another place with --store.")
        return found

    def _at(self, name: str) -> str:
        if name in ("", ".", "..") or "/" in name or os.sep in name or "\0" in name:
            raise StoreError(f"`{name}` must be a plain name inside `{self.url}`.")
        return f"{self._path.rstrip('/')}/{name}"

    def _saying(self, name: str = "") -> contextlib.AbstractContextManager[None]:
        place = f"{self.url}/{name}" if name else self.url
        return saying(place, is_remote=self.local_path is None)


@contextlib.contextmanager
def saying(place: str, *, is_remote: bool = False) -> Iterator[None]:
    """Turn an error of the operating system, or any of a remote store, into one sentence about `place`."""
    try:
        yield
    except GroklabError:
        raise
    except Exception as error:
        cause = cause_of(error) or (line_of(error) if is_remote else None)
        if cause is None:
            raise
        raise StoreError(f"`{place}` cannot be used: {cause}. What was recorded before is kept.") from error


def _protocols(files: Any) -> tuple[str, ...]:
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)
