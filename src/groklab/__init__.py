"""groklab: a laboratory for grokking.

import groklab as gl
history = gl.train(gl.Plan(task=gl.tasks.BinaryTable(gl.tasks.Modular("division", 97), fraction=0.4)))
"""

import importlib
from typing import Any

_PLACES = {
    "History": "groklab.train",
    "Plan": "groklab.train",
    "Precision": "groklab.train",
    "Record": "groklab.train",
    "Seeds": "groklab.train",
    "Store": "groklab.store",
    "draw": "groklab.plots",
    "errors": "groklab.errors",
    "execute": "groklab.runner",
    "measures": "groklab.measures",
    "models": "groklab.models",
    "optimizers": "groklab.optimizers",
    "tasks": "groklab.tasks",
    "train": "groklab.train",
}

__all__ = sorted(_PLACES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    # Loaded on first use: a command that only reads must not wait for JAX.
    if name not in _PLACES:
        raise AttributeError(f"module 'groklab' has no attribute {name!r}")
    module = importlib.import_module(_PLACES[name])
    value = module if _PLACES[name] == f"groklab.{name}" and name != "train" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)
