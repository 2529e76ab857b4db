"""Which trackers there are: a module of the same name for each, as are its package and the extra that installs it."""

import importlib
import importlib.util
import sys

from groklab.errors import InvalidSetting, missing, unknown
from groklab.tracking.base import Tracker

TRACKERS = {
    "tensorboard": "TensorBoard",
    "wandb": "Weights & Biases",
    "mlflow": "MLflow",
    "trackio": "Trackio",
}


def refuse_missing(name: str) -> None:
    """Raise `InvalidSetting` for what is no tracker, `MissingExtra` for one whose package is not installed."""
    if name not in TRACKERS:
        raise InvalidSetting(unknown("tracker", name, TRACKERS))
    if name not in sys.modules and importlib.util.find_spec(name) is None:
        raise missing(f"`--track` {name}", TRACKERS[name], name)


def tracker(name: str, folder: str) -> Tracker:
    """Return a tracker whose files lie in a folder, unless its own settings say otherwise; this imports its package."""
    return importlib.import_module(f"groklab.tracking.{name}").tracker(folder)
