"""A run's network as it was saved."""

import jax
import numpy as np

from groklab.errors import InvalidSetting, RunDamaged, RunMissing
from groklab.store import Run
from groklab.training import Member, Plan, Program, Setup, State, decode, prepare
from groklab.training.arrays import from_arrays


def plan_of(run: Run) -> Plan:
    """Return the plan that a run was trained by; raise `RunDamaged` where another version of groklab wrote it."""
    written = run.plan()["plan"]
    try:
        return decode(written)
    except (InvalidSetting, TypeError) as error:
        raise RunDamaged(f"`{run.folder.url}/plan.json` was written by another version of groklab: {error}") from None


def restore(plan: Plan, run: Run) -> tuple[Setup, Member, State]:
    """Return what a run was trained with and the state it was last saved in; raise `RunMissing` if it never was."""
    saved = run.checkpoint()
    if saved is None:
        raise RunMissing(f"`{run.name}` has no checkpoint yet. Train it further, then look again.")
    setup, member, _ = prepare(plan)
    like = jax.tree.map(np.asarray, Program([setup], [member]).start())
    return setup, member, from_arrays(saved[0], like, run.name)
