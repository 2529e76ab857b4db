"""S5: the rows of the output layer fall into cosets of a subgroup (figure 3 left)."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap
from groklab.papers.claims import Claim, Scale, at_least
from groklab.papers.figure import Figure, Results
from groklab.papers.power2022 import quantities, setups, structure
from groklab.plots.style import bare
from groklab.training import Sweep

SEEDS = range(3)
ELEMENTS = 120
CHANGES = {
    "paper": {"operation": setups.S5},
    "laptop": {"operation": setups.S5, "width": 128, "steps": 5_000, "batch_size": 512, "fraction": 0.5},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs on half of the table of S5."""
    return {"s5": setups.sweep(scale, {"seed": SEEDS}, **CHANGES[scale])}


def contrast(results: Results) -> Estimate:
    """Return the contrast of the best cosets over the 99th percentile of the best of as many random partitions."""
    rows = [quantities.output_rows(run)[:ELEMENTS] for _, run in results.runs("s5")]
    return bootstrap([structure.best_coset(each).contrast / structure.random_contrast(each) for each in rows])


def draw(results: Results) -> Picture:
    """Draw the t-SNE of the output rows of every seed, colored by the best cosets."""
    runs = list(results.runs("s5"))
    picture, panels = plt.subplots(1, len(runs), figsize=(3.6 * len(runs), 3.9), layout="constrained", squeeze=False)
    for axes, (plan, run) in zip(panels[0], runs, strict=True):
        rows = quantities.output_rows(run)[:ELEMENTS]
        fit, places = structure.best_coset(rows), structure.embed(rows)
        axes.scatter(*places.T, c=fit.labels, cmap="tab20", s=18)
        ratio = fit.contrast / structure.random_contrast(rows)
        axes.set_title(
            f"seed {plan.seeds.init}: {fit.side} cosets of subgroup {fit.subgroup}, ×{ratio:.1f} chance", fontsize=8
        )
        bare(axes)
    picture.suptitle(
        "t-SNE of the output layer's rows, S5, one color a coset of ⟨(0 3)(1 4), (1 2)(3 4)⟩ or a conjugate", fontsize=9
    )
    return picture


P = "Power et al. 2022, figure 3 left"
CLAIMS = (
    Claim(
        "cosets",
        "Rows of the output layer cluster by the cosets of a subgroup of order 10 or of one of its conjugates.",
        f"{P}; chance is the 99th percentile of the best of 12 random partitions, our choice",
        "cosine within less between cosets, over chance",
        contrast,
        {"paper": at_least(1), "laptop": at_least(1)},
    ),
    Claim(
        "s5-generalizes",
        "The networks looked at have generalized.",
        P,
        "best validation accuracy",
        lambda results: bootstrap(np.asarray(quantities.best(results["s5"]).values, float)),
        {"paper": at_least(0.99), "laptop": at_least(0.99)},
    ),
)

FIGURE = Figure(
    "t-SNE of the output layer, S5",
    P,
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": "x ∘ y in S5, 50 %, 2 blocks of width 128, rate 1e-3",
        "laptop": "x ∘ y in S5, 50 %, 1 block of width 128, rate 3e-3",
    },
)
