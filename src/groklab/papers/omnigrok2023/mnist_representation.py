"""MNIST from raw pixels to greys that tell the digit (figure 8)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import representations, setups
from groklab.training import Sweep
from groklab.training.presets import MNIST

PAPER = representations.on_map(MNIST.replace(task=MNIST.task.replace(size=60_000)), 10_000)
LAPTOP = representations.on_map(
    MNIST.replace(task=MNIST.task.replace(size=5000, validation=1000), model=MNIST.model.replace(hidden=100)), 2_000
)
SETUP = setups.repeated({"paper": PAPER, "laptop": LAPTOP})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks held to five norms on three representations, and the sums they are compared with."""
    return {"map": SETUP.sweep(scale, representations.AXES), "addition": representations.sums(scale)}


FIGURE = Figure(sweeps, representations.claims(3), representations.draw)
