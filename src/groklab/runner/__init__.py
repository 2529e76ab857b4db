"""From plans to runs in a store: grouping, resuming, saving."""

from groklab.runner.execute import ENGINES, execute
from groklab.runner.restore import restore
from groklab.runner.sweeping import dataset, sweep
from groklab.runner.watch import Report, Watch

__all__ = ["ENGINES", "Report", "Watch", "dataset", "execute", "restore", "sweep"]
