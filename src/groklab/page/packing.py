"""Arrays as JSON that a browser makes typed arrays of in a moment."""

import base64
import json
import math
from typing import Any

import numpy as np

SMALLEST, LARGEST = -(2**15), 2**15 - 1


def packed(array: Any) -> dict[str, Any]:
    """Return an array as its type (`f4`, `f8`, `i2`, `i4`, `u1`), its shape and its bytes, little endian, in base64.

    Whole numbers take two bytes where they fit, floats four; those that are none stay so.
    """
    values = np.asarray(array)
    kind = _kind(values)
    raw = np.ascontiguousarray(values, dtype=f"<{kind}").tobytes()
    return {"type": kind, "shape": list(values.shape), "bytes": base64.b64encode(raw).decode()}


def _kind(values: np.ndarray) -> str:
    if values.dtype == np.bool_ or values.dtype == np.uint8:
        return "u1"
    if not np.issubdtype(values.dtype, np.integer):
        return "f4"
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    if low >= SMALLEST and high <= LARGEST:
        return "i2"
    return "i4" if low >= -(2**31) and high < 2**31 else "f8"


def as_json(value: Any) -> bytes:
    """Return values as JSON; numbers that are none are null."""
    how: Any = {"separators": (",", ":"), "allow_nan": False}
    try:
        return json.dumps(value, ensure_ascii=False, **how).encode()  # most are plain, and to look at each takes time
    except (TypeError, ValueError):  # also where text has halves of characters, which are escaped
        return json.dumps(_plain(value), **how).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
