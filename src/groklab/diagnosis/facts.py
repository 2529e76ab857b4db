"""What is known of a run before anything is concluded from it."""

import contextlib
import functools
from typing import Any

import numpy as np
from jaxtyping import Float

from groklab.errors import InvalidSetting, InvalidTable
from groklab.measures import Collapse
from groklab.objectives import CrossEntropy
from groklab.optimizers import Adagrad, Adam, Free, RMSProp
from groklab.rules import Rule, rule
from groklab.runner import measured, plan_of
from groklab.slingshots import spikes_in
from groklab.store import Run
from groklab.store.words import thresholds
from groklab.tasks import BinaryTable

NEEDED = ("train_accuracy", "validation_accuracy", "train_loss", "validation_loss")
GAIN, FALL = 0.02, 0.05  # by which accuracy rises, or the logarithm of the loss falls, of a run that is getting better
TAIL = 0.25  # the last share of the steps, in which it is seen where a run is going
ADAPTIVE = (Adam, RMSProp, Adagrad)


class Facts:
    """A run's plan, its record, and what follows from them.

    `columns` are what it recorded, `step` the last recorded step, `steps` those it was allowed. `decay` is the product
    of rate, weight decay and steps since memorizing: without gradients weights would have shrunk by its exponential.
    """

    def __init__(self, run: Run) -> None:
        self.run, self.plan = run, plan_of(run)
        self.status, self.columns = run.status(), run.metrics()
        if not self.columns or len(self.columns["step"]) < 2:
            raise InvalidSetting(f"`{run.name}` must have been trained for some steps, got none. Train it first.")
        missing = next((name for name in NEEDED if name not in self.columns), None)
        if missing is not None:
            raise InvalidSetting(f"`{run.name}` must have recorded `{missing}`, got none. Measure Accuracy and Loss.")
        self.levels = thresholds(run)
        self.step, self.steps = int(self.columns["step"][-1]), int(self.plan.steps)
        self.memorized_at: int | None = self.status.get("memorized_at")
        self.generalized_at: int | None = self.status.get("generalized_at")
        self.settled_at: int | None = self.status.get("settled_at")
        self.diverged_at: int | None = self.status.get("diverged_at")

    @property
    def learning_rate(self) -> float:
        """The learning rate."""
        return float(self.plan.optimizer.learning_rate)

    @property
    def weight_decay(self) -> float:
        """The weight decay λ."""
        return float(self.plan.optimizer.weight_decay)

    @property
    def is_adaptive(self) -> bool:
        """Whether a gradient's size does not matter to an update's."""
        return isinstance(self.plan.optimizer.rule, ADAPTIVE)

    @property
    def is_coupled(self) -> bool:
        """Whether weight decay goes through a rule that scales it."""
        return self.plan.optimizer.decay == "coupled" and self.weight_decay > 0 and self.is_adaptive

    @property
    def is_held(self) -> bool:
        """Whether weights are held to a norm, or drawn to where they began: then no decay makes them small."""
        return not isinstance(self.plan.optimizer.constraint, Free) or self.plan.optimizer.decay == "initialization"

    @property
    def is_table(self) -> bool:
        """Whether a table is learnt: of other tasks nobody has measured what they take."""
        return isinstance(self.plan.task, BinaryTable)

    @property
    def decay(self) -> float:
        """The weight decay that acted since memorizing, η λ (T − t), as an exponent; of a fork, since it was forked."""
        if self.memorized_at is None:
            return 0.0
        forked = self.plan.before[-1].until if self.plan.before else 0
        start = max(self.memorized_at, forked if isinstance(forked, int) else 0)
        return self.learning_rate * self.weight_decay * max(self.step - start, 0)

    @functools.cached_property
    def examples(self) -> Any:
        """The examples of the task, as they were split."""
        return self.plan.task.examples(seed=self.plan.seeds.split)

    @property
    def train_size(self) -> int:
        """The number of training examples; 0 where every batch is fresh."""
        return 0 if self.plan.task.is_fresh else int(self.examples.train_size)

    @property
    def batch(self) -> int:
        """The number of examples of an update."""
        return self.plan.batch_of(self.train_size)

    @functools.cached_property
    def rule(self) -> Rule | None:
        """The rule of the known cells of a table; None for another task, and where too little of it is known."""
        with contextlib.suppress(InvalidTable):
            return rule(self.plan.task) if isinstance(self.plan.task, BinaryTable) else None
        return None

    def at_end(self, name: str) -> float:
        """The last recorded number of a column."""
        return float(self.columns[name][-1])

    def tail(self, name: str) -> Float[np.ndarray, "recordings"]:
        """The numbers of a column in the last quarter of the steps."""
        values = np.asarray(self.columns[name], float)[self.columns["step"] >= (1 - TAIL) * self.step]
        return values if len(values) > 1 else np.asarray(self.columns[name][-2:], float)

    @property
    def norm_ratio(self) -> float:
        """The norm of all weights at the end over that at the start."""
        norms = self.columns.get("weight_norm")
        return float(norms[-1] / norms[0]) if norms is not None and norms[0] else np.nan

    @functools.cached_property
    def spikes(self) -> list[int]:
        """The steps at which the training loss leaps after memorizing."""
        return spikes_in(self.columns)

    @functools.cached_property
    def collapsed(self) -> float | None:
        """The share of training examples with no gradient at their right class at the end; None without a softmax."""
        if not isinstance(self.plan.objective, CrossEntropy) or not self.run.has_checkpoint():
            return None
        found = measured(self.run, [Collapse()], [int(self.status["step"])])
        return float(found.zero_gradient[-1])

    @property
    def chance(self) -> float:
        """The validation accuracy of guessing among the answers of the training examples."""
        targets = np.asarray(self.examples.targets)
        if targets.dtype.kind not in "iu":
            return 0.0
        trained = targets[self.examples.order[: self.train_size]]
        return float(np.bincount(trained[trained >= 0].ravel()).max() / trained.size)

    @property
    def is_rising(self) -> bool:
        """Whether validation accuracy, or its loss, was still getting better at the end."""
        accuracy, loss = self.tail("validation_accuracy"), self.tail("validation_loss")
        half = len(accuracy) // 2
        gained = accuracy[half:].mean() - accuracy[:half].mean()
        fell = np.log(max(loss[:half].mean(), 1e-12)) - np.log(max(loss[half:].mean(), 1e-12))
        return bool(gained > GAIN or (fell > FALL and accuracy[half:].mean() > 2 * self.chance))
