"""Parts of two large figures of Power et al. 2022 at the paper's scale, the most telling first.

The plans are the figures' own, so that what is trained here is in the store when a whole figure is reproduced. Ctrl-C
saves every run; the same command goes on from there.

    python benchmarks/paper_arms.py left|right [--store FOLDER]
"""

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import xarray

from groklab.papers.power2022 import fig2_left, fig2_right
from groklab.runner import Watch, dataset, execute
from groklab.store import Store
from groklab.training import Sweep

ARMS: dict[str, tuple[Callable[[], Sweep], tuple[str, ...], tuple[float, ...]]] = {
    "left": (lambda: fig2_left.sweeps("paper")["interventions"], ("AdamW", "Adam"), (0.3, 0.5, 0.8)),
    "right": (lambda: fig2_right.sweeps("paper")["operations"], ("x + y", "x − y", "x³ + xy² + y"), (0.2, 0.3, 0.5)),
}


def part_of(sweep: Sweep, arms: Sequence[str], fractions: Sequence[float]) -> Sweep:
    """Return a sweep with some points of its first axis and some fractions, and all its seeds."""
    first, second, seeds = sweep.axes
    return sweep._replace(axes=(_some(first, arms), _some(second, fractions), seeds))


def _some(axis: Any, labels: Sequence[Any]) -> Any:
    kept = [axis.labels.index(label) for label in labels]
    return axis._replace(labels=tuple(labels), points=tuple(axis.points[at] for at in kept))


class Notes(Watch):
    """Prints what the runner says, and now and then how far it is."""

    def __init__(self) -> None:
        self._next = 0.0

    def note(self, text: str) -> None:
        print(text, flush=True)

    def report(self, report: Any) -> None:
        if time.monotonic() > self._next:
            self._next = time.monotonic() + 10
            print(f"  {report.run}: step {report.step:,}, {report.width} side by side", flush=True)


def told(data: xarray.Dataset) -> None:
    """Print a line for each arm and fraction: crossings and best validation accuracy, seed by seed."""
    arm = next(iter(data.sizes))
    for name in data[arm].values:
        for fraction in data.fraction.values:
            runs = data.sel({arm: name, "fraction": fraction})
            best = runs.validation_accuracy.max("step").values
            print(
                f"{name}, {fraction:.0%}: memorized {_listed(runs.memorized_at)}, generalized "
                f"{_listed(runs.generalized_at)}, best validation accuracy {', '.join(f'{one:.1%}' for one in best)}"
            )


def _listed(steps: xarray.DataArray) -> str:
    return ", ".join("–" if np.isinf(one) else f"{one:,.0f}" for one in steps.values)


def main() -> None:
    """Train what the store lacks, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", choices=ARMS)
    parser.add_argument("--store", default="runs")
    options = parser.parse_args()
    whole, arms, fractions = ARMS[options.figure]
    sweep, began = part_of(whole(), arms, fractions), time.monotonic()
    runs = execute(sweep.plans(), Store(options.store), watch=Notes())
    data, seconds = dataset(sweep, runs), time.monotonic() - began
    told(data)
    steps = float(data.budget.sum())
    print(
        f"{len(runs)} runs, {steps:,.0f} member-steps, {seconds:,.0f} s: {steps / seconds:,.0f} member-steps/s in all"
    )


if __name__ == "__main__":
    main()
