"""Images between raw pixels and a grey that tells the digit: how well they are represented hardly matters."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.landscapes import reduced
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Results
from groklab.papers.members import flat
from groklab.papers.omnigrok2023 import addition
from groklab.plots.landscape import surface
from groklab.runner.landscaping import on_sphere
from groklab.training import Plan, Sweep

AXES: Mapping[str, Any] = {"alpha": (0.5, 1.0, 2.5, 4.0, 8.0), "messiness": (0.0, 0.5, 1.0)}
# From pixels and small weights to larger ones, then to greys: (α, m) of the released figure, to the nearest point. With
# fewer images and steps the valley of the landscape lies lower.
PATH: Mapping[Scale, tuple[tuple[float, float], ...]] = {
    "paper": ((1.0, 1.0), (2.5, 1.0), (2.5, 0.0)),
    "laptop": ((0.5, 1.0), (1.0, 1.0), (1.0, 0.0)),
}
LARGE = 4.0  # α at which images are fitted whatever their representation
GUESS = 0.1  # squared error of answering 0 to a one-hot vector of ten; 1 to a normal one
P = "Liu et al. 2023, section 5.2 and figure 8"


def on_map(plan: Plan, steps: int) -> Plan:
    """Return a run that is held to the norm that it begins with, as the released ones in batches of 100."""
    return on_sphere(plan).replace(batch_size=100, steps=steps)


def path(results: Results, part: str) -> np.ndarray:
    """Return the best loss at each point of the path, a row a seed."""
    losses = reduced(results["map"])[f"best_{part}_loss"]
    return np.stack([flat(losses.sel(alpha=alpha, messiness=share)) for alpha, share in PATH[results.scale]], axis=1)


def apart(results: Results) -> Estimate:
    """Return how far both losses are apart on the path, summed over ten outputs as in the paper."""
    return bootstrap(10 * np.abs(path(results, "validation") - path(results, "train")).max(1))


def climb(results: Results) -> Estimate:
    """Return the greatest ratio of successive losses on the path: 1 or less where it goes down."""
    losses = path(results, "validation")
    return bootstrap((losses[:, 1:] / losses[:, :-1]).max(1))


def contrast(results: Results) -> Estimate:
    """Return how many times more messiness matters to addition than to images, at large weights, seed by seed."""
    images = reduced(results["map"]).best_validation_loss.sel(alpha=LARGE) / GUESS
    sums = reduced(results["addition"]).validation_loss
    ranges = [flat(losses.max("messiness") - losses.min("messiness")) for losses in (sums, images)]
    return bootstrap(ranges[0] / np.median(ranges[1]))


def claims(index: float) -> Sequence[Claim]:
    """Return what is claimed, given by how much addition is to differ."""
    return (
        Claim(
            "training-is-validation",
            "From raw pixels to greys both losses stay close together.",
            f"{P}: 0.011 apart; 0.1 with fewer images, our tolerance",
            Quantity("greatest difference of validation and training loss on the path, summed over outputs", apart),
            at_most(0.1),
        ),
        Claim(
            "no-second-descent",
            "On the way validation loss only falls: nothing is grokked.",
            f"{P}: 0.155, 0.017, 0.001; no step up by more than 10 %, our tolerance",
            Quantity("greatest growth of validation loss from a point of the path to the next", climb),
            at_most(1.1),
        ),
        Claim(
            "addition-differs",
            "Messiness matters far more to addition, in units of what guessing costs.",
            f"{P}; 10 times as much; on a laptop 3, our tolerance",
            Quantity("range of validation loss over m, addition / images", contrast),
            at_least(index),
        ),
    )


def sums(scale: Scale) -> Sweep:
    """Return the runs of addition that images are compared with."""
    return addition.SETUP.sweep(scale, {"messiness": addition.SHARES[scale]}, alpha=addition.LARGE)


def draw(results: Results) -> Picture:
    """Draw both losses over α and m, with the path, and the range over m of addition and of images."""
    picture, row = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
    landscape = reduced(results["map"])
    for axes, part in zip(row, ("train", "validation"), strict=False):
        losses = landscape[f"best_{part}_loss"].median("seed")
        surface(axes, losses, "alpha", "messiness", f"best {part} loss (squared error)")
        places = [
            (list(losses.alpha.values).index(alpha), list(losses.messiness.values).index(share))
            for alpha, share in PATH[results.scale]
        ]
        axes.plot(*np.transpose(places), color="#2b6cb0", marker="o", markersize=4)
        axes.set_ylabel("m, share of the pixels")
    _against(row[2], results)
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("map")]), fontsize=9)
    return picture


def _against(axes: Any, results: Results) -> None:
    """Draw validation loss against messiness, in units of guessing: of addition and of images."""
    images = reduced(results["map"]).best_validation_loss.sel(alpha=LARGE) / GUESS
    numbers = reduced(results["addition"]).validation_loss
    for losses, label, color in ((numbers, "addition", "#d1495b"), (images, "images", "#1b7f5c")):
        ends = losses.messiness.values / losses.messiness.values.max()
        axes.plot(ends, losses.transpose("messiness", "seed").values, ".", color=color, alpha=0.5)
        axes.plot(ends, losses.median("seed").transpose("messiness"), color=color, label=label)
    axes.set_yscale("log")
    axes.set_xlabel("m / greatest m")
    axes.set_ylabel("validation loss / that of guessing")
    axes.legend()
