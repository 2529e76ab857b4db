"""A plan: everything that decides a run."""

import dataclasses
import hashlib
import json
import math
from typing import Any

from groklab import measures, models, objectives, optimizers, tasks
from groklab.errors import InvalidSetting, unknown
from groklab.measures import Accuracy, Loss, UpdateNorm, WeightNorm
from groklab.models import Model, Transformer
from groklab.objectives import CrossEntropy, Objective
from groklab.optimizers import Optimizer
from groklab.settings import Settings, setting
from groklab.tasks import BinaryTable, Task

MOMENTS = ("memorized", "generalized")  # at which a run may end, or be forked
MOST_RECORDINGS = 200_000  # of one run: each is a row, and a pause
MEASURES = (Accuracy(), Loss(), WeightNorm(), UpdateNorm())


class Seeds(Settings):
    """Three separate sources of chance."""

    init: int = setting(0, "seed of the initial weights", at_least=0, below=2**31)
    split: int = setting(0, "seed of the division into training and validation", at_least=0, below=2**31)
    order: int = setting(0, "seed of the batches, and of noise and dropout", at_least=0, below=2**31)


class Record(Settings):
    """Which steps are recorded: 0, 1, 2, … and then each at least `growth` times the last, and the final one.

    With `every` none is further than so many steps from the last: what comes and goes within a few steps, such as a
    slingshot, is missed by a ratio.
    """

    growth: float = setting(1.02, "ratio of successive recorded steps; the resolution of every crossing", above=1)
    stop_after: int = setting(
        0, "recordings in a row at which it has generalized, after which a run ends early; 0: never", at_least=0
    )
    snapshots: float = setting(0.0, "ratio of successive recorded steps whose weights are kept; 0: of none", at_least=0)

    memorized_from: float = setting(
        0.99, "training accuracy from which on a run has memorized", above=0, at_most=1, is_later=True
    )
    generalized_from: float = setting(
        0.99, "validation accuracy from which on a run has generalized", above=0, at_most=1, is_later=True
    )

    stop_at: str = setting(
        "end",
        "where a run ends: at its last step, or as soon as it has memorized or generalized",
        choices=("end", "memorized", "generalized"),
        is_later=True,
    )

    every: int = setting(0, "most steps from one recording to the next; 0: any number", at_least=0, is_later=True)

    def validate(self) -> None:
        if 0 < self.snapshots <= 1:
            raise InvalidSetting(f"`snapshots` must be 0, or above 1, got {self.snapshots:g}. Try snapshots=1.2.")

    def kept(self, last: int) -> frozenset[int]:
        """Return the recorded steps from 0 to `last` whose weights are kept."""
        if not self.snapshots:
            return frozenset()
        kept = [0]
        for step in self.steps(last)[1:]:
            if step >= kept[-1] * self.snapshots:
                kept.append(step)
        return frozenset([*kept, last])

    def thresholds(self) -> dict[str, float]:
        """Return the accuracies from which on a run has memorized and generalized."""
        return {"memorized_from": self.memorized_from, "generalized_from": self.generalized_from}

    def count(self, last: int) -> float:
        """Return about how many steps from 0 to `last` are recorded: at first all, then ever fewer."""
        all_until = min(last, 1 / (self.growth - 1))
        fewer_until = min(last, self.every * all_until) if self.every else last
        even = (last - fewer_until) / self.every if self.every else 0.0
        return all_until + math.log(max(fewer_until / all_until, 1)) / math.log(self.growth) + even

    @property
    def pace(self) -> tuple[float, int]:
        """What decides the recorded steps up to any last one."""
        return self.growth, self.every

    def steps(self, last: int) -> list[int]:
        """Return the recorded steps from 0 to `last`."""
        steps = [0]
        while steps[-1] < last:
            # rounded before the ceiling, so that 100 times 1.02 is 102 and not 103
            next_one = max(steps[-1] + 1, -int(-round(steps[-1] * self.growth, 6) // 1))
            steps.append(min(last, next_one, steps[-1] + (self.every or last)))
        return steps


class Precision(Settings):
    """The dtypes of a run."""

    parameters: str = setting("float32", "of weights, activations and updates", choices=("float32", "float64"))
    products: str = setting("float32", "of the operands of matrix products", choices=("bfloat16", "float32", "float64"))
    loss: str = setting("float32", "of the loss and its log-softmax", choices=("float16", "float32", "float64"))

    @property
    def needs_float64(self) -> bool:
        """Whether any of them is float64."""
        return "float64" in (self.parameters, self.products, self.loss)


class Plan(Settings):
    """Everything that decides a run: the same plan gives the same numbers."""

    task: Task = setting(BinaryTable(), "what is to be learnt")
    model: Model = setting(Transformer(), "what learns")
    optimizer: Optimizer = setting(Optimizer(), "how it learns")
    objective: Objective = setting(CrossEntropy(), "what counts as wrong, and by how much", is_later=True)
    alpha: float = setting(1.0, "factor α on all initial weights (Liu et al. 2023)", above=0, is_later=True)
    steps: int = setting(100_000, "optimizer updates", at_least=1)
    batch_size: int | str = setting(
        "512-or-half", "examples of an update: a number, full, or 512-or-half of the training set if that is less"
    )
    batch_noise: str = setting(
        "own",
        "how a batch's gradient differs from that of all examples: by its own noise, or by as much isotropic noise",
        choices=("own", "isotropic"),
        is_later=True,
    )
    record: Record = setting(Record(), "which steps are recorded")
    precision: Precision = setting(Precision(), "dtypes")
    seeds: Seeds = setting(Seeds(), "seeds")
    measures: tuple = setting(MEASURES, "what is measured at every recorded step")
    before: tuple = setting((), "the runs that it goes on from, in their order: a fork has one or more", is_later=True)

    def validate(self) -> None:
        is_word = self.batch_size in ("512-or-half", "full")
        if not is_word and (isinstance(self.batch_size, str) or self.batch_size < 1):
            raise InvalidSetting(
                f"`batch_size` must be a whole number of at least 1, full, or 512-or-half, got {self.batch_size!r}."
            )
        # a growth that varies inside a program is no number here, and has been checked
        recordings = self.record.count(self.steps) if isinstance(self.record.growth, float) else 0
        if recordings > MOST_RECORDINGS:
            raise InvalidSetting(
                f"`growth` and `every` must be so large that a run has at most {MOST_RECORDINGS:,} recordings, got "
                f"{self.record.growth!r} and {self.record.every:,}, which make {recordings:,.0f} in {self.steps:,} "
                "steps. Try growth=1.001 every=100."
            )

    def batch_of(self, train_size: int) -> int:
        """Return the batch size on a training set of `train_size`; raise if it is larger than the set."""
        if self.task.is_fresh:
            return self._fresh_batch()
        if self.batch_size == "full":
            return train_size
        if self.batch_size == "512-or-half":
            return min(512, -(-train_size // 2))
        if int(self.batch_size) > train_size:
            raise InvalidSetting(
                f"`batch_size` must be at most the training set's size, got {self.batch_size} for {train_size} "
                "training examples. Try batch_size=full."
            )
        return int(self.batch_size)

    def _fresh_batch(self) -> int:
        if self.batch_size == "full":
            raise InvalidSetting(
                "`batch_size` must be a number where every batch is fresh, got full. Try batch_size=64, or a task of"
                " limited size."
            )
        return 512 if self.batch_size == "512-or-half" else int(self.batch_size)

    @property
    def id(self) -> str:
        """The run's id: the first 12 hex digits of the plan's SHA-256."""
        text = json.dumps(encode(self, is_whole=False), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


class Stage(Settings):
    """A run up to a step, from which another one goes on: with its weights, and with what its optimizer remembers."""

    plan: Plan = setting(Plan(), "what was trained")
    until: int | str = setting(
        1, "the step from which on the other one is trained, or memorized or generalized, when that is so", at_least=1
    )
    reset: bool = setting(False, "whether the other's optimizer begins anew")
    scale: float = setting(1.0, "factor on all weights there", above=0)

    def validate(self) -> None:
        if isinstance(self.until, str) and self.until not in MOMENTS:
            raise InvalidSetting(f"`until` must be a step, or {' or '.join(MOMENTS)}, got {self.until!r}.")


KINDS: dict[str, type[Settings]] = {
    kind.__name__: kind
    for kind in (
        *tasks.KINDS,
        *tasks.OPERATION_KINDS,
        *models.KINDS,
        *objectives.KINDS,
        *optimizers.KINDS,
        *measures.KINDS,
        *(Seeds, Record, Precision, Plan, Stage),
    )
}


def encode(value: Any, *, is_whole: bool = True) -> Any:
    """Return a plan, or a part of one, as JSON values; `decode` gives it back.

    Where it need not be whole, settings that are younger than the first plans are left out while they are at their
    defaults: a plan's id stays as it was when plans were given more to say.
    """
    if isinstance(value, Settings):
        fields = [field for field in dataclasses.fields(value) if is_whole or not _is_left_out(value, field)]
        parts = {field.name: encode(getattr(value, field.name), is_whole=is_whole) for field in fields}
        return {"kind": type(value).__name__, **parts}
    return [encode(item, is_whole=is_whole) for item in value] if isinstance(value, tuple) else value


def _is_left_out(settings: Settings, field: dataclasses.Field[Any]) -> bool:
    return field.metadata["is_later"] and getattr(settings, field.name) == field.default


def decode(value: Any) -> Any:
    """Return the settings that `encode` wrote."""
    if isinstance(value, dict):
        name = value.get("kind", "")
        if name not in KINDS:
            raise InvalidSetting(unknown("kind of settings", name, KINDS))
        return KINDS[name](**{key: decode(item) for key, item in value.items() if key != "kind"})
    return tuple(decode(item) for item in value) if isinstance(value, list) else value
