"""Digits of 8 × 8 pixels, a stand-in for MNIST: when they are generalized (appendices C and E in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import digits, image_times, setups
from groklab.training import Sweep

SETUP = setups.repeated({"paper": digits.STANDARD, "laptop": digits.STANDARD})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large weights with several decays, and two initial scales with cross-entropy."""
    return {
        "decays": SETUP.sweep(scale, {"weight_decay": image_times.DECAYS}),
        "cross": SETUP.sweep(scale, {"arm": image_times.cross(30.0, 0.8)}),
    }


FIGURE = Figure(sweeps, image_times.CLAIMS, image_times.draw)
