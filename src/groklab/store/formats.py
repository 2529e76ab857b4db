"""Numbers as Parquet, arrays as safetensors, descriptions as JSON: bytes in, bytes out, each with a seal."""

import contextlib
import io
import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from groklab.columns import Columns
from groklab.errors import RunDamaged
from groklab.store.names import REPAIRED
from groklab.store.seals import BLANK, is_intact, is_of_another_form, sealed

SEAL = "seal"


def to_parquet(columns: Columns) -> bytes:
    """Write columns of equal length."""
    import pyarrow
    import pyarrow.parquet

    buffer, table = io.BytesIO(), pyarrow.table(columns)
    # Without Arrow's own copy of the schema: the seal must stand in the file as it is.
    with pyarrow.parquet.ParquetWriter(buffer, table.schema, store_schema=False, write_page_checksum=True) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({SEAL: BLANK})
    return sealed(buffer.getvalue())


def from_parquet(content: bytes, name: str) -> Columns:
    """Read columns; raise `RunDamaged` naming the file if it is not as it was written."""
    import pyarrow
    import pyarrow.parquet

    check(content, name)
    with _understood(name):
        # Threads gain nothing on small files, and now and then abort a process that ends.
        table = pyarrow.parquet.read_table(pyarrow.BufferReader(content), use_threads=False)
        return {name: table[name].to_numpy() for name in table.column_names}


def to_safetensors(arrays: Mapping[str, np.ndarray], about: Mapping[str, Any]) -> bytes:
    """Write named arrays with a few JSON values about them."""
    import safetensors.numpy

    # One entry: the format's writer does not keep the order of several.
    metadata = {"groklab": json.dumps({SEAL: BLANK, **about}, sort_keys=True)}
    content = safetensors.numpy.save({name: np.asarray(array, order="C") for name, array in arrays.items()}, metadata)
    return sealed(content)


def from_safetensors(content: bytes, name: str) -> tuple[Columns, dict[str, Any]]:
    """Read what `to_safetensors` wrote; raise `RunDamaged` naming the file if it is not as it was written."""
    import safetensors.numpy

    check(content, name)
    with _understood(name):
        (length,) = struct.unpack("<Q", content[:8])
        about = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["groklab"])
        return safetensors.numpy.load(content), _unsealed(about)


def to_json(value: Mapping[str, Any]) -> bytes:
    """Write a description."""
    return sealed(json.dumps({SEAL: BLANK, **value}, indent=1, ensure_ascii=False).encode())


def from_json(content: bytes, name: str) -> dict[str, Any]:
    """Read what `to_json` wrote; raise `RunDamaged` naming the file if it is not as it was written."""
    check(content, name)
    with _understood(name):
        return _unsealed(json.loads(content))


def check(content: bytes, name: str) -> None:
    """Raise `RunDamaged` unless a file is as it was written."""
    if is_intact(content):
        return
    if is_of_another_form(content):
        raise RunDamaged(f"`{name}` was written by another version of groklab, in a form that this one does not read.")
    raise RunDamaged(damaged(name, f"it is cut short or changed ({len(content):,} bytes)"))


def damaged(name: str, what: str) -> str:
    """Word the report of a broken file; `what` says how it is broken."""
    again = "The command that trained it writes it again" if name.rsplit("/", 1)[-1] in REPAIRED else ""
    cure = again or "Train it anew: the command that trained it, with --again"
    return f"`{name}` is damaged: {what}. {cure}. Other runs are not touched."


@contextlib.contextmanager
def _understood(name: str) -> Iterator[None]:
    """Turn whatever goes wrong in a file with a valid seal into `RunDamaged`: other programs can seal files too."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # each reader has its own ways to fail
        what = f"it holds what groklab does not write ({type(error).__name__})"
        raise RunDamaged(damaged(name, what)) from error


def _unsealed(about: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in about.items() if key != SEAL}
