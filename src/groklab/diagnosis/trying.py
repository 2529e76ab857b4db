"""Trying the change that should help: how much that costs, and whether it did."""

from typing import Any, NamedTuple

import numpy as np

from groklab.diagnosis.causes.no_rule import CAUSE as NO_RULE
from groklab.diagnosis.finding import Change, Finding
from groklab.diagnosis.why import UNSETTLED, Diagnosis
from groklab.errors import InvalidSetting
from groklab.runner import Watch, execute, plan_of
from groklab.store import Run, Store
from groklab.tasks import BinaryTable, Given
from groklab.training import Plan
from groklab.training.forks import forked
from groklab.training.overrides import overridden

STOP_AFTER = 5  # recordings in a row: a trial ends when it has generalized


class Cost(NamedTuple):
    """What a trial takes at most: optimizer steps, and seconds at the pace of the run, if that is known."""

    steps: int
    seconds: float | None


class Trial(NamedTuple):
    """A run with a change, whether it generalized, and how many steps it took beside those of the run itself.

    Where a table seems to have no rule it `is_control`: the run again, on the same answers shuffled.
    """

    run: Run
    finding: Finding
    cost: Cost
    has_helped: bool
    steps: int

    @property
    def is_control(self) -> bool:
        """Whether nothing was changed but the order of the answers."""
        return self.finding.cause == NO_RULE

    @property
    def best(self) -> float:
        """The greatest validation accuracy that it came to."""
        return best_of(self.run)

    def as_dict(self) -> dict[str, Any]:
        """Return it as values of JSON."""
        return {
            "run": self.run.name,
            "cause": self.finding.cause,
            "is_control": self.is_control,
            "helped": self.has_helped,
            "best_validation_accuracy": self.best,
            "steps": self.steps,
            "generalized_at": self.run.status().get("generalized_at"),
            "at_most": self.cost._asdict(),
        }


def best_of(run: Run) -> float:
    """Return the greatest validation accuracy that a run recorded."""
    return float(np.nanmax(run.metrics()["validation_accuracy"]))


def validation_size(run: Run) -> int:
    """Return how many examples a run's validation accuracy is of."""
    plan = plan_of(run)
    examples = plan.task.examples(seed=plan.seeds.split)
    return int(examples.known_size - examples.train_size)


def trial_of(diagnosis: Diagnosis) -> tuple[Plan, Finding]:
    """Return the plan that tries the likeliest cause with a change; raise `InvalidSetting` where there is none.

    Where a table seems to have no rule, it is a control with its answers shuffled.
    """
    for finding in diagnosis.findings:
        if finding.cause == NO_RULE:
            return _shuffled(plan_of(diagnosis.run)), finding
        if finding.change is not None:
            plan = _changed(diagnosis.run, finding.change)
            if diagnosis.outcome != UNSETTLED:  # one that fell back must be seen to stay
                plan = plan.replace(record=plan.record.replace(stop_after=STOP_AFTER))
            return plan, finding
    raise InvalidSetting(
        f"`{diagnosis.run.name}` must have something to be tried, got {diagnosis.outcome}: nothing is known to help."
    )


def cost_of(diagnosis: Diagnosis, plan: Plan) -> Cost:
    """Return what a trial takes at most."""
    status = diagnosis.run.status()
    before = plan.before[-1].until if plan.before else 0
    steps = int(plan.steps) - (before if isinstance(before, int) else 0)
    own = plan_of(diagnosis.run).before
    trained = status["step"] - (own[-1].until if own and isinstance(own[-1].until, int) else 0)
    pace = status["seconds"] / trained if status.get("seconds") and trained > 0 else None
    return Cost(steps, None if pace is None else pace * steps)


def tried(diagnosis: Diagnosis, store: Store, watch: Watch | None = None) -> Trial:
    """Train the run with the change that should help, and say whether it did; it ends when it has generalized.

    It is kept in the store as any run. Its steps are never more than `cost_of` says.
    """
    plan, finding = trial_of(diagnosis)
    cost = cost_of(diagnosis, plan)
    (run,) = execute([plan], store, watch=watch)
    status = run.status()
    before = plan.before[-1].until if plan.before else 0
    steps = int(status["step"]) - (before if isinstance(before, int) else 0)
    moment = "settled_at" if diagnosis.outcome == UNSETTLED else "generalized_at"
    return Trial(run, finding, cost, status.get(moment) is not None, steps)


def _changed(run: Run, change: Change) -> Plan:
    plan = plan_of(run)
    settings = {**change.settings, "steps": change.steps, "stop_at": "end"}
    changed = overridden(plan, list(settings.items()))
    ended = int(run.status()["step"])
    if not change.goes_on or ended != int(plan.steps):  # no plan of its own ends there
        return changed.replace(before=())
    return forked(plan, changed, ended)


def _shuffled(plan: Plan) -> Plan:
    """Return a plan on a table with the same answers in other cells."""
    assert isinstance(plan.task, BinaryTable)
    cells = plan.task.operation.cells()
    values, known = cells.values.copy(), cells.values >= 0
    values[known] = np.random.default_rng(0).permutation(values[known])
    rows = tuple(tuple(int(at) for at in row) for row in values)
    operation = Given(cells.left, cells.right, cells.answers, rows, cells.sign, "shuffled")
    return plan.replace(task=plan.task.replace(operation=operation, profile="paper"), before=())
