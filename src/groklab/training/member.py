"""What a compiled program takes: the static setup, and the arrays of one run."""

from typing import Any

import equinox as eqx
import numpy as np
from jaxtyping import Array, Bool, Float, Int, PyTree, Shaped

from groklab.measures import Measure
from groklab.models import Model, ModelInputs
from groklab.objectives import Objective
from groklab.optimizers import Optimizer
from groklab.tasks import Stream
from groklab.training.plan import Precision
from groklab.types import PRNGKey, Shape


class Setup(eqx.Module):
    """What decides the compiled program: runs whose setups have equal static parts share one.

    Floats are traced, so they may differ between runs, except for a plain 0, which switches its part off.
    """

    model: Model
    optimizer: Optimizer
    measures: tuple[Measure, ...]
    objective: Objective
    alpha: Any  # α: the factor on all initial weights
    shape: Shape = eqx.field(static=True)
    batch_size: int = eqx.field(static=True)
    is_full_batch: bool = eqx.field(static=True)
    precision: Precision = eqx.field(static=True)
    stream: Stream | None = None  # what draws every batch, where they are fresh
    is_isotropic: bool = eqx.field(static=True, default=False)


class Member(eqx.Module):
    """The arrays of one run that do not change: its data, its split and its keys."""

    inputs: ModelInputs
    targets: Shaped[Array, "examples scored ..."]
    order: Int[Array, "examples"]
    train_size: Int[Array, ""]
    known_size: Int[Array, ""]
    init_key: PRNGKey
    order_key: PRNGKey  # of the order of examples, or of fresh ones
    noise_key: PRNGKey
    # Accuracies from which on it has memorized, generalized: NumPy's keep 64 bits for the programs that have them.
    thresholds: dict[str, Float[np.ndarray, ""]]
    stop_after: Int[Array, ""]
    stop_at: dict[str, Bool[Array, ""]]  # whether it ends as soon as it has memorized, generalized


class State(eqx.Module):
    """The arrays of one run that change."""

    weights: PyTree[Array]
    optimizer: PyTree[Array]
