"""groklab: a laboratory for grokking.

import groklab as gl
history = gl.train(gl.Plan(task=gl.tasks.BinaryTable(gl.tasks.Modular("division", 97), fraction=0.4)))
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "History": "groklab.training",
    "Plan": "groklab.training",
    "Precision": "groklab.training",
    "Record": "groklab.training",
    "Seeds": "groklab.training",
    "Store": "groklab.store",
    "algebra": "groklab.algebra",
    "draw": "groklab.plots",
    "errors": "groklab.errors",
    "execute": "groklab.runner",
    "fork": "groklab.training",
    "kept_weights": "groklab.runner",
    "landscape": "groklab.runner",
    "load_exported": "groklab.runner",
    "measured": "groklab.runner",
    "measures": "groklab.measures",
    "models": "groklab.models",
    "motion": "groklab.motion",
    "objectives": "groklab.objectives",
    "optimizers": "groklab.optimizers",
    "plan_named": "groklab.training",
    "plan_of": "groklab.runner",
    "positions": "groklab.runner",
    "predict": "groklab.predictions",
    "predictions": "groklab.predictions",
    "ring": "groklab.rules",
    "rule": "groklab.rules",
    "slingshots": "groklab.slingshots",
    "straight_line": "groklab.runner",
    "sweep": "groklab.runner",
    "tasks": "groklab.tasks",
    "theory": "groklab.theory",
    "train": "groklab.training",
    "weights_at": "groklab.runner",
    "why": "groklab.diagnosis",
}

__all__ = sorted(_PLACES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    # Loaded on first use: a command that only reads must not wait for JAX.
    if name not in _PLACES:
        raise AttributeError(f"module 'groklab' has no attribute {name!r}")
    module = importlib.import_module(_PLACES[name])
    value = module if _PLACES[name] == f"groklab.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
