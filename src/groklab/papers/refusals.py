"""What cannot be changed in a figure, whatever it shows."""

from collections.abc import Sequence

from groklab.errors import InvalidSetting
from groklab.tasks import BinaryTable
from groklab.training import Plan, Sweep
from groklab.training.overrides import SEED, canonical
from groklab.training.sweep import refuse_same

PRESETS = "optimizer"


def of_names(sweep: Sweep, names: Sequence[str]) -> None:
    """Refuse two names of one setting, words that bring many settings, and what the sweep itself varies."""
    paths = {name: _path(sweep.first, name) for name in names}
    refuse_same(paths.items())
    if PRESETS in paths.values():
        raise InvalidSetting(
            f"`{PRESETS}` brings other settings with it. Change `rule`, `weight_decay` or `learning_rate` themselves."
        )
    for axis in sweep.axes:
        own = {_path(sweep.first, name) for point in axis.points for name in point} - {SEED}
        for name, path in paths.items():
            for each in sorted(own):
                _refuse_overlap(name, path, each)


def of_twins(sweep: Sweep) -> None:
    """Refuse seeds that give the same run again: one run would count as several."""
    others = [axis._replace(labels=axis.labels[:1], points=axis.points[:1]) for axis in sweep.axes if axis.name != SEED]
    seeds = [axis for axis in sweep.axes if axis.name == SEED]
    plans = sweep._replace(axes=(*others, *seeds)).plans()
    if len({_without_idle_seeds(plan).id for plan in plans}) < len(plans):
        raise InvalidSetting(
            "`init`, `split` and `order` must leave runs that differ, got the same run more than once. Hold fewer of "
            "them, or give one seed."
        )


def _refuse_overlap(name: str, path: str, own: str) -> None:
    """Refuse to change what a figure varies, a part of it, or what it is a part of."""
    if not (f"{path}.".startswith(f"{own}.") or f"{own}.".startswith(f"{path}.")):
        return
    what = "is" if path == own else f"goes together with `{own}`, which is"
    raise InvalidSetting(
        f"`{name}` {what} what the figure itself varies. Leave it out, or compare plain runs: groklab run."
    )


def _path(plan: Plan, name: str) -> str:
    try:
        return canonical(plan, name)
    except InvalidSetting:  # a setting of other points of the sweep
        return name


def _without_idle_seeds(plan: Plan) -> Plan:
    """Return a plan with the seed that nothing depends on set to 0: all of a table at once has no order."""
    noise = (plan.optimizer.update_noise, *(getattr(plan.model, name, 0.0) for name in ("dropout", "weight_noise")))
    has_order = not isinstance(plan.task, BinaryTable) or plan.batch_size != "full" or any(map(float, noise))
    return plan if has_order else plan.replace(seeds=plan.seeds.replace(order=0))
