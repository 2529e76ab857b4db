"""Forks: plans that go on from another one's run, and the state that they begin with."""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from groklab.chance import key_of
from groklab.columns import Columns
from groklab.errors import InvalidSetting
from groklab.milestones import milestones_in
from groklab.training.member import Setup, State
from groklab.training.overrides import overridden
from groklab.training.plan import Plan, Stage
from groklab.trees import dotted
from groklab.wide import float64

OPTIMIZER = "optimizer."


def fork(plan: Plan, at: int | str, *, reset: bool = False, scale: float = 1.0, **changes: Any) -> Plan:
    """Return the plan that goes on from step `at` of another one, with some settings changed, by their short names.

    `at` may also be "memorized" or "generalized": the recorded step at which that is so first. Weights are carried
    over, times `scale`, and so is what the optimizer remembers, as far as the new one remembers the same, unless it
    shall `reset`. Raise `InvalidSetting` where weights would not fit, or nothing is left to train.
    """
    return forked(plan, overridden(plan, list(changes.items())), at, reset=reset, scale=scale)


def forked(plan: Plan, child: Plan, at: int | str, *, reset: bool = False, scale: float = 1.0) -> Plan:
    """Return a changed plan as one that goes on from step `at` of another."""
    if not isinstance(at, str):
        _require_step(plan, at)
        _require_steps(child, at)
    _require_same_weights(plan, child)
    last = Stage(plan.replace(before=()), at, reset, scale)
    return child.replace(before=(*plan.before, last))


def trunk(plan: Plan) -> Plan | None:
    """Return the plan that leads to where a fork begins, and ends there; None for what is no fork."""
    if not plan.before:
        return None
    *earlier, last = plan.before
    if isinstance(last.until, str):
        return last.plan.replace(before=tuple(earlier), record=last.plan.record.replace(stop_at=last.until))
    return last.plan.replace(before=tuple(earlier), steps=last.until)


def parent_of(plan: Plan) -> Plan | None:
    """Return the plan that was forked, with all its steps; None for what is no fork."""
    return plan.before[-1].plan.replace(before=plan.before[:-1]) if plan.before else None


def handed_over(plan: Plan, rows: Columns) -> Columns:
    """Return what a fork takes over of its trunk's record: not the end, where it would not itself record that.

    Raise `InvalidSetting` where the trunk ended before the fork, or nothing is left to train.
    """
    stage: Stage = plan.before[-1]
    step = int(rows["step"][-1])
    if isinstance(stage.until, str):
        found = milestones_in(rows, **stage.plan.record.thresholds()).as_dict()[f"{stage.until}_at"]
        if found is None:
            raise InvalidSetting(
                f"`at` must be a moment that the run came to, got {stage.until}: it was not so in {step:,} steps."
            )
    elif step < stage.until:
        raise InvalidSetting(f"`at` must be a step that the run passed, got {stage.until:,}: it ended at {step:,}.")
    _require_steps(plan, step)
    kept = (rows["step"] < step) | (step in plan.record.steps(plan.steps))
    return {name: values[kept] for name, values in rows.items()}


def _require_step(plan: Plan, at: int) -> None:
    since = plan.before[-1].until if plan.before else 0
    if not isinstance(since, str) and at < since:
        raise InvalidSetting(
            f"`at` must be {since:,} or later, where the run itself was forked, got {at:,}. Fork its parent."
        )
    if at > plan.steps:
        raise InvalidSetting(f"`at` must be at most {plan.steps:,}, the run's last step, got {at:,}.")


def _require_steps(child: Plan, at: int) -> None:
    if child.steps <= at:
        raise InvalidSetting(
            f"`steps` must be above {at:,}, the step of the fork, got {child.steps:,}. Try steps={2 * max(at, 1)}."
        )


def begun(plan: Plan, setup: Setup, arrays: Mapping[str, np.ndarray]) -> State:
    """Return the state that a fork begins with, from the named arrays of its trunk's last state."""
    stage: Stage = plan.before[-1]
    with float64(plan.precision.needs_float64):
        dtype = setup.precision.parameters
        like = jax.eval_shape(lambda: setup.model.initialize(setup.shape, key=key_of(0)))

        def taken(path: Any, leaf: Any) -> jax.Array:
            found = jnp.asarray(arrays[f"weights.{dotted(path)}"], dtype)
            return found if stage.scale == 1 else found * jnp.asarray(stage.scale, dtype)

        weights = jax.tree_util.tree_map_with_path(taken, like)
        fresh = setup.optimizer.build().init(weights)
        return State(weights, fresh if stage.reset else _remembered(plan, fresh, arrays))


def _remembered(plan: Plan, fresh: Any, arrays: Mapping[str, np.ndarray]) -> Any:
    """Return an optimizer's state: each part of the chain that the trunk's had too, in all its arrays, as it was."""
    shift = _filters(plan.before[-1].plan) - _filters(plan)
    parts = []
    for place, part in enumerate(fresh):
        paths = jax.tree_util.tree_leaves_with_path(part)
        leaves = {".".join(filter(None, (f"{OPTIMIZER}{place + shift}", dotted(path)))): leaf for path, leaf in paths}
        fits = all(name in arrays and arrays[name].shape == leaf.shape for name, leaf in leaves.items())
        found = [jnp.asarray(arrays[name], leaf.dtype) for name, leaf in leaves.items()] if fits else [*leaves.values()]
        parts.append(jax.tree.unflatten(jax.tree.structure(part), found))
    return tuple(parts)


def _filters(plan: Plan) -> int:
    return len(plan.optimizer.filter.transformations())


def _require_same_weights(parent: Plan, child: Plan) -> None:
    if (parent.task, parent.model, parent.objective) == (child.task, child.model, child.objective):
        return  # laying out data takes a moment, and a sweep has many forks
    before, after = _shapes(parent), _shapes(child)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            raise InvalidSetting(
                f"`model` and `task` must give a fork the weights of its parent, got `{name}` of shape "
                f"{after.get(name, 'none')} for {before.get(name, 'none')}."
            )


def _shapes(plan: Plan) -> dict[str, tuple[int, ...]]:
    shape = plan.task.examples(seed=plan.seeds.split).shape
    width = plan.objective.width(shape.answers)
    shape = shape if width == shape.answers.size else shape._replace(width=width)
    weights = jax.eval_shape(lambda: plan.model.initialize(shape, key=key_of(0)))
    return {dotted(path): leaf.shape for path, leaf in jax.tree_util.tree_leaves_with_path(weights)}
