"""Member-steps per second of a sweep, of one member trained alone, and of a PyTorch loop with the same model.

On an accelerator the sweep is trained side by side in one program, ever wider until memory ends. On a CPU it is trained
in lanes, one a core, and for comparison side by side too. All are timed in turn in one process; the table shows medians
over the rounds, and ratios within each round. Members differ in seeds and fractions, as in Power et al.'s figure 2
right.

    python benchmarks/sweep_throughput.py                  a small table, one minute on a laptop
    python benchmarks/sweep_throughput.py --size paper     x / y mod 97, for an accelerator
    python benchmarks/sweep_throughput.py --no-torch       where PyTorch is not installed

From the sources, without installing groklab, put PYTHONPATH=src before it.
"""

import argparse
import math
from pathlib import Path

import jax
from sweep_contenders import (
    SIZES,
    Contender,
    Size,
    contender,
    in_lanes,
    laid_out,
    side_by_side,
    torch_alone,
    torch_device,
)
from sweep_table import Result, about, as_json, results_of, show
from timing import in_turn

from groklab.runner.local import cores

WIDTHS = {"cpu": (4, 16)}
ACCELERATOR_WIDTHS = (16, 64, 128, 256, 512)


def contenders(size: Size, options: argparse.Namespace) -> dict[str, list[Contender]]:
    """Return what is timed, by what it is: alone, sweep, one fraction, PyTorch."""
    laid = laid_out(size, max(*options.widths, options.lanes))
    alone = contender("one member alone", 1, lambda: side_by_side(laid_out(size, 1, one_fraction=True)), options.seconds)
    found = {"alone": [alone], "sweep": [], "one fraction": [], "PyTorch": []}
    if jax.default_backend() == "cpu":
        name = f"{options.lanes} in lanes"
        found["sweep"] += [contender(name, options.lanes, lambda: in_lanes(laid[: options.lanes]), options.seconds)]
    found["sweep"] += wide = ...
    return found
