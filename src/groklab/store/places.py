"""Where a store may be: a folder, or a URL that fsspec knows."""

import re
from typing import Any

import fsspec

from groklab.errors import GroklabError, StoreError, missing
from groklab.store.causes import line_of

OBJECT_STORES = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az")
SLIP = re.compile(r"([a-z0-9+]{2,}):(?!//)/?(.*)", re.IGNORECASE | re.DOTALL)  # one letter is a drive


def opened(url: str) -> tuple[Any, str]:
    """Return the file system of a store's name, and the path on it; raise `StoreError` for what is none."""
    check(url)
    # Listings kept in memory would hide what other processes write.
    options = {"use_listings_cache": False} if protocol_of(url) in OBJECT_STORES else {}
    try:
        return fsspec.core.url_to_fs(url, **options)
    except GroklabError:
        raise
    except ImportError as error:
        if protocol_of(url) in ("s3", "s3a"):
            raise missing("`store` at s3://", "s3fs", "s3") from None
        raise StoreError(f"`store` at {protocol_of(url)}:// needs a package: {line_of(error)}.") from None
    except Exception as error:  # a file system that wants arguments: each has its own way to say so
        raise StoreError(
            f"`store` must be a folder or a URL that fsspec knows, got {url!r}: {line_of(error)}."
        ) from None


def check(url: str) -> None:
    """Raise `StoreError` for a name that would be read as another place than was meant."""
    if not url.strip() or "\0" in url:
        what = "an empty name. Is a variable unset?" if not url.strip() else f"{url!r}."
        raise StoreError(f"`store` must name a folder or a URL, got {what}")
    if "::" in url:  # fsspec would chain file systems, and join paths at the wrong one
        raise StoreError(f"`store` must not have `::` in its name, got {url!r}. Choose another name.")
    if url.endswith("://"):
        raise StoreError(f"`store` must name a bucket or a folder, got {url!r}. Try {url}NAME/runs.")
    slip = SLIP.fullmatch(url)
    if url.startswith(":") or (slip and slip.group(1).lower() in fsspec.available_protocols()):
        meant = f" Did you mean {slip.group(1)}://{slip.group(2)}?" if slip else " Did you mean s3://…?"
        raise StoreError(f"`store` must be a folder or a URL, got {url!r}.{meant}")


def protocol_of(url: str) -> str:
    """Return what stands before `://`, nothing for a path."""
    return url.partition("://")[0].lower() if "://" in url else ""
