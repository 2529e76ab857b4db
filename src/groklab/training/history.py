"""What a run leaves in memory: its recorded numbers as a labelled dataset."""

from typing import Any

import numpy as np
import xarray

from groklab.milestones import Milestones, milestones_in
from groklab.training.plan import Plan
from groklab.training.prepare import prepare
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
        columns = {str(name): values.values for name, values in self.dataset.variables.items()}
        return milestones_in(columns, **self.plan.record.thresholds())

    def __repr__(self) -> str:
        return f"History({self.plan.id}, {dict(self.milestones.as_dict())})"


def train(plan: Plan) -> History:
    """Carry out a plan in memory, without a store, and return its history."""
    setup, member, _ = prepare(plan)
    program = Program([setup], [member])
    reached = program.begin(program.start(), 0, [0])
    tables: list[dict[str, np.ndarray]] = []
    for moment in trajectory(program, plan.record.steps(plan.steps), reached, -1):
        reached, seen = moment.reached, moment.of()
        tables.append(seen.table)
        if seen.is_over:
            break
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    return History(plan, columns, weights=reached.state.weights)
