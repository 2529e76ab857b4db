"""What a machine can lack, memory or a device, told in one sentence."""

import os
import re

BYTES = 16  # of a weight, its gradient and the two numbers that an optimizer keeps for it
EXHAUSTED = "RESOURCE_EXHAUSTED"
WANTED = re.compile(r"(?:allocat\w*|size of|Out of memory)\D{0,40}?([\d.]+)\s*(bytes|[KMGT]i?B)", re.IGNORECASE)
BACKEND = re.compile(r"(?:initialize|Unknown) backend:?\s+'?(\w+)'?", re.IGNORECASE)
SIZES = {"bytes": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


def is_exhausted(error: BaseException) -> bool:
    """Whether no memory was left, in the device or in the machine."""
    return isinstance(error, MemoryError) or EXHAUSTED in str(error)


def trouble(error: BaseException) -> str | None:
    """Return an error of memory or of JAX's devices as a sentence; None for any other."""
    if is_exhausted(error):
        found = WANTED.search(str(error))
        return _exceeded(f"got {_gigabytes(found):,.0f} GB asked for at once" if found else "got none left")
    backend = BACKEND.search(str(error))
    if backend or _is_without_device(error):
        wanted = backend.group(1) if backend else os.environ.get("JAX_PLATFORMS", "")
        return (
            f"`JAX_PLATFORMS` must name devices of this machine, got {wanted!r}. Unset it, or install what it needs: "
            "docs/gpu.md."
        )
    return None


def excess(numbers: int) -> str | None:
    """Return a sentence where so many weights, with what training keeps beside them, exceed the machine's memory."""
    wanted = numbers * BYTES / 1e9
    return _exceeded(f"got {wanted:,.0f} GB wanted") if wanted > _there() else None


def _exceeded(wanted: str) -> str:
    return (
        f"`memory` must hold what is trained, {wanted} on a machine of {_there():,.0f} GB. Make the network, the "
        "batch or the table smaller. Other runs, and what was saved before, are kept."
    )


def _is_without_device(error: BaseException) -> bool:
    """Whether JAX found none of the devices it was told to use, which it says by a bare assertion."""
    return isinstance(error, AssertionError) and not error.args and "JAX_PLATFORMS" in os.environ


def _gigabytes(found: re.Match[str]) -> float:
    number, unit = float(found.group(1)), found.group(2).lower()
    return number * SIZES.get(unit, SIZES.get(unit[0], 1)) / 1e9


def _there() -> float:
    """Return the machine's memory in gigabytes."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9 if hasattr(os, "sysconf") else float("nan")
