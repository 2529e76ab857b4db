"""What `sweep_throughput.py` times: one member alone, members in lanes, members side by side, and a PyTorch loop."""

import functools
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import jax
from timing import Clocked, clocked, steps_for

from groklab.models import Transformer
from groklab.optimizers import adamw
from groklab.runner.batch import is_memory_exhausted
from groklab.tasks import BinaryTable, Modular
from groklab.training import Member, Plan, Program, Seeds, Setup, prepare


class Size(NamedTuple):
    """A standard run, and the fractions of its table in which the members of a sweep differ."""

    plan: Plan
    fractions: tuple[float, ...]


# The fractions are those of Power et al.'s figure 2 right, as `groklab reproduce` draws it at the two scales.
SIZES = {
    "paper": Size(Plan(), (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8, 0.95)),
    "laptop": Size(
        Plan(
            task=BinaryTable(Modular("division", 31), fraction=0.8),
            model=Transformer(depth=1, width=64),
            optimizer=adamw(learning_rate=3e-3),
            batch_size=320,
        ),
        (0.5, 0.6, 0.8, 0.9),
    ),
}

Laid = tuple[Setup, Member]


class Contender(NamedTuple):
    """Members trained in one way; a turn takes `count` steps of each."""

    name: str
    members: int
    run: Clocked
    count: int
    first_seconds: float  # to the end of the first step: layout, compilation, the step


def contender(name: str, members: int, build: Callable[[], Clocked], seconds: float) -> Contender | None:
    """Build and compile a contender, and find the steps that fill a turn; None where memory runs out."""
    built = functools.cache(build)
    run = out_of_memory_is_never(lambda count: built()(count))
    first = whole(run)(1)
    print(f"{name}: first step after {first:.1f} s", flush=True)
    count = steps_for(run, seconds)
    return Contender(name, members, run, count, first) if math.isfinite(first) else None


def whole(run: Clocked) -> Clocked:
    """Return `run` with the seconds of all that it does, preparations included; infinity stays infinity."""
    results: list[float] = []
    seconds = clocked(lambda count: results.append(run(count)))
    return lambda count: max(seconds(count), results[-1])


def out_of_memory_is_never(run: Clocked) -> Clocked:
    """Return `run` with infinity for an answer where the device has no memory left."""

    def seconds(count: int) -> float:
        try:
            return run(count)
        except jax.errors.JaxRuntimeError as error:
            if is_memory_exhausted(error):
                return math.inf
            raise

    return seconds


def laid_out(size: Size, count: int, *, one_fraction: bool = False) -> list[Laid]:
    """Return members that differ in their seeds and, unless told otherwise, in the fraction."""
    fractions = (size.plan.task.fraction,) if one_fraction else size.fractions
    return [_laid(size.plan, fractions[number % len(fractions)], number) for number in range(count)]


def _laid(plan: Plan, fraction: float, seed: int) -> Laid:
    task = plan.task.replace(fraction=float(fraction))
    setup, member, _ = prepare(plan.replace(task=task, seeds=Seeds(seed, seed, seed)))
    return setup, member


def side_by_side(laid: Sequence[Laid]) -> Clocked:
    """Return the training of all members by one program; of a single one, alone."""
    program = Program([setup for setup, _ in laid], [member for _, member in laid])

    def seconds(count: int) -> float:
        state = program.start()  # each time anew: kept, it would take memory from the wider programs
        return clocked(lambda count: program.advance(state, 1, 1 + count))(count)

    return seconds


def in_lanes(laid: Sequence[Laid]) -> Clocked:
    """Return the training of each member in a thread of its own, as the runner does it on a CPU."""
    programs = [Program([setup], [member]) for setup, member in laid]
    pool = ThreadPoolExecutor(len(programs), "lane")

    def seconds(count: int) -> float:
        states = [program.start() for program in programs]
        train = clocked(lambda count: list(pool.map(lambda each, state: each.advance(state, 1, 1 + count), programs, states)))
        return train(count)

    return seconds


def torch_device() -> str:
    """Return where the PyTorch loop runs: on JAX's GPU if PyTorch can, else on the CPU."""
    import torch

    return "cuda" if jax.default_backend() == "gpu" and torch.cuda.is_available() else "cpu"


def torch_alone(plan: Plan, threads: int) -> Clocked:
    """Return the PyTorch loop of one member."""
    from pytorch_loop import torch_loop

    return clocked(torch_loop(plan, threads=threads, device=torch_device()))
