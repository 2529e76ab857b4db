"""Downloads, each file whole and of the right checksum or not at all; only on the user's word."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from groklab.data import imdb, mnist
from groklab.data.places import own_folder
from groklab.errors import DataDamaged, DataMissing, InvalidSetting, unknown

# By name: where files are to be had, and the checksum of each.
DATASETS: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = {
    mnist.NAME: (mnist.MIRRORS, mnist.PACKED),
    imdb.NAME: (imdb.HOME, imdb.PACKED),
}


def download(dataset: str, progress: Callable[[str], Any] = lambda name: False) -> list[Path]:
    """Fetch the files of a dataset that are not yet in the own folder, and return all.

    `progress` gives, for a file's name, what Pooch takes as its progress bar. Raises `InvalidSetting` for a dataset
    that cannot be downloaded, `DataMissing` where no mirror can be reached, and `DataDamaged` where what it sent has
    another checksum; a file that failed leaves nothing behind.
    """
    if dataset not in DATASETS:
        raise InvalidSetting(unknown("dataset that can be downloaded", dataset, DATASETS))
    mirrors, checksums = DATASETS[dataset]
    folder = own_folder() / dataset
    return [_fetch(mirrors, name, md5, folder, progress) for name, md5 in checksums.items()]


def _fetch(mirrors: Sequence[str], name: str, md5: str, folder: Path, progress: Callable[[str], Any]) -> Path:
    import pooch  # takes a third of a second to import
    import requests

    trouble: list[str] = []
    for mirror in mirrors:
        try:
            bar = progress(name)
            return Path(pooch.retrieve(mirror + name, f"md5:{md5}", name, folder, progressbar=bar))
        except (requests.RequestException, OSError) as error:
            trouble.append(f"{mirror.split('/')[2]}: {type(error).__name__}")
        except ValueError:  # so Pooch says that the checksum is another one
            raise DataDamaged(
                f"`{name}` must have the MD5 {md5}, but {mirror.split('/')[2]} sent another file. Nothing was kept."
            ) from None
    raise DataMissing(
        f"`{name}` could not be downloaded ({'; '.join(trouble)}). Is there a network? A copy on disk is taken with "
        "--data DIR."
    )
