"""Where data from outside lies: the folder that the user names first, then the one that `groklab data` fills."""

import os
from collections.abc import Sequence
from pathlib import Path

from groklab.errors import DataMissing

VARIABLE = "GROKLAB_DATA"


def own_folder() -> Path:
    """Return the folder that downloads go to: in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "groklab" / "data"


def name_folder(folder: str) -> None:
    """Let data be looked for in a folder first. Raises `DataMissing` unless it is one."""
    if not Path(folder).is_dir():
        raise DataMissing(
            f"`--data` must be a folder, got {folder}. Name the one that holds the files, or their folder."
        )
    os.environ[VARIABLE] = str(Path(folder).resolve())


def folders(dataset: str) -> list[Path]:
    """Return the folders in which files of a dataset are looked for, in order: each also with its name beneath."""
    named = os.environ.get(VARIABLE)
    return [
        folder for place in ([Path(named)] if named else []) + [own_folder()] for folder in (place / dataset, place)
    ]


def found(dataset: str, *forms: Sequence[str], is_public: bool = False) -> list[Path]:
    """Return the files of a dataset in the first of its forms, each given by its files' names, that is there.

    Raises `DataMissing` where none is complete; `is_public` tells that `groklab data` can download it.
    """
    for folder in folders(dataset):
        for names in forms:
            paths = [folder / name for name in names]
            if all(os.path.lexists(path) for path in paths):
                return paths
    named = os.environ.get(VARIABLE)
    where = f"{named} or {own_folder()}" if named else str(own_folder())
    raise DataMissing(
        f"`{dataset}` must have its files on disk ({_listed(forms)}), got none in {where}. Give the folder with "
        f"--data DIR or {VARIABLE}{f', or download it: groklab data {dataset}' if is_public else ''}."
    )


def _listed(forms: Sequence[Sequence[str]]) -> str:
    """Name the files of the first form, or where each form is a single file, all of them."""
    return ", ".join(forms[0]) if len(forms[0]) > 1 else " or ".join(" and ".join(names) for names in forms)
