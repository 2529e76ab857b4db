"""From a plan to what its compiled program takes: checked, and laid out on the host."""

import functools
import math
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from groklab.chance import key_of, partitionable
from groklab.errors import InvalidSetting
from groklab.machine import excess
from groklab.measures import Measure
from groklab.models import KINDS as MODELS
from groklab.models import Model, ModelInputs
from groklab.naming import word_of
from groklab.tasks import Stream
from groklab.training.member import Member, Setup
from groklab.training.plan import MOMENTS, Plan, Precision
from groklab.types import Examples, PRNGKey, Shape
from groklab.wide import float64

FIXED = 2**31 - 1  # of the key of what is drawn once: beyond all that the keys of weights are split into


def prepare(plan: Plan) -> tuple[Setup, Member, Examples]:
    """Lay out a plan's data and settings on the host; every error in a plan shows here, before any compilation."""
    examples = plan.task.examples(seed=plan.seeds.split)
    _check_model(plan.model, examples.shape)
    examples = examples._replace(shape=_shape(plan, examples.shape))
    _check_size(plan.model, examples.shape)
    _check_measures(plan, examples)
    return jax.tree.map(_traced(plan.precision), _setup(plan, examples)), _member(plan, examples), examples


def _shape(plan: Plan, shape: Shape) -> Shape:
    width = plan.objective.width(shape.answers)
    return shape if width == shape.answers.size else shape._replace(width=width)


def _setup(plan: Plan, examples: Examples) -> Setup:
    batch_size = plan.batch_of(examples.train_size)
    stream = plan.task if isinstance(plan.task, Stream) and plan.task.is_fresh else None
    is_full = batch_size == examples.train_size and stream is None
    is_isotropic = plan.batch_noise == "isotropic"
    if is_isotropic and stream is not None:
        raise InvalidSetting(
            "`batch_noise` must be own where every batch is fresh, got isotropic. Try a task of limited size."
        )
    parts = plan.model, plan.optimizer, plan.measures, plan.objective, plan.alpha
    return Setup(*parts, examples.shape, batch_size, is_full, plan.precision, stream, is_isotropic)


def _member(plan: Plan, examples: Examples) -> Member:
    order_key, init_key = key_of(plan.seeds.order), key_of(plan.seeds.init)
    with float64(plan.precision.needs_float64), partitionable():
        return Member(
            inputs=_inputs(plan, examples, init_key),
            targets=jnp.asarray(_numbers(plan, examples.targets)),
            order=jnp.asarray(examples.order, jnp.int32),
            train_size=jnp.asarray(examples.train_size, jnp.int32),
            known_size=jnp.asarray(examples.known_size, jnp.int32),
            init_key=init_key,
            order_key=jax.random.fold_in(order_key, 0),
            noise_key=jax.random.fold_in(order_key, 1),
            thresholds={
                "memorized": np.asarray(plan.record.memorized_from),
                "generalized": np.asarray(plan.record.generalized_from),
            },
            stop_after=jnp.asarray(plan.record.stop_after, jnp.int32),
            stop_at={moment: jnp.asarray(plan.record.stop_at == moment) for moment in MOMENTS},
        )


def _inputs(plan: Plan, examples: Examples, key: PRNGKey) -> ModelInputs:
    inputs = np.ascontiguousarray(_numbers(plan, examples.inputs))
    arranged = _arranged(plan.model, examples.shape, inputs.shape, str(inputs.dtype), inputs.tobytes())
    fixed = plan.model.fixed(examples.shape, key=jax.random.fold_in(key, FIXED))
    return ModelInputs(arranged.examples, arranged.shared, fixed)


def _numbers(plan: Plan, array: np.ndarray) -> np.ndarray:
    """Return numbers in the dtype of the parameters, anything else as it is counted in programs."""
    return array.astype(plan.precision.parameters if np.issubdtype(array.dtype, np.floating) else np.int32)


def _check_model(model: Model, shape: Shape) -> None:
    if type(shape.reads) in model.reads:
        return
    able = [word_of(kind.__name__) for kind in MODELS if type(shape.reads) in kind.reads]
    raise InvalidSetting(
        f"`model` {word_of(type(model).__name__)} reads {_in_words(model.reads)}, got a task of "
        f"{_in_words([type(shape.reads)])}. Use model={' or '.join(able)}."
    )


@functools.lru_cache(maxsize=64)
def _check_size(model: Model, shape: Shape) -> None:
    """Raise `InvalidSetting` for a network that no memory holds: to draw its weights would end the process."""
    weights = jax.eval_shape(lambda key: model.initialize(shape, key=key), key_of(0))
    sentence = excess(sum(math.prod(leaf.shape) for leaf in jax.tree.leaves(weights)))
    if sentence is not None:
        raise InvalidSetting(sentence)


def _in_words(kinds: Sequence[type]) -> str:
    return " or ".join(kind.__name__.lower() for kind in kinds)


def _check_measures(plan: Plan, examples: Examples) -> None:
    asking = [measure for measure in plan.measures if type(measure).check is not Measure.check]
    if asking:
        weights = jax.eval_shape(lambda key: plan.model.initialize(examples.shape, key=key), key_of(0))
        for measure in asking:
            measure.check(examples, weights)


@functools.lru_cache(maxsize=16)
def _arranged(model: Model, shape: Shape, size: tuple[int, ...], dtype: str, inputs: bytes) -> ModelInputs:
    """Arrange inputs once for all runs of a sweep that have the same, whose arrays are then the same in memory too."""
    return model.arrange(np.frombuffer(inputs, dtype).reshape(size), shape)


def _traced(precision: Precision) -> Any:
    dtype = np.dtype(precision.parameters)

    def convert(leaf: Any) -> Any:
        return np.asarray(leaf, dtype) if isinstance(leaf, float) and leaf != 0.0 else leaf

    return convert
