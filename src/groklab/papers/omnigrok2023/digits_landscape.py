"""Digits of 8 × 8 pixels, a stand-in for MNIST, at many norms and sizes of data (figure 3 in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import image_landscapes, setups
from groklab.training import Sweep
from groklab.training.presets import DIGITS8

STANDARD = image_landscapes.on_map(DIGITS8, 6_000, 50)
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks held to seven norms, that are trained on few, some and many images."""
    return {"map": SETUP.sweep(scale, {"size": image_landscapes.SIZES, "alpha": image_landscapes.ALPHAS})}


FIGURE = Figure(sweeps, image_landscapes.CLAIMS, image_landscapes.draw)
