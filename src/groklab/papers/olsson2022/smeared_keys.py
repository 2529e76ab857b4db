"""With smeared keys one block is enough: what it lacked was a view of the token before (argument 2)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, median_time
from groklab.papers import crossings
from groklab.papers.claims import Claim, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.olsson2022 import setups
from groklab.plots import curves
from groklab.training import Sweep

ARMS = {
    "1 block": {"depth": 1},
    "1 block, smeared": {"depth": 1, "smeared": True},
    "2 blocks": {"depth": 2},
    "2 blocks, smeared": {"depth": 2, "smeared": True},
}
HALF = 0.5  # of the loss of chance


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of one and two blocks, without and with smeared keys."""
    return {"arms": setups.sweep(scale, {"arm": ARMS})}


def arm(results: Results, name: str) -> xarray.Dataset:
    """Return the runs of one kind of network."""
    return results["arms"].sel(arm=name)


def sooner(results: Results) -> Estimate:
    """Return how many times later plain keys of two blocks halve the loss of chance than smeared ones."""
    level = HALF * setups.CHANCE[results.scale]
    plain, smeared = (
        crossings.first_below(arm(results, name), "validation_loss", level)
        for name in ("2 blocks", "2 blocks, smeared")
    )
    budget = arm(results, "2 blocks").budget
    smeared = smeared.where(np.isfinite(smeared), budget)
    return median_time(crossings.flat(plain / smeared), crossings.flat(budget / smeared))


def draw(results: Results) -> Picture:
    """Draw validation loss of all four."""
    picture, axes = plt.subplots(figsize=(5.8, 3.8), layout="constrained")
    for number, name in enumerate(ARMS):
        steps, values = curves.aligned([columns_of(run) for run in each(arm(results, name))], "validation_loss")
        color, style = plt.colormaps["tab10"](number // 2), "-" if "smeared" in name else "--"
        axes.plot(steps, np.median(values, axis=0), color=color, linestyle=style, label=name)
        axes.fill_between(steps, values.min(0), values.max(0), color=color, alpha=0.15, linewidth=0)
    axes.set_xscale("log")
    axes.set_xlim(left=10)
    axes.set_xlabel("optimizer step (log scale)")
    axes.set_ylabel("validation loss on repeated tokens (nats)")
    axes.legend()
    return picture


S = "Olsson et al. 2022, argument 2"
CLAIMS = (
    Claim(
        "one-block-suffices",
        "With smeared keys a network of one block learns in context.",
        f"{S}; half of the loss of chance, our choice",
        "last validation loss / that of chance, one block with smeared keys",
        lambda results: bootstrap(
            [
                columns_of(run)["validation_loss"][-1] / setups.CHANCE[results.scale]
                for run in each(arm(results, "1 block, smeared"))
            ]
        ),
        {"paper": at_most(HALF), "laptop": at_most(HALF)},
    ),
    Claim(
        "one-block-matches-prefixes",
        "Then its heads match prefixes.",
        f"{S}; at least 0.5, our choice",
        "prefix matching of the best head, one block with smeared keys",
        lambda results: bootstrap(setups.best_heads(arm(results, "1 block, smeared"), "prefix_matching", (0,))),
        {"paper": at_least(0.5), "laptop": at_least(0.5)},
    ),
    Claim(
        "two-blocks-are-sooner",
        "With two blocks the change comes sooner than without smearing.",
        f"{S}; sooner at all",
        "step of half the loss of chance, plain / smeared, two blocks",
        sooner,
        {"paper": at_least(1), "laptop": at_least(1)},
    ),
)

FIGURE = Figure("Smeared keys", S, sweeps, CLAIMS, draw, setups.SETTING)
