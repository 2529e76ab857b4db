"""What a run leaves in memory: its recorded numbers as a labelled dataset."""

from typing import Any

import numpy as np
import xarray

from groklab.columns import Columns, join
from groklab.milestones import Milestones, in_a_row_of, milestones_in
from groklab.training.arrays import to_arrays
from groklab.training.forks import begun, handed_over, trunk
from groklab.training.member import State
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
    columns, state = _carried_out(plan)
    return History(plan, columns, weights=state.weights)


def _carried_out(plan: Plan) -> tuple[Columns, State]:
    """Return what a plan records, and its last state."""
    setup, member, _ = prepare(plan)
    program, step, tables, in_a_row = Program([setup], [member]), -1, [], 0
    before = trunk(plan)
    if before is None:
        state = program.start()
    else:
        columns, last = _carried_out(before)
        step = int(columns["step"][-1])
        tables.append(handed_over(plan, columns))
        state = begun(plan, setup, to_arrays(last))
        in_a_row = in_a_row_of(tables[0].get("validation_accuracy", ()), plan.record.generalized_from)
    reached = program.begin(state, max(step, 0), [in_a_row])
    for moment in trajectory(program, plan.record.steps(plan.steps), reached, step):
        reached, seen = moment.reached, moment.of()
        tables.append(seen.table)
        if seen.is_over:
            break
    return join(tables), reached.state
