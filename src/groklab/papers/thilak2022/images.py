"""Two hundred images and full batches: slingshots in float32, none with the loss in float64."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.papers import words
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.parts import Part
from groklab.papers.thilak2022 import counting
from groklab.papers.thilak2022.pictures import draw_run
from groklab.papers.thilak2022.setups import DIGITS, P
from groklab.training import Sweep

ARMS = {"float32": {}, "float64 loss": {"precision.loss": "float64"}}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return a perceptron on 200 digits, in both precisions."""
    return {"runs": DIGITS.sweep(scale, {"arm": ARMS})}


def draw(results: Results) -> Picture:
    """Draw the first seed in both."""
    data = results["runs"]
    picture, rows = plt.subplots(2, 2, figsize=(9, 4.4), sharex=True, sharey="row", layout="constrained")
    for column, arm in zip(rows.T, data.arm.values, strict=True):
        part = data.sel(arm=arm)
        draw_run(column, part.isel(seed=0))
        column[0].set_title(f"{arm}: {np.median(counting.counts(part)):g} slingshots", fontsize=9, loc="left")
    seeds = words.counted(data.sizes["seed"], "seed")
    picture.suptitle(f"200 digits of 8 × 8, full batches by Adam: the first of {seeds}", fontsize=10)
    return picture


CLAIMS = (
    Claim(
        "images-have-slingshots",
        "A perceptron on 200 images, by Adam with full batches, has slingshots.",
        f"{P}, figure 1, of CIFAR-10; here digits of 8 × 8; two, our choice",
        counting.number.of(Part("runs", "float32", arm="float32")),
        at_least(2),
    ),
    Claim(
        "images-have-none-in-float64",
        "With the loss in float64 it has none.",
        "Liu et al. 2026; 0 of 3 seeds is an interval up to 0.56",
        counting.share.of(Part("runs", "float64 loss", arm="float64 loss")),
        at_most(0.6),
    ),
)
FIGURE = Figure(sweeps, CLAIMS, draw)
