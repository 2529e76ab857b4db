"""MNIST, from files on disk: large weights are grokked, usual ones are not (figure 3)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import images, setups
from groklab.training import Sweep
from groklab.training.presets import MNIST

PAPER = MNIST.replace(record=MNIST.record.replace(generalized_from=0.5))
# A fifth of the images, half the width, ten times the decay: half a minute a run on a core.
LAPTOP = PAPER.replace(
    task=PAPER.task.replace(size=200, validation=1000),
    model=PAPER.model.replace(hidden=100),
    optimizer=PAPER.optimizer.replace(weight_decay=0.1),
    batch_size="full",
    steps=15_000,
    record=PAPER.record.replace(growth=1.04),
)
SETUP = setups.repeated({"paper": PAPER, "laptop": LAPTOP})
BOUNDS = images.Bounds(delay=4, left=0.7, source="52 of 93.7 at the end; on a laptop by the same bounds, our choice")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large weights with and without decay, and weights of the usual size."""
    return {"arms": SETUP.sweep(scale, {"arm": images.ARMS})}


FIGURE = Figure(sweeps, images.claims(BOUNDS), images.draw)
