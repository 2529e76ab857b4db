"""Runs held to the norm they begin with, at many initial scales: the landscape of reduced losses."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray

from groklab.landscapes import reduced
from groklab.optimizers import Sphere
from groklab.runner.sweeping import sweep
from groklab.store import DEFAULT, Store
from groklab.training import Plan

ALPHAS = tuple(float(f"{alpha:.4g}") for alpha in np.logspace(-1, 1, 11))
STEPS = 10_000  # of Liu et al. 2023, for teacher–student and MNIST


def on_sphere(plan: Plan) -> Plan:
    """Return a plan whose weights are held to the norm that they begin with; a decay would have nothing to shrink."""
    return plan.replace(optimizer=plan.optimizer.replace(constraint=Sphere(), weight_decay=0.0), steps=STEPS)


def landscape(
    plan: Plan,
    axes: Mapping[str, Any] | None = None,
    *,
    steps: int = STEPS,
    store: Store | str = DEFAULT,
    how: Mapping[str, Any] | None = None,
    **more: Any,
) -> xarray.Dataset:
    """Return the reduced losses of a plan over `alpha`, and over any other settings given as axes.

    Every run is held to the norm that it begins with for `steps` steps. `alpha` has the eleven values from 0.1 to 10 of
    Liu et al. 2023 unless it is an axis. `groklab.landscapes.reduced` tells what is returned, `sweep` what an axis is.
    """
    wanted = {"alpha": ALPHAS, **(axes or {}), **more}
    return reduced(sweep(on_sphere(plan).replace(steps=steps), wanted, store=store, how=how))
