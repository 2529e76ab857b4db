"""From plans to runs in a store: grouping, resuming, saving."""

from groklab.runner.execute import default_width, execute
from groklab.runner.recorder import Recorder

__all__ = ["Recorder", "default_width", "execute"]
