"""Addition: the rows of the output layer lie on a circle of numbers (figure 3 right)."""

from collections.abc import Mapping

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_least
from groklab.papers.figure import Figure, Results
from groklab.papers.power2022 import ring, setups
from groklab.papers.power2022.pictures import refusal_shown
from groklab.papers.power2022.rows import embed, output_rows, require_output_rows
from groklab.plots.style import bare
from groklab.training import Plan, Sweep

STEP = 8  # the paper joins n and n + 8
PAIRS = 8
CHANGES = {
    "paper": {"operation": "addition"},
    "laptop": {"operation": "addition", "p": 97, "width": 128, "batch_size": 512, "fraction": 0.5, "stop_after": 15},
}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return runs on half of the table of addition."""
    return {"addition": setups.STANDARD.sweep(scale, **CHANGES[scale])}


def require_ring(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` unless the answers are numbers modulo a prime, on whose ring each frequency has a step.

    There must be many more frequencies than the pairs that are said to carry the rows.
    """
    require_output_rows(plans)
    p, least = words.modulus(plans["addition"]), 6 * PAIRS
    if p < least or any(p % divisor == 0 for divisor in range(2, p)):
        raise InvalidSetting(f"`p` must be a prime above {least}: each frequency is to join all numbers, got {p}.")


def rows_of(results: Results) -> list[np.ndarray]:
    """Return the output rows of the numbers, for every run."""
    return [output_rows(plan, run) for plan, run in results.runs("addition")]


def concentration(results: Results) -> Estimate:
    """Return the share of Fourier power in the strongest frequency pairs."""
    return bootstrap([ring.fourier_concentration(rows, PAIRS) for rows in rows_of(results)])


def order(results: Results) -> Estimate:
    """Return how well the strongest frequency orders the numbers on a ring, less what it does for shuffled numbers."""
    random = np.random.default_rng(0)
    gains = [
        ring.ring_order(rows) - np.quantile([ring.ring_order(random.permutation(rows)) for _ in range(99)], 0.99)
        for rows in rows_of(results)
    ]
    return bootstrap(gains)


def draw(results: Results) -> Picture:
    """Draw, for every seed, the t-SNE of the output rows and, beneath it, the plane of their strongest frequency."""
    every = rows_of(results)
    size = (3.6 * len(every), 7.4)
    picture, panels = plt.subplots(2, len(every), figsize=size, layout="constrained", squeeze=False)
    for column, rows, seed in zip(panels.T, every, results["addition"].seed.values, strict=True):
        with refusal_shown(column, f"seed {seed}"):
            _draw_run(column, rows, f"seed {seed}")
    formula = words.formula(results.first("addition"))
    picture.suptitle(
        f"Output layer of {formula}. Above: t-SNE, n joined to n + {STEP}, colors n mod {STEP}", fontsize=9
    )
    return picture


def _draw_run(column: np.ndarray, rows: np.ndarray, name: str) -> None:
    share = ring.fourier_concentration(rows, PAIRS)
    _joined(column[0], embed(rows), STEP)
    column[0].set_title(f"{name}: {share:.0%} of power in {PAIRS} frequencies", fontsize=8)
    frequency = ring.ring_step(rows)
    step = pow(frequency, -1, len(rows))
    _joined(column[1], ring.plane(rows), step)
    told = f"frequency {frequency}, order {ring.ring_order(rows):.3f}: n joined to n + {step}"
    column[1].set_title(told, fontsize=8)


def _joined(axes: Axes, places: np.ndarray, step: int) -> None:
    numbers = np.arange(len(places))
    ends = np.stack([places, places[(numbers + step) % len(places)]])
    axes.plot(*ends.transpose(2, 0, 1), color="#cccccc", linewidth=0.7, zorder=1)
    axes.scatter(*places.T, c=numbers % STEP, cmap="tab10", s=18, zorder=2)
    for number in numbers[:: max(len(places) // 24, 1)]:
        axes.annotate(str(number), tuple(places[number]), fontsize=6)
    bare(axes)


P = "Power et al. 2022, figure 3 right"
CLAIMS = (
    Claim(
        "few-frequencies",
        "Rows of the output layer form a circle of numbers: few frequencies carry them.",
        f"{P}; 80 % in 8 pairs of frequencies, our choice",
        Quantity("share of the non-constant Fourier power in the 8 strongest pairs", concentration),
        at_least(0.8),
    ),
    Claim(
        "number-line",
        "Along it the numbers are in order, at a step that the run chooses.",
        f"{P}; against the 99th percentile for shuffled numbers, our choice",
        Quantity("order on the ring of the strongest frequency, less that of shuffled numbers", order),
        at_least(0),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, require_ring)
