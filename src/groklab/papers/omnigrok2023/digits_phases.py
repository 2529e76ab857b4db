"""Digits of 8 × 8 pixels, a stand-in for MNIST: the phases of learning over scale and decay (figure 3 in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import digits, image_phases, setups
from groklab.training import Sweep

STANDARD = image_phases.on_grid(digits.STANDARD, stop_after=100)
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs over initial scale and decay."""
    return {"grid": SETUP.sweep(scale, {"alpha": image_phases.ALPHAS, "weight_decay": image_phases.DECAYS})}


FIGURE = Figure(sweeps, image_phases.CLAIMS, image_phases.draw)
