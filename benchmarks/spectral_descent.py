"""Gradient descent of a linear student: every step made, and any step asked for from one eigendecomposition.

    loop, examples    NumPy, the residuals of all N examples in each step
    loop, covariance  NumPy, the covariance taken once, a step a product with it: as fast as a loop can be
    spectral          `groklab.theory.Descent`: the decomposition, and both losses at 200 steps

The student reads 1,000 numbers, 1,111 examples are shown (λ = 0.9), and 40,000 steps are wanted, in float64. The loops
make 400 of them and are taken to need a hundred times as long; they record nothing. Medians over the rounds. Then the
delays of a grid of 316 ratios λ and 316 tolerances ε.

    python benchmarks/spectral_descent.py
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from rich.console import Console
from rich.table import Table

from groklab.theory import DataSet, Descent, delay

INPUTS, EXAMPLES, STEPS, MADE, ROUNDS = 1000, 1111, 40_000, 400, 5
RATE = 0.01


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def loop_over_examples(data: DataSet, student: np.ndarray) -> np.ndarray:
    """Make some steps as a user would write them."""
    for _ in range(MADE):
        student = student - 2 * RATE / EXAMPLES * data.examples.T @ (data.examples @ student - data.labels)
    return student


def loop_over_covariance(data: DataSet, student: np.ndarray) -> np.ndarray:
    """Make some steps with what is the same in all of them taken once."""
    covariance, target = (data.examples.T @ each / EXAMPLES for each in (data.examples, data.labels))
    for _ in range(MADE):
        student = student - 2 * RATE * (covariance @ student - target)
    return student


def main() -> None:
    """Time all three in turn, and print their medians."""
    random = np.random.default_rng(0)
    examples = random.standard_normal((EXAMPLES, INPUTS))
    teacher, student = (random.standard_normal((INPUTS, 1)) / np.sqrt(2 * INPUTS) for _ in range(2))
    data, at = DataSet(examples, examples @ teacher, teacher), np.geomspace(1, STEPS, 200)
    calls = {
        "loop, examples": lambda: loop_over_examples(data, student),
        "loop, covariance": lambda: loop_over_covariance(data, student),
        "spectral": lambda: Descent(data, student, learning_rate=RATE).losses(at),
    }
    rounds = [{name: seconds(call) for name, call in calls.items()} for _ in range(ROUNDS)]
    table = Table("", "seconds for 40,000 steps", "times as long as spectral")
    for name in calls:
        factor = 1 if name == "spectral" else STEPS / MADE
        whole = statistics.median(each[name] * factor for each in rounds)
        ratio = statistics.median(each[name] * factor / each["spectral"] for each in rounds)
        table.add_row(name, f"{whole:.2f}", f"{ratio:.0f}")
    Console().print(table)
    grid = seconds(lambda: delay(np.linspace(0.05, 0.95, 316), np.geomspace(1e-6, 1e-2, 316)))
    print(f"316 × 316 delays: {grid:.1f} s")


if __name__ == "__main__":
    main()
