"""MNIST at many norms and sizes of data (figure 3)."""

from collections.abc import Mapping

import numpy as np

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import image_landscapes, mnist, setups
from groklab.training import Sweep

PAPER = image_landscapes.on_map(mnist.PAPER, 10_000, 100)
LAPTOP = image_landscapes.on_map(mnist.LAPTOP, 2_000, 50)
SETUP = setups.repeated({"paper": PAPER, "laptop": LAPTOP})
ALPHAS: Mapping[Scale, tuple[float, ...]] = {
    "paper": tuple(float(f"{alpha:.4g}") for alpha in np.logspace(-1, 1, 21)),
    "laptop": image_landscapes.ALPHAS,
}
# 28 sizes, as the released code takes them; those that claims speak of stand for their neighbours.
LARGE_SIZES = np.logspace(4, 5, 8)[1:6].astype(int)
SIZES: Mapping[Scale, tuple[int, ...]] = {
    "paper": tuple(
        sorted({*np.logspace(1, 4, 22).astype(int).tolist(), *LARGE_SIZES.tolist(), 60_000} | {*image_landscapes.SIZES})
    ),
    "laptop": image_landscapes.SIZES,
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks held to many norms, trained on few images to all; those fewer than a batch are one."""
    batch, alphas = int(SETUP.plans[scale].batch_size), ALPHAS[scale]
    fewer = tuple(size for size in SIZES[scale] if size < batch)
    found = {"map": SETUP.sweep(scale, {"size": SIZES[scale][len(fewer) :], "alpha": alphas})}
    return found | ({"few": SETUP.sweep(scale, {"size": fewer, "alpha": alphas}, batch_size="full")} if fewer else {})


FIGURE = Figure(sweeps, image_landscapes.CLAIMS, image_landscapes.draw)
