"""Numbers of runs, handed to the trackers that people follow their training with."""

from groklab.tracking.columns import ALL, USUAL
from groklab.tracking.kinds import TRACKERS, refuse_missing
from groklab.tracking.watch import Tracking

__all__ = ["ALL", "TRACKERS", "USUAL", "Tracking", "refuse_missing"]
