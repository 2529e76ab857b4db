"""Whole files or none: reading and writing under any fsspec URL."""

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

import fsspec

from groklab.errors import RunMissing, StoreError, missing
from groklab.store.causes import cause_of, is_bucket_missing

OBJECT_STORES = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az")


class Folder:
    """A folder, local or remote, whose files appear whole or not at all."""

    def __init__(self, url: str) -> None:
        self.url = str(url).rstrip("/")
        if str(url).endswith("://"):
            raise StoreError(f"`store` must name a bucket or a folder, got {url!r}. Try {url}NAME/runs.")
        self._is_object_store = self.url.partition("://")[0] in OBJECT_STORES
        # Listings kept in memory would hide what other processes write.
        options = {"use_listings_cache": False} if self._is_object_store else {}
        try:
            with saying(self.url):
                self._files, self._path = fsspec.core.url_to_fs(self.url, **options)
        except (ImportError, ValueError) as error:
            if isinstance(error, ImportError) and self.url.startswith(("s3://", "s3a://")):
                raise missing("`store` at s3://", "s3fs", "s3") from None
            raise StoreError(
                f"`store` must be a folder or a URL that fsspec knows, got {self.url!r}: {error}."
            ) from None

    @property
    def local_path(self) -> str | None:
        """The path on this machine, or None where the folder is remote."""
        return self._path if "file" in _protocols(self._files) else None

    def folder(self, name: str) -> "Folder":
        """Return a folder inside this one."""
        return Folder(f"{self.url}/{name}")

    def create(self) -> None:
        """Make the folder, and those above it, unless they are there.

        In an object store a folder is there with its first file. No bucket is made: a slip in its name would make one.
        """
        if self._is_object_store:
            return
        with saying(self.url):
            self._files.makedirs(self._path, exist_ok=True)

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside its place and rename it into it."""
        target, beside = self._at(name), self._at(f".{name}.{uuid.uuid4().hex[:8]}")
        with saying(f"{self.url}/{name}"):
            if self.local_path is None:  # an object appears whole, at its last byte
                self._files.pipe_file(target, content)
                return
            try:
                self._files.pipe_file(beside, content)
                self._files.mv(beside, target)
            except BaseException:
                with contextlib.suppress(OSError):
                    self._files.rm(beside)
                raise

    def read(self, name: str) -> bytes:
        """Return a file's content; raise `RunMissing` if there is none."""
        with saying(f"{self.url}/{name}"):
            try:
                return self._files.cat_file(self._at(name))
            except FileNotFoundError as error:
                if is_bucket_missing(error):
                    raise
                raise RunMissing(f"`{self.url}/{name}` is not there. Was the run moved or deleted?") from None

    def has(self, name: str) -> bool:
        """Whether there is such a file or folder."""
        with saying(f"{self.url}/{name}"):
            return self._files.exists(self._at(name))

    def written(self, name: str) -> float:
        """Return when a file was written, in seconds since 1970."""
        with saying(f"{self.url}/{name}"):
            return self._files.modified(self._at(name)).timestamp()

    def names(self) -> list[str]:
        """Return the names inside, sorted; none where the folder is missing. Files half written are left out."""
        with saying(self.url):
            try:
                paths = self._files.ls(self._path, detail=False, refresh=True)
            except FileNotFoundError as error:
                if is_bucket_missing(error):
                    raise
                return []
        names = sorted(path.rstrip("/").rsplit("/", 1)[-1] for path in paths)
        return [name for name in names if not name.startswith(".")]

    def remove(self, name: str) -> None:
        """Delete a file or a folder, if it is there."""
        with saying(f"{self.url}/{name}"), contextlib.suppress(FileNotFoundError):
            self._files.rm(self._at(name), recursive=True)

    def sweep(self) -> None:
        """Delete what writers that were killed left half written."""
        if self.local_path is not None and self._files.exists(self._path):
            for path in self._files.ls(self._path, detail=False):
                if path.rsplit("/", 1)[-1].startswith(".") and self._files.isfile(path):
                    self._files.rm(path)

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"


@contextlib.contextmanager
def saying(place: str) -> Iterator[None]:
    """Turn an error of the operating system, or of a remote store, into one sentence about `place`."""
    try:
        yield
    except Exception as error:
        cause = cause_of(error)
        if cause is None:
            raise
        raise StoreError(f"`{place}` cannot be used: {cause}. What was recorded before is kept.") from error


def _protocols(files: Any) -> tuple[str, ...]:
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)
