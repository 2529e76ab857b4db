"""Digits of 8 × 8 pixels, a stand-in for MNIST: large weights are grokked, usual ones are not (figure 3 in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import images, setups
from groklab.training import Sweep
from groklab.training.presets import DIGITS8

STANDARD = DIGITS8.replace(record=DIGITS8.record.replace(generalized_from=0.5))
SETUP = setups.repeated({"paper": STANDARD, "laptop": STANDARD})
BOUNDS = images.Bounds(
    delay=1.5, left=0.8, source="of this stand-in, by a prototype: 2 times as late; 1.5 and 80 %, our choice"
)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large weights with and without decay, and weights of the usual size."""
    return {"arms": SETUP.sweep(scale, {"arm": images.ARMS})}


FIGURE = Figure(sweeps, images.claims(BOUNDS), images.draw)
