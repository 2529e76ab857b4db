"""A share of the runs of a figure at the paper's scale, so that several processes divide its programs among themselves.

The plans are the figure's own: what is trained here is in the store when the whole figure is reproduced. Ctrl-C saves
every run; the same command goes on from there.

    python benchmarks/paper_share.py omnigrok2023/mnist-landscape --share 1/4 --width 21 [--sizes 50 200] [--seeds 0]
"""

import argparse
import time
from typing import Any

from groklab.data.places import name_folder
from groklab.papers import catalogue
from groklab.papers.figure import plans_of
from groklab.runner import Watch, execute
from groklab.store import Store
from groklab.training import Plan


class Notes(Watch):
    """Prints what the runner says."""

    def note(self, text: str) -> None:
        print(text, flush=True)


def size_of(plan: Plan) -> Any:
    """Return the number of examples to train on: runs of another size have another program."""
    return getattr(plan.task, "size", None)


def main() -> None:
    """Train what the store lacks of a share, size by size, and print what that took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", metavar="PAPER/FIGURE")
    parser.add_argument("--share", default="1/1", help="which of how many shares of the sizes, such as 2/4")
    parser.add_argument("--sizes", type=int, nargs="*", help="sizes to train on (default all)")
    parser.add_argument("--seeds", type=int, nargs="*", help="seeds of the initial weights (default all)")
    parser.add_argument("--width", type=int, help="runs side by side (default measured)")
    parser.add_argument("--store", default="runs")
    parser.add_argument("--data", help="folder with copies of the data")
    options = parser.parse_args()
    if options.data:
        name_folder(options.data)
    mine, shares = (int(part) for part in options.share.split("/"))
    plans = plans_of(catalogue.load(*options.figure.split("/")).sweeps("paper"))
    if options.seeds is not None:
        plans = [plan for plan in plans if plan.seeds.init in options.seeds]
    sizes = list(dict.fromkeys(size for plan in plans if (size := size_of(plan)) in (options.sizes or [size])))
    for size in sizes[mine - 1 :: shares]:  # dealt out, so that each share has small ones and large
        chosen, began = [plan for plan in plans if size_of(plan) == size], time.monotonic()
        runs = execute(chosen, Store(options.store), width=options.width, watch=Notes())
        steps, seconds = sum(run.status()["step"] for run in runs), time.monotonic() - began
        print(f"size {size}: {len(runs)} runs, {steps:,} member-steps, {seconds:,.0f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("stopped, and saved", flush=True)
