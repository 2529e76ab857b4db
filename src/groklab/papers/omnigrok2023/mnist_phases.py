"""MNIST: the phases of learning over scale and decay (figure 3)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import image_phases, mnist, setups
from groklab.training import Sweep

SETUP = setups.repeated({scale: image_phases.on_grid(plan, stop_after=25) for scale, plan in mnist.SETUP.plans.items()})


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs over initial scale and decay."""
    return {"grid": SETUP.sweep(scale, {"alpha": image_phases.ALPHAS, "weight_decay": image_phases.DECAYS})}


FIGURE = Figure(sweeps, image_phases.CLAIMS, image_phases.draw)
