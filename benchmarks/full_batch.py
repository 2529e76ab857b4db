"""Time of one full-batch step of Nanda et al.'s main run, against its bare matrix products.

One block of width 128, x + y mod 113, 30 % of the table, no batches. All are timed in turn in one process; the table
shows medians over the rounds and ratios.

    python benchmarks/full_batch.py [--fraction 0.4]
"""

import argparse
import statistics

import jax
from bare import bare_products
from rich.console import Console
from rich.table import Table
from timing import Timed, clocked, in_turn

from groklab.training import Plan, Precision, Program, prepare
from groklab.training.presets import MAINLINE

BARE = "bare products"


def loop(plan: Plan) -> Timed:
    """The training loop as the library runs it."""
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    state = program.start()
    return lambda count: jax.block_until_ready(program.advance(state, 0, count))


def products(plan: Plan) -> Timed:
    """The products behind the one position that is answered: a row each for all training examples.

    Queries, keys and values are taken once for each token, which costs a thirtieth of the rest, and are left out.
    """
    rows = prepare(plan)[2].train_size
    return bare_products([(rows, 128, 128), (rows, 128, 512), (rows, 512, 128), (rows, 128, 114)])


def main() -> None:
    parser = argparse.ArgumentParser(description="Time one full-batch step against its bare matrix products.")
    parser.add_argument("--fraction", type=float, default=0.3, help="share of the table to train on (default 0.3)")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of all contenders (default 9)")
    parser.add_argument("--count", type=int, default=20, help="steps of a round (default 20)")
    options = parser.parse_args()
    plan = MAINLINE.replace(task=MAINLINE.task.replace(fraction=options.fraction))
    contenders = {
        "groklab, loss in float64": loop(plan),
        "groklab, loss in float32": loop(plan.replace(precision=Precision())),
        "groklab, bfloat16 products": loop(plan.replace(precision=Precision(products="bfloat16"))),
        BARE: products(plan),
    }
    for run in contenders.values():
        run(2)
    clocks = {name: clocked(run) for name, run in contenders.items()}
    seconds = in_turn(clocks, dict.fromkeys(contenders, options.count), options.rounds)
    table = Table(title=f"one full-batch step, {options.fraction:.0%} of p = 113", box=None)
    for column in ("", "ms", "time against bare products"):
        table.add_column(column)
    for name, each in seconds.items():
        ratio = statistics.median(s / b for s, b in zip(each, seconds[BARE], strict=True))
        table.add_row(name, f"{statistics.median(each) * 1e3:.1f}", f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
