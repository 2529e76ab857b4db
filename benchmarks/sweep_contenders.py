"""What `sweep_throughput.py` times: one member alone, members in lanes, members side by side, and a PyTorch loop."""

import functools
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import jax
from timing import Clocked, clocked, steps_for

from groklab.machine import is_exhausted
from groklab.models import MLP, Transformer
from groklab.optimizers import adamw
from groklab.tasks import BinaryTable, Modular
from groklab.training import Member, Plan, Precision, Program, Seeds, Setup, State, prepare


class Size(NamedTuple):
    """A standard run, and the fractions of its table in which the members of a sweep differ."""

    plan: Plan
    fractions: tuple[float, ...]

    def with_products(self, dtype: str) -> "Size":
        """Return the same with operands of matrix products in another dtype."""
        return self._replace(plan=self.plan.replace(precision=Precision(products=dtype)))


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
    "mlp": Size(
        Plan(
            task=BinaryTable(Modular("addition", 23), fraction=0.7),
            model=MLP(),
            optimizer=adamw(learning_rate=3e-3),
        ),
        (0.5, 0.6, 0.7, 0.8),
    ),
}

Laid = tuple[Setup, Member]


class Contender(NamedTuple):
    """Members trained in one way; a turn is `steps` of each."""

    name: str
    kind: str  # alone, sweep, one fraction, PyTorch
    members: int
    run: Clocked
    steps: int
    first_seconds: float  # to the end of the first step: layout, compilation, the step


def contender(name: str, kind: str, members: int, build: Callable[[], Clocked], seconds: float) -> list[Contender]:
    """Build and compile a contender, and find the steps that fill a turn; none where memory runs out."""
    built = functools.cache(build)
    run = out_of_memory_is_never(lambda count: built()(count))
    began = time.perf_counter()
    if math.isinf(run(1)):
        print(f"  {name}: memory ran out", flush=True)
        return []
    first = time.perf_counter() - began
    steps = steps_for(run, seconds)
    rough = members * steps / run(steps)  # printed at once, so that a benchmark that is cut off has told something
    print(f"  {name}: first step after {first:.1f} s, then about {rough:,.0f} member-steps/s", flush=True)
    return [Contender(name, kind, members, run, steps, first)]


def out_of_memory_is_never(run: Clocked) -> Clocked:
    """Return `run` with infinity for an answer where the device has no memory left."""

    def seconds(count: int) -> float:
        try:
            return run(count)
        except jax.errors.JaxRuntimeError as error:
            if is_exhausted(error):
                return math.inf
            raise

    return seconds


def laid_out(size: Size, count: int, *, same_fraction: bool = False) -> list[Laid]:
    """Return members that differ in their seeds and, unless told otherwise, in the fraction."""
    fractions = (size.plan.task.fraction,) if same_fraction else size.fractions
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

        def advance(program: Program, state: State) -> None:
            program.advance(state, 1, 1 + count)

        return clocked(lambda _: list(pool.map(advance, programs, states)))(count)

    return seconds


def torch_device() -> str:
    """Return where the PyTorch loop runs: on JAX's GPU if PyTorch can use it, else on the CPU; or why nowhere."""
    try:
        import torch
    except ImportError:
        return "not installed"
    return "cuda" if jax.default_backend() in ("gpu", "cuda") and torch.cuda.is_available() else "cpu"


def torch_alone(plan: Plan, device: str, threads: int) -> Clocked:
    """Return the PyTorch loop of one member."""
    from pytorch_loop import torch_loop

    return clocked(torch_loop(plan, threads=threads, device=device))
