"""S5: the rows of the output layer fall into cosets of a subgroup (figure 3 left)."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.papers import quantities
from groklab.papers.claims import Claim, Quantity, Scale, at_least
from groklab.papers.figure import Figure, Results
from groklab.papers.parts import Part
from groklab.papers.power2022 import characters, cosets, setups
from groklab.papers.power2022.pictures import refusal_shown
from groklab.papers.power2022.rows import embed, output_rows, require_output_rows
from groklab.plots.style import VALIDATION, bare
from groklab.training import Plan, Sweep

CHANGES = {
    "paper": {"operation": setups.S5},
    "laptop": {"operation": setups.S5, "width": 128, "steps": 5_000, "batch_size": 512, "fraction": 0.5},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs on half of the table of S5."""
    return {"s5": setups.STANDARD.sweep(scale, **CHANGES[scale])}


def require_s5(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` unless the table is that of S5: cosets and representations are those of this group."""
    require_output_rows(plans)
    plan = plans["s5"]
    group = getattr(getattr(plan.task, "operation", None), "group", plan.task.name)
    if group != setups.S5.group:
        raise InvalidSetting(f"`operation` must be on {setups.S5.group}, whose cosets are looked for, got {group}.")


def rows_of(results: Results) -> list[np.ndarray]:
    """Return the output rows of the group's elements, for every run."""
    return [output_rows(plan, run) for plan, run in results.runs("s5")]


def contrast(results: Results) -> Estimate:
    """Return the contrast of the best cosets less the 99th percentile of the best of as many random partitions."""
    return bootstrap([cosets.best_coset(each).contrast - cosets.random_contrast(each) for each in rows_of(results)])


def one_representation(results: Results) -> Estimate:
    """Return the share of the rows' power in their strongest irreducible representation."""
    return bootstrap([max(characters.shares(rows).values()) for rows in rows_of(results)])


def draw(results: Results) -> Picture:
    """Draw, for every seed, the t-SNE of the output rows colored by the best cosets, and their representations."""
    every = rows_of(results)
    size = (3.6 * len(every), 5.4)
    picture, panels = plt.subplots(
        2, len(every), figsize=size, height_ratios=[3, 1], layout="constrained", squeeze=False
    )
    for column, rows, seed in zip(panels.T, every, results["s5"].seed.values, strict=True):
        with refusal_shown(column, f"seed {seed}"):
            _draw_cosets(column[0], rows, f"seed {seed}")
            _draw_shares(column[1], rows)
    panels[1, 0].set_ylabel("share of power")
    words = "one color a coset of ⟨(0 3)(1 4), (1 2)(3 4)⟩ or a conjugate"
    picture.suptitle(f"Output layer of S5. Above: t-SNE, {words}. Below: irreducible representations", fontsize=9)
    return picture


def _draw_cosets(axes: Axes, rows: np.ndarray, name: str) -> None:
    fit = cosets.best_coset(rows)
    above = fit.contrast - cosets.random_contrast(rows)
    axes.scatter(*embed(rows).T, c=fit.labels, cmap="tab20", s=18)
    axes.set_title(f"{name}: {fit.side} cosets of subgroup {fit.subgroup}, {above:+.2f} of chance", fontsize=8)
    bare(axes)


def _draw_shares(axes: Axes, rows: np.ndarray) -> None:
    share = characters.shares(rows)
    axes.bar(list(share), list(share.values()), color=VALIDATION)
    axes.set_ylim(0, 1)
    axes.tick_params(axis="x", labelsize=6, rotation=30)


P = "Power et al. 2022, figure 3 left"
CLAIMS = (
    Claim(
        "cosets",
        "Rows of the output layer cluster by the cosets of a subgroup of order 10 or of one of its conjugates.",
        f"{P}, of some networks; chance is the 99th percentile of the best of 12 random partitions, our choice",
        Quantity("cosine within less between cosets, less that of chance", contrast),
        at_least(0),
        {
            "laptop": "Where a network is built on a representation of dimension 4 (next claim), as those of the "
            "calibration were, a subgroup of order 10 leaves no vector of it in place, so its cosets are averaged out; "
            "they show where a representation of dimension 5 is used."
        },
    ),
    Claim(
        "one-representation",
        "The rows are carried by one irreducible representation of the group, as a circle is by one frequency.",
        "not in the paper: our finding, after which figure 3 left can be read",
        Quantity("share of the rows' power in the strongest irreducible representation", one_representation),
        at_least(0.5),
    ),
    Claim(
        "s5-generalizes",
        "The networks looked at have generalized.",
        P,
        quantities.best.of(Part("s5")),
        at_least(0.99),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, require_s5)
