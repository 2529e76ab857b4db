"""Numbers of runs, handed to the trackers that people follow their training with."""

from groklab.tracking.columns import USUAL
from groklab.tracking.kinds import TRACKERS, refuse_missing
from groklab.tracking.watch import Tracking

__all__ = ["TRACKERS", "USUAL", "Tracking", "refuse_missing"]
