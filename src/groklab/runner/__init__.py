"""From plans to runs in a store: grouping, resuming, saving."""

from groklab.runner.describe import origin
from groklab.runner.execute import ENGINES, execute
from groklab.runner.exporting import export, load_exported
from groklab.runner.kept import kept_weights, positions, weights_at
from groklab.runner.landscaping import landscape
from groklab.runner.line import barrier, straight_line
from groklab.runner.measuring import measured
from groklab.runner.restore import plan_of, restore
from groklab.runner.sweeping import dataset, sweep
from groklab.runner.watch import Report, Watch

__all__ = [
    "ENGINES",
    "Report",
    "Watch",
    "barrier",
    "dataset",
    "execute",
    "export",
    "kept_weights",
    "landscape",
    "load_exported",
    "measured",
    "origin",
    "plan_of",
    "positions",
    "restore",
    "straight_line",
    "sweep",
    "weights_at",
]
