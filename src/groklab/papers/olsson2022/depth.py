"""Networks of two and three blocks learn in context, abruptly; those of one do not (figure 3 and argument 1)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, difference
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.olsson2022 import setups
from groklab.plots import curves
from groklab.training import Sweep

DEPTHS = (1, 2, 3)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of one, two and three blocks."""
    return {"depths": setups.sweep(scale, {"depth": DEPTHS})}


def of_depth(results: Results, depth: int) -> xarray.Dataset:
    """Return the runs of one depth."""
    return results["depths"].sel(depth=depth)


def last_losses(results: Results, depth: int) -> np.ndarray:
    """Return the last validation loss of every run of a depth."""
    return np.array([columns_of(run)["validation_loss"][-1] for run in each(of_depth(results, depth))])


def window(results: Results) -> Estimate:
    """Return the share of training in which networks of two blocks make most of their way, the median over runs."""
    found = [setups.change(columns_of(run)) for run in each(of_depth(results, 2))]
    budgets = [float(run.budget) for run in each(of_depth(results, 2))]
    return bootstrap([(end - begin) / budget for (begin, end), budget in zip(found, budgets, strict=True)])


def draw(results: Results) -> Picture:
    """Draw validation loss and the best prefix-matching score of any head, for each depth."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.8), layout="constrained")
    palette = plt.colormaps["viridis"].resampled(len(DEPTHS) + 1)
    for number, depth in enumerate(DEPTHS):
        runs = [columns_of(run) for run in each(of_depth(results, depth))]
        names = [name for name in runs[0] if name.startswith("prefix_matching.")]
        best = [{"step": run["step"], "best": np.max([run[name] for name in names], axis=0)} for run in runs]
        word = f"{depth} block{'s' if depth > 1 else ''}"
        for axes, (steps, values) in (
            (left, curves.aligned(runs, "validation_loss")),
            (right, curves.aligned(best, "best")),
        ):
            axes.plot(steps, np.median(values, axis=0), color=palette(number), label=word)
            axes.fill_between(steps, values.min(0), values.max(0), color=palette(number), alpha=0.2, linewidth=0)
            axes.set_xscale("log")
            axes.set_xlim(left=10)
            axes.set_xlabel("optimizer step (log scale)")
    left.set_ylabel("validation loss on repeated tokens (nats)")
    left.axhline(setups.CHANCE[results.scale], color="#555555", linewidth=0.6, linestyle="--")
    right.set_ylabel("prefix matching of the best head")
    right.set_ylim(-0.02, 1.02)
    left.legend()
    return picture


S = "Olsson et al. 2022, figure 3"
CLAIMS = (
    Claim(
        "one-block-does-not",
        "A network of one block does not learn to continue repeated sequences.",
        f"{S}; above 2.3 nats of ln 32 = 3.47, two thirds of chance, our tolerance",
        "last validation loss with one block / that of chance",
        lambda results: bootstrap(last_losses(results, 1) / setups.CHANCE[results.scale]),
        {"paper": at_least(0.66), "laptop": at_least(0.66)},
    ),
    Claim(
        "two-blocks-do",
        "A network of two blocks does.",
        f"{S}; below 1 nat at laptop scale, our tolerance",
        "last validation loss with two blocks (nats)",
        lambda results: bootstrap(last_losses(results, 2)),
        {"laptop": at_most(1)},
    ),
    Claim(
        "three-blocks-do",
        "So does one of three.",
        f"{S}; below 1 nat at laptop scale, our tolerance",
        "last validation loss with three blocks (nats)",
        lambda results: bootstrap(last_losses(results, 3)),
        {"laptop": at_most(1)},
    ),
    Claim(
        "the-gap-is-wide",
        "The second block makes the difference.",
        f"{S}; at least 1 nat, our tolerance",
        "last validation loss, one block less two (nats)",
        lambda results: difference(last_losses(results, 1), last_losses(results, 2)),
        {"laptop": at_least(1)},
    ),
    Claim(
        "the-change-is-abrupt",
        "The change takes a small part of training.",
        f"{S}: 5 to 20 %; at most 20 %, from a tenth to nine tenths of the way",
        "steps of the change / all steps, two blocks",
        window,
        {"paper": at_most(0.2), "laptop": at_most(0.2)},
    ),
)

FIGURE = Figure("In-context learning by depth", S, sweeps, CLAIMS, draw, setups.SETTING)
