"""A training step of each kind of network of Omnigrok against the PyTorch loop that a user would write.

    images      784-200-200-10, ReLU, one-hot squared error, batches of 200
    reviews     a two-layer LSTM, embeddings of 16, width 32, 64 tokens of 201, binary cross-entropy, batches of 50
    molecules   two convolutions over edges (32, 16) on graphs of 29 atoms, squared error, batches of 32
    sums        two embeddings added and decoded, 2-200-200-30, squared error, all 45 pairs

Data is drawn at random: nothing needs to be on disk. Contenders are timed in turn in one process, compiled before; the
table shows medians over the rounds and of the ratios within a round, and what the bare matrix products take.

    python benchmarks/model_steps.py     needs PyTorch (CPU) for its column: pip install torch
"""

import argparse
import statistics
from collections.abc import Callable, Mapping
from typing import Any

import jax
import numpy as np
from bare import bare_products
from pytorch_models import torch_steps
from rich.console import Console
from rich.table import Table
from timing import Timed, clocked, in_turn

from groklab.models import LSTM, EmbeddingSum, GraphConvolution
from groklab.objectives import BinaryCrossEntropy, SquaredError
from groklab.optimizers import Adam, adamw
from groklab.tasks import Task
from groklab.training import Plan, Program, prepare
from groklab.training.presets import MNIST, VECTOR_ADDITION
from groklab.types import Classes, Examples, Graphs, Numbers, Shape, Tokens

EXAMPLES, TRAINED = 1000, 800
OPTIMIZER = adamw(rule=Adam(b2=0.999), warmup="none", weight_decay=0.1)


class Drawn(Task):
    """Random examples of some kind."""

    kind: str = "images"

    @property
    def name(self) -> str:
        return self.kind

    def examples(self, *, seed: int) -> Examples:
        """Return examples that nothing can be learnt from."""
        inputs, targets, shape = DATA[self.kind](np.random.default_rng(seed))
        return Examples(inputs, targets, np.arange(EXAMPLES, dtype=np.int32), TRAINED, EXAMPLES, shape)


def images(chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Shape]:
    """Return images of noise."""
    digits = chance.integers(10, size=(EXAMPLES, 1)).astype(np.int32)
    return chance.random((EXAMPLES, 28, 28), np.float32), digits, Shape(Numbers((28, 28)), Classes(10))


def reviews(chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Shape]:
    """Return sequences of any words."""
    words = chance.integers(201, size=(EXAMPLES, 64)).astype(np.int32)
    labels = chance.integers(2, size=(EXAMPLES, 1)).astype(np.int32)
    return words, labels, Shape(Tokens(64, 201, (63,)), Classes(2))


def molecules(chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Shape]:
    """Return chains of 18 atoms, padded to 29."""
    graphs = np.zeros((EXAMPLES, 29, 11 + 4 * 29), np.float32)
    graphs[:, :18, :11] = chance.random((EXAMPLES, 18, 11)) < 0.3
    graphs[:, :18, 5] = 6
    for atom in range(17):
        kinds = chance.integers(4, size=EXAMPLES)
        for one, other in ((atom, atom + 1), (atom + 1, atom)):
            graphs[np.arange(EXAMPLES), one, 11 + 29 * kinds + other] = 1
    return graphs, chance.random((EXAMPLES, 1, 1)), Shape(Graphs(29, 11, 4), Numbers((1,)))


DATA: Mapping[str, Callable[..., tuple[np.ndarray, np.ndarray, Shape]]] = {
    "images": images,
    "reviews": reviews,
    "molecules": molecules,
}
PLANS: Mapping[str, Plan] = {
    "images": MNIST.replace(task=Drawn("images")),
    "reviews": Plan(
        Drawn("reviews"), LSTM(width=16, hidden=32), OPTIMIZER, objective=BinaryCrossEntropy(), batch_size=50
    ),
    "molecules": Plan(Drawn("molecules"), GraphConvolution(), OPTIMIZER, objective=SquaredError(), batch_size=32),
    "sums": VECTOR_ADDITION.replace(model=EmbeddingSum()),
}
# Rows, inner size and columns of each product of a forward pass; backwards there are twice as many.
PRODUCTS: Mapping[str, list[tuple[int, int, int]]] = {
    "images": [(200, 784, 200), (200, 200, 200), (200, 200, 10)],
    "reviews": [(3200, 16, 128), (3200, 32, 128), *[(50, 32, 128)] * 128],
    "molecules": [(928, 11, 160), (928, 116, 32), (928, 32, 80), (928, 116, 16)],
    "sums": [(45, 2, 200), (45, 200, 200), (45, 200, 30)],
}


def ours(plan: Plan) -> Timed:
    """The training loop as the library runs it."""
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    state = program.start()
    return lambda count: jax.block_until_ready(program.advance(state, 0, count))


def timed(name: str, count: int, rounds: int) -> list[str]:
    """Return a row of the table."""
    plan = PLANS[name]
    found: dict[str, Any] = {"groklab": ours(plan), "products": bare_products(PRODUCTS[name])}
    if (theirs := torch_steps(name, plan)) is not None:
        found["PyTorch"] = theirs
    for run in found.values():
        run(2)
    clocks = {word: clocked(run) for word, run in found.items()}
    seconds = in_turn(clocks, dict.fromkeys(found, count), rounds)
    middle = {word: 1e3 * statistics.median(each) for word, each in seconds.items()}
    pairs = zip(seconds.get("PyTorch", []), seconds["groklab"], strict=False)
    ratio = statistics.median([theirs / ours for theirs, ours in pairs] or [float("nan")])
    numbers = [middle["groklab"], middle.get("PyTorch", float("nan")), middle["products"], ratio]
    return [name, *(f"{number:.2f}" for number in numbers)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a step of each kind of network against PyTorch.")
    parser.add_argument("--rounds", type=int, default=9, help="rounds of all contenders (default 9)")
    parser.add_argument("--count", type=int, default=200, help="steps of a round (default 200)")
    options = parser.parse_args()
    table = Table(title="one training step, in ms", box=None)
    for column in ("", "groklab", "PyTorch", "bare products", "PyTorch / groklab"):
        table.add_column(column)
    for name in PLANS:
        table.add_row(*timed(name, options.count, options.rounds))
    Console().print(table)


if __name__ == "__main__":
    main()
