"""Images at many norms and sizes of data: the L and the U, and how data takes grokking away (figure 3)."""

from collections.abc import Mapping, Sequence

import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.landscapes import critical_alpha, reduced
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Results
from groklab.papers.members import flat
from groklab.papers.parts import Part, measure
from groklab.plots.landscape import cut, surface
from groklab.runner.landscaping import on_sphere
from groklab.training import Plan

ALPHAS = (0.1, 0.3, 0.6, 1.0, 2.0, 4.0, 8.0)
FEW, SOME, MANY = 50, 200, 1000  # images to train on
SIZES = (FEW, SOME, MANY)
# α, and between which sizes the error falls. On a laptop 1,000 images are not yet fitted at α = 8 when a run ends.
HELPED: Mapping[Scale, tuple[float, int, int]] = {"paper": (8.0, 200, 7196), "laptop": (4.0, FEW, MANY)}
P = "Liu et al. 2023, section 4 and figure 3"
MAP = Part("map")


def on_map(plan: Plan, steps: int, batch_size: int) -> Plan:
    """Return a run that is held to the norm that it begins with."""
    return on_sphere(plan).replace(steps=steps, batch_size=batch_size)


def error(data: xarray.Dataset, part: str, alpha: float, size: int) -> xarray.DataArray:
    """Return the least share of wrong answers that each seed came to, as the released landscape has it."""
    return 1 - reduced(data.sel(size=size).sel(alpha=alpha, method="nearest"))[f"best_{part}_accuracy"]


@measure("least {part} error, α = {alpha:g}, {size} images")
def least_error(data: xarray.Dataset, part: str, alpha: float, size: int) -> Estimate:
    """Return the least share of wrong answers, the median over seeds."""
    return bootstrap(flat(error(data, part, alpha, size)))


@measure("least validation error at α = 8 less that at α = 1, {size} images")
def rise(data: xarray.Dataset, size: int) -> Estimate:
    """Return by how much large weights are worse, seed by seed."""
    return bootstrap(flat(error(data, "validation", 8.0, size) - error(data, "validation", 1.0, size)))


def helped(results: Results) -> Estimate:
    """Return by how much more images help large weights, seed by seed."""
    alpha, few, many = HELPED[results.scale]
    few_wrong, wrong = (flat(error(results["map"], "validation", alpha, size)) for size in (few, many))
    return bootstrap(few_wrong - wrong)


@measure("α of the least validation loss, {size} images")
def bottom(data: xarray.Dataset, size: int) -> Estimate:
    """Return the critical α."""
    return critical_alpha(reduced(data.sel(size=size)), "best_validation_loss")


CLAIMS: Sequence[Claim] = (
    Claim(
        "the-u-rises",
        "With 200 images large weights are told far fewer of the others.",
        f"{P}: error 0.18 at α = 1, 0.76 at 8; at least 20 points apart, our tolerance",
        rise.of(MAP, SOME),
        at_least(0.2),
    ),
    Claim(
        "large-weights-fit",
        "They fit what they are shown.",
        f"{P}: training error 0; 0.02, our tolerance",
        least_error.of(MAP, "train", 8.0, SOME),
        at_most(0.02),
    ),
    Claim(
        "small-weights-cannot-fit",
        "Small weights cannot: the leg of the L.",
        f"{P}: training error 0.81 at α = 0.1; 0.4, our tolerance",
        least_error.of(MAP, "train", 0.1, SOME),
        at_least(0.4),
    ),
    Claim(
        "the-u-is-lowest-near-one",
        "Validation loss is least near the usual norm.",
        f"{P}: 1 to 2; 0.6 to 2.5, our tolerance",
        bottom.of(MAP, SOME),
        between(0.6, 2.5),
    ),
    Claim(
        "data-takes-it-away",
        "The more images, the more of the others large weights are told.",
        f"{P}: 0.76 with 200, 0.11 with 8,000 at α = 8; on a laptop 50 and 1,000 at α = 4; 20 points, our tolerance",
        Quantity("least validation error with few images less that with many, large weights", helped),
        at_least(0.2),
    ),
)


def draw(results: Results) -> Picture:
    """Draw the L and the U with 200 images, and validation error over norm and size."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.2), layout="constrained")
    landscape = reduced(results["map"])
    some = landscape.sel(size=SOME)
    cut(left, some, critical_alpha(some, "best_validation_loss"), "squared error")
    left.set_title(f"{SOME} images", loc="left", fontsize=9)
    wrong = (1 - landscape.best_validation_accuracy).median("seed")
    if "few" in results.data:  # fewer than a batch
        few = (1 - reduced(results["few"]).best_validation_accuracy).median("seed")
        wrong = xarray.concat([few.to_dataset(name="wrong"), wrong.to_dataset(name="wrong")], "size").wrong
    surface(right, wrong, "alpha", "size", "least validation error")
    right.set_ylabel("images to train on")
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("map")]), fontsize=9)
    return picture
