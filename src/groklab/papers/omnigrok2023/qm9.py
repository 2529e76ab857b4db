"""Molecules of QM9 and their polarizability, from files on disk (figure 5)."""

from groklab.papers.omnigrok2023 import molecules
from groklab.training.presets import QM9

FIGURE = molecules.figure_of(QM9)
