"""What a run leaves in memory: its recorded numbers as a labelled dataset."""

from typing import Any

import numpy as np
import xarray

from groklab.milestones import Milestones, has_diverged, has_settled, milestones_in, without_accuracies
from groklab.training.member import State, prepare
from groklab.training.plan import Plan
from groklab.training.program import Program
from groklab.training.trajectory import trajectory


class History:
    """The record of one run: `dataset` by step, and its milestones."""

    def __init__(self, plan: Plan, columns: dict[str, Any], weights: Any = None) -> None:
        numbers = {
            name: ("step", np.asarray(values)) for name, values in columns.items() if name not in ("step", "run")
        }
        self.plan = plan
        self.weights = weights
        self.dataset = xarray.Dataset(numbers, {"step": np.asarray(columns["step"])}, {"run": plan.id})

    @property
    def milestones(self) -> Milestones:
        """The steps at which the run memorized, generalized and settled."""
        return milestones_in({str(name): values.values for name, values in self.dataset.variables.items()})

    def __repr__(self) -> str:
        return f"History({self.plan.id}, {dict(self.milestones.as_dict())})"


def train(plan: Plan) -> History:
    """Carry out a plan in memory, without a store, and return its history."""
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    rows: list[dict[str, Any]] = []
    state: State = program.start()
    for moment in trajectory(program, plan.record.steps(plan.steps), state, -1):
        state = moment.state
        if moment.numbers is not None and moment.predicted is not None:
            numbers = {name: value[0] for name, value in moment.numbers.items()}
            is_lost = has_diverged(numbers, moment.predicted)
            rows.append({"step": moment.step, **(without_accuracies(numbers) if is_lost else numbers)})
            if is_lost or has_settled([row.get("validation_accuracy", 0) for row in rows], plan.record.stop_after):
                break
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return History(plan, columns, weights=program.weights(state))
