"""`groklab data [NAME …]`: which data from outside the project is on disk, and downloading what is not."""

import argparse
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from groklab.cli import output
from groklab.cli.choice import add_data, take_data
from groklab.data import imdb, mnist, qm9
from groklab.data.download import DATASETS, download
from groklab.data.places import VARIABLE, own_folder
from groklab.errors import DataMissing

FILES = {mnist.NAME: mnist.files, imdb.NAME: imdb.files, qm9.NAME: qm9.files}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to download: {', '.join(DATASETS)}")
    add_data(parser)
    parser.epilog = (
        f"Copies on disk come first: those of --data or {VARIABLE}, then {own_folder()}, where downloads go.\n"
        "Nothing is downloaded by any other command."
    )


def execute(options: argparse.Namespace) -> int:
    """Download what is named and not there yet; say where everything is."""
    console = output.console()
    take_data(options)
    for name in options.names:
        with _bars(console) as bars:
            download(name, lambda file, bars=bars: _Bar(bars, file))
    for name, files in FILES.items():
        try:
            console.print(f"{name:8} {files()[0].parent}", soft_wrap=True, highlight=False)
        except DataMissing:
            cure = f"Get it with: groklab data {name}" if name in DATASETS else "Give its folder with --data DIR."
            console.print(f"{name:8} not on disk. {cure}", highlight=False)
    return 0


def _bars(console: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=console, transient=True)


class _Bar:
    """What Pooch takes as a progress bar, drawn by Rich."""

    def __init__(self, bars: Progress, name: str) -> None:
        self._bars, self._task, self._total = bars, bars.add_task(name, total=None), 0

    @property
    def total(self) -> int:
        """The bytes to come."""
        return self._total

    @total.setter
    def total(self, count: Any) -> None:
        self._total = int(count)
        self._bars.update(self._task, total=self._total)

    def update(self, count: int) -> None:
        """Take note of bytes that came."""
        self._bars.advance(self._task, count)

    def reset(self) -> None:
        """Begin anew: Pooch does so at the end, to show a bar that is full."""
        self._bars.update(self._task, completed=0)

    def close(self) -> None:
        """Nothing more will come."""
