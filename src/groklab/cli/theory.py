"""What theory expects of runs that are drawn. JAX is imported only where there may be a theory."""

from collections.abc import Sequence

from groklab.errors import InvalidSetting, RunDamaged
from groklab.store import Columns, Run

TASKS = ("linear-teacher", "curve")
MODELS = ("RandomFeatures", "Polynomial")


def expected(runs: Sequence[Run]) -> Columns | None:
    """Return what theory says that runs of one setting record; None where there is none."""
    written = runs[0].plan()
    if written["task"] not in TASKS and written["plan"]["model"]["kind"] not in MODELS:
        return None
    from groklab.predictions import predict
    from groklab.runner import plan_of

    try:
        return predict(plan_of(runs[0])).columns or None
    except (InvalidSetting, RunDamaged):
        return None
