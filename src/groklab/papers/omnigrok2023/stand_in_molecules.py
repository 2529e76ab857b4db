"""Generated molecules and their molar refractivity, a stand-in for QM9 (figure 5 in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import molecules, setups
from groklab.training import Sweep
from groklab.training.presets import STAND_IN_MOLECULES

PAPER = STAND_IN_MOLECULES
LAPTOP = PAPER.replace(steps=15_000, batch_size=25)
SETUP = setups.repeated({"paper": PAPER, "laptop": LAPTOP})
ON_MAP = setups.repeated({"paper": molecules.on_map(PAPER, 10_000), "laptop": molecules.on_map(LAPTOP, 1_500)})
SIZES: Mapping[Scale, molecules.Sizes] = {
    "paper": molecules.Sizes((0.1, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0), 50, 1500),
    "laptop": molecules.Sizes((0.3, 0.5, 0.7, 1.0, 1.4, 2.0), 50, 500),
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large and usual weights, and runs held to several norms with few molecules and with many."""
    return molecules.of(SETUP, ON_MAP, SIZES, scale)


FIGURE = Figure(sweeps, molecules.CLAIMS, molecules.draw)
