"""Time of one training step: groklab, a plain JAX forward pass, a PyTorch loop, and the bare matrix products.

Two layers, width 128, batch 512, x / y mod 97, float32, two threads. All are timed in turn in one process, so that
whatever else the machine does falls on all of them alike; the table shows medians over the rounds and ratios.

    python benchmarks/step_time.py                needs PyTorch (CPU) for its row: pip install torch
    python benchmarks/step_time.py --no-members   without the cost of several members
"""

import argparse
import statistics

import jax
import jax.numpy as jnp
from bare import Shape, bare_products
from rich.console import Console
from rich.table import Table
from timing import Timed, clocked, in_turn

from groklab.models.transformer.sequences import tokens_of
from groklab.tasks import BinaryTable
from groklab.training import Plan, Precision, Program, prepare
from groklab.training import step as steps

BATCH, WIDTH, HIDDEN = 512, 128, 512


def groklab_loop(precision: Precision) -> Timed:
    """The training loop as the library runs it: order of the epoch, gradient, AdamW."""
    setup, member, _ = prepare(Plan(task=BinaryTable(fraction=0.5), precision=precision))
    program = Program([setup], [member])
    state = program.start()
    return lambda count: jax.block_until_ready(program.advance(state, 0, count))


def plain_loop() -> Timed:
    """The same update, with the textbook forward pass: every position of every sequence."""
    plan = Plan(task=BinaryTable(fraction=0.5))
    setup, member, _ = prepare(plan)
    optimizer = plan.optimizer.build()

    @jax.jit
    def run(weights, optimizer_state, count):
        def body(now, carry):
            weights, optimizer_state = carry
            rows = jax.lax.dynamic_slice(member.order, (now % 8 * BATCH,), (BATCH,))
            tokens, targets = tokens_of(member.inputs.rows(rows)), member.targets[rows]

            def loss(weights):
                logits = plan.model.plain_logits(weights, tokens, setup.shape)
                return plan.objective.losses(logits, targets, "float32").mean()

            updates, optimizer_state = optimizer.update(
                jax.grad(loss)(weights), optimizer_state, weights, key=member.noise_key
            )
            return jax.tree.map(jnp.add, weights, updates), optimizer_state

        return jax.lax.fori_loop(0, count, body, (weights, optimizer_state))

    state = steps.start(setup, member)
    return lambda count: jax.block_until_ready(run(state.weights, state.optimizer, count))


def shapes_of_a_step() -> list[Shape]:
    """The products of groklab's step, in the shapes in which it makes them.

    A row for each distinct prefix (97) or each example (512): the first block projects 97 distinct tokens at two
    positions and one at the two others, and mixes at four positions; the second reads four and answers at one.
    """
    prefixes = 97
    projections = [(rows, WIDTH, WIDTH) for rows in (prefixes, 1, prefixes, 1) for _ in "qkv"]
    first = [shape for rows in (prefixes, prefixes, BATCH, BATCH) for shape in block(rows)]
    reads = [(rows, WIDTH, WIDTH) for rows in (prefixes, prefixes, BATCH, BATCH) for _ in "kv"]
    return [*projections, *first, *reads, (BATCH, WIDTH, WIDTH), *block(BATCH), (BATCH, WIDTH, 99)]


def block(rows: int) -> list[Shape]:
    """The products behind a block's attention: its output matrix and its feed-forward layers."""
    return [(rows, WIDTH, WIDTH), (rows, WIDTH, HIDDEN), (rows, HIDDEN, WIDTH)]


def measure(contenders: dict[str, Timed], rounds: int, count: int) -> dict[str, list[float]]:
    """Return seconds a step of each, round by round, the contenders in turn."""
    for run in contenders.values():
        run(2)
    return in_turn({name: clocked(run) for name, run in contenders.items()}, dict.fromkeys(contenders, count), rounds)


def show_steps(seconds: dict[str, list[float]], reference: str) -> None:
    """Print medians, and medians of the ratios within each round."""
    table = Table(title="one training step, 2 layers, width 128, batch 512, p = 97", box=None)
    for column in ("", "ms", "range", f"speed against {reference}", "time against bare products"):
        table.add_column(column)
    for name, each in seconds.items():
        against = statistics.median(r / s for r, s in zip(seconds[reference], each, strict=True))
        bare = statistics.median(s / b for s, b in zip(each, seconds["bare products"], strict=True))
        spread = f"{min(each) * 1e3:.1f}–{max(each) * 1e3:.1f}"
        table.add_row(name, f"{statistics.median(each) * 1e3:.2f}", spread, f"{against:.2f}", f"{bare:.2f}")
    Console().print(table)


def show_members(rounds: int, count: int) -> None:
    """Print the cost of a step per member for 1, 4 and 16 members, as the runner trains them on this device."""
    prepared = [prepare(Plan(task=BinaryTable(fraction=0.5)).replace(seeds=_seeds(seed))) for seed in range(16)]
    contenders = {}
    for members in (1, 4, 16):
        width = 1 if jax.default_backend() == "cpu" else members
        programs = [
            Program([s for s, _, _ in prepared[i : i + width]], [m for _, m, _ in prepared[i : i + width]])
            for i in range(0, members, width)
        ]
        states = [program.start() for program in programs]

        def run(count, programs=programs, states=states):
            for program, state in zip(programs, states, strict=True):
                program.advance(state, 0, count)

        contenders[f"{members} members"] = run
    seconds = measure(contenders, rounds, count)
    table = Table(title="cost of a step per member", box=None)
    for column in ("", "ms a member", "against one member"):
        table.add_column(column)
    for name, each in seconds.items():
        members = int(name.split()[0])
        ratio = statistics.median(s / members / one for s, one in zip(each, seconds["1 members"], strict=True))
        table.add_row(name, f"{statistics.median(each) / members * 1e3:.2f}", f"{ratio:.2f}")
    Console().print(table)


def _seeds(seed: int):
    from groklab.training import Seeds

    return Seeds(seed, seed, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time one training step against its alternatives.")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of all contenders (default 9, at least 7)")
    parser.add_argument("--count", type=int, default=40, help="steps of a round (default 40)")
    parser.add_argument("--no-members", action="store_true", help="leave out the cost of several members")
    options = parser.parse_args()
    contenders = {
        "groklab": groklab_loop(Precision()),
        "groklab, bfloat16 products": groklab_loop(Precision(products="bfloat16")),
        "plain JAX": plain_loop(),
        "bare products": bare_products(shapes_of_a_step()),
        "bare products, bfloat16": bare_products(shapes_of_a_step(), "bfloat16"),
    }
    reference = "plain JAX"
    try:
        from pytorch_loop import torch_loop

        contenders["PyTorch"] = torch_loop(Plan(task=BinaryTable(fraction=0.5)), threads=2)
        reference = "PyTorch"
    except ImportError:
        print("PyTorch is not installed; its row is left out (pip install torch).")
    show_steps(measure(contenders, max(7, options.rounds), options.count), reference)
    if not options.no_members:
        show_members(3, options.count)


if __name__ == "__main__":
    main()
