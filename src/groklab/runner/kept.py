"""The weights that a run has kept."""

from typing import Any

import jax
import numpy as np
from jaxtyping import Float, Int

from groklab.errors import RunMissing
from groklab.runner.observing import start
from groklab.runner.restore import plan_of
from groklab.store import Run
from groklab.training import Plan, State, prepare
from groklab.training.arrays import from_arrays, refuse_unfitting, to_arrays


def weights_at(run: Run, step: int | None = None) -> Any:
    """Return the weights that a run has kept at a step, or its last; raise `RunMissing` where it has not."""
    kept = Kept(run)
    return kept.weights(kept.steps[-1] if step is None else step, kept.begun(plan_of(run)))


def kept_weights(run: Run, first: float = 0, last: float = np.inf) -> dict[int, Any]:
    """Return all weights that a run has kept between two steps, by their steps; raise `RunMissing` where none are."""
    kept = Kept(run)
    begun = kept.begun(plan_of(run))
    return {step: kept.weights(step, begun) for step in kept.steps if first <= step <= last}


def positions(
    run: Run, first: float = 0, last: float = np.inf
) -> tuple[Int[np.ndarray, "kept"], Float[np.ndarray, "kept weights"]]:
    """Return the steps between two at which a run has kept its weights, and all weights there, a row a step.

    `groklab.motion` says how such positions move.
    """
    found = kept_weights(run, first, last)
    rows = [_row(weights) for weights in found.values()]
    return np.array(list(found), np.int64), np.array(rows) if rows else np.zeros((0, len(_row(weights_at(run)))))


def _row(weights: Any) -> Float[np.ndarray, "weights"]:
    """Return all weights in a row, as they are: JAX would make 32 bits of 64."""
    return np.concatenate([np.ravel(np.asarray(leaf)) for leaf in jax.tree.leaves(weights)])


class Kept:
    """The weights of a run: those kept on the way, and those of its last checkpoint, which is read once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        saved = run.checkpoint()
        if saved is None:
            raise RunMissing(f"`{run.name}` has no checkpoint yet. Train it further, then look again.")
        self._last, about = saved
        self._end = int(about["step"])
        # weights are kept at once and checkpoints now and then: a run that was cut off has not come to later ones
        self.steps = sorted({step for step in run.snapshots() if step <= self._end} | {self._end})

    def begun(self, plan: Plan) -> State:
        """Return the state that a plan begins with; raise `RunDamaged`, before it is drawn, where it is another's."""
        refuse_unfitting(self._last, prepare(plan)[0], self.run.name)
        return start(plan)

    def state(self, step: int, begun: State) -> State:
        """Return the state at a step, except that the optimizer's is that of the start."""
        arrays = self._last if step == self._end else self.run.snapshot(step)
        optimizer = {name: array for name, array in to_arrays(begun).items() if name.startswith("optimizer.")}
        return from_arrays(dict(arrays) | optimizer, jax.tree.map(np.asarray, begun), self.run.name)

    def weights(self, step: int, begun: State) -> Any:
        """Return the weights at a step."""
        return self.state(step, begun).weights
