"""The four arms of slingshots at the paper's size: Adam, the loss in float64, ε = 1e-5, and weight decay 1.

python benchmarks/slingshot_arms.py --store FOLDER

Runs that are there go on. `groklab reproduce thilak2022/arms --scale paper --store FOLDER` then trains the other arms.
"""

import argparse

from groklab.papers.thilak2022 import arms
from groklab.runner import execute
from groklab.store import Store

ARMS = ("Adam", "float64 loss", "ε = 1e-5", "λ = 1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", default="runs")
    options = parser.parse_args()
    sweep = arms.sweeps("paper")["arms"]
    labels = [label for label in sweep.axes[0].labels for _ in range(sweep.shape[1])]
    plans = [plan for label, plan in zip(labels, sweep.plans(), strict=True) if label in ARMS]
    for run in execute(plans, Store(options.store)):
        print(run.name, run.status())


if __name__ == "__main__":
    main()
