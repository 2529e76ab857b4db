"""MNIST: when images are generalized (appendices C and E)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import image_times, mnist, setups
from groklab.training import Sweep

PAPER = mnist.PAPER.replace(alpha=9.0)
SETUP = setups.repeated({"paper": PAPER, "laptop": mnist.LAPTOP})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large weights with several decays, and two initial scales with cross-entropy."""
    return {
        "decays": SETUP.sweep(scale, {"weight_decay": image_times.DECAYS}),
        "cross": SETUP.sweep(scale, {"arm": image_times.cross(100.0, 0.5)}),
    }


FIGURE = Figure(sweeps, image_times.CLAIMS, image_times.draw)
