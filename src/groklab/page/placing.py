"""Where an export goes: beside what others keep in a folder, in the place of an earlier one, whole or not at all."""

import contextlib
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from groklab.errors import InvalidSetting, StoreError
from groklab.store import Store
from groklab.store.names import PLAN
from groklab.store.strangers import MAKER

MARK = "groklab-page"  # a file that says that an export is in a folder
OURS = ("static", "values", "pictures", "index.html", MARK)  # all that an export writes; nothing else is touched
LEFT = re.compile(rf"\.{MARK}\.(\d+)\.[0-9a-f]{{8}}")
OLD = "old."  # begins the names of what was there before, until all that is new stands


@contextlib.contextmanager
def placed(target: str, store: Store) -> Iterator[Path]:
    """Yield a folder to write into; what stands there at the end is in the place of an earlier export in `target`.

    Nothing of a folder is touched but the names of an export, and they are what they were unless all goes well. Raise
    `InvalidSetting` or `StoreError` where that is no place for one.
    """
    folder = Path(os.path.abspath(target)) if target.strip() else None
    if folder is None:
        raise InvalidSetting("`--export` must name a folder, got an empty name. Try --export site.")
    _refuse(folder, target, store)
    made = _made(folder)
    beside = folder / f".{MARK}.{os.getpid()}.{uuid.uuid4().hex[:8]}"
    try:
        beside.mkdir()
        yield beside
        _swap(beside, folder)
        _sweep(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        for each in made:
            with contextlib.suppress(OSError):  # only where nothing came into it
                each.rmdir()


def _refuse(folder: Path, target: str, store: Store) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise StoreError(f"`{target}` must be a folder, got a link or a file. Choose another place.")
    runs = Path(store.folder.local_path).resolve() if store.folder.local_path is not None else None
    place = folder.resolve()
    if runs is not None and runs.is_relative_to(place):
        raise StoreError(f"`{target}` must not hold the store `{store.folder.url}`. Choose another place.")
    above = (place, *place.parents)
    within = next((each for each in above if each == runs or _is_run(each)), None)
    if within is not None:
        raise StoreError(f"`{target}` must lie outside stores and runs, got a place in `{within}`. Choose another.")
    if folder.exists() and not (folder / MARK).is_file():
        stranger = next((name for name in sorted(os.listdir(folder)) if not LEFT.fullmatch(name)), None)
        if stranger is not None:
            raise StoreError(
                f"`{target}` must be empty or hold an earlier export, got `{stranger}` in it. Choose another place."
            )


def _is_run(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return (folder / PLAN).is_file() and MAKER in (folder / PLAN).read_bytes()
    return False


def _made(folder: Path) -> list[Path]:
    """Make a folder and those above it; return those that were not there, the innermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _swap(beside: Path, folder: Path) -> None:
    """Put each name of an export into its place; where one cannot be, all are as they were."""
    done: list[tuple[Path, Path]] = []
    try:
        for name in OURS:
            old, place, new = beside / f"{OLD}{name}", folder / name, beside / name
            for source, goal in ((place, old), (new, place)):
                if os.path.lexists(source):
                    done.append((source, goal))  # before: whatever interrupts comes after one or the other
                    os.rename(source, goal)
    except BaseException:
        for source, goal in reversed(done):
            if not os.path.lexists(source):
                os.rename(goal, source)
        raise


def _sweep(folder: Path) -> None:
    """Remove what exports left that were killed; one that still writes has its own."""
    for name in os.listdir(folder):
        found = LEFT.fullmatch(name)
        if found is not None and not _is_another(int(found.group(1))):
            shutil.rmtree(folder / name, ignore_errors=True)


def _is_another(process: int) -> bool:
    """Whether a process of this machine, other than this one, has a number."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:  # it is another account's
        return True
    return process != os.getpid()
