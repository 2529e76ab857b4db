"""From a figure to a file."""

import contextlib
import os
import uuid
from pathlib import Path

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from groklab.errors import StoreError


def save(figure: Figure, target: str) -> str:
    """Write a figure, whole or not at all, close it whatever comes, and return its path."""
    try:
        _check(figure, target)
        _write(figure, Path(target))
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise StoreError(f"`{target}` cannot be written: {cause}. Choose another place.") from error
    except ValueError as error:
        raise StoreError(f"`{target}` cannot be drawn: {error}.") from error
    finally:
        plt.close(figure)
    return target


def _check(figure: Figure, target: str) -> None:
    known = sorted(figure.canvas.get_supported_filetypes())
    if Path(target).suffix.lower().removeprefix(".") not in known:
        raise StoreError(f"`{target}` must end in a kind of figure: {', '.join(known)}. Try .png.")


def _write(figure: Figure, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}")
    try:
        figure.savefig(beside, format=target.suffix.lower().removeprefix("."), bbox_inches="tight")
        os.replace(beside, target)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
