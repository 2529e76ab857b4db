"""Digits of 8 × 8 pixels, a stand-in for MNIST, from raw pixels to greys that tell the digit (figure 8 in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import representations, setups
from groklab.training import Sweep
from groklab.training.presets import DIGITS8

STANDARD = representations.on_map(DIGITS8.replace(task=DIGITS8.task.replace(size=1200)), 2_000)
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks held to five norms on three representations, and the sums they are compared with."""
    return {"map": SETUP.sweep(scale, representations.AXES), "addition": representations.sums(scale)}


FIGURE = Figure(sweeps, representations.claims(3), representations.draw)
