"""Generated molecules and their molar refractivity, a stand-in for QM9 (figure 5 in small)."""

from groklab.papers.omnigrok2023 import molecules
from groklab.training.presets import STAND_IN_MOLECULES

FIGURE = molecules.figure_of(STAND_IN_MOLECULES)
