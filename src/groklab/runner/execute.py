"""Plans → jobs → an engine → store."""

from collections.abc import Callable, Sequence

from groklab.errors import InvalidSetting, unknown
from groklab.runner import local
from groklab.runner.job import Job, is_complete, programs_of
from groklab.runner.options import SECONDS_BETWEEN_SAVES, Options
from groklab.runner.watch import Watch
from groklab.store import Run, Store
from groklab.training import Plan
from groklab.training.forks import trunk

ENGINES = ("local", "ray")


def execute(
    plans: Sequence[Plan],
    store: Store,
    *,
    engine: str = "local",
    again: bool = False,
    width: int | None = None,
    lanes: int | None = None,
    watch: Watch | None = None,
    seconds_between_saves: float = SECONDS_BETWEEN_SAVES,
) -> list[Run]:
    """Carry out every plan that the store does not hold finished; return their runs, in order.

    All plans are checked before any is trained. Where Ctrl-C or termination asks for it, every run is saved and
    KeyboardInterrupt raised; the same call goes on from there, to the same numbers bit for bit, whatever the engine.

    `width` is the number of runs side by side in a program: measured on an accelerator, one on a CPU, where None.
    `lanes` is the number of threads that train on a CPU, one a core where None.
    """
    options = Options(again, width, lanes, watch or Watch(), seconds_between_saves)
    if engine not in ENGINES:
        raise InvalidSetting(unknown("engine", engine, ENGINES))
    runs = [store.run(plan.task.name, plan.id) for plan in plans]
    distinct = {run.name: (plan, run) for plan, run in zip(plans, runs, strict=True)}
    unfinished = [each for each in distinct.values() if options.again or not is_complete(*each)]
    fresh = [plan for plan, run in unfinished if options.again or not run.has_checkpoint()]
    trunks = [before for plan in fresh if (before := trunk(plan)) is not None]
    if trunks:  # each once, and before its forks
        how = {"engine": engine, "width": width, "lanes": lanes, "watch": watch}
        execute(trunks, store, seconds_between_saves=seconds_between_saves, **how)
    jobs = [Job(plan) for plan, _ in unfinished]
    if jobs:
        _say(options.watch, store, jobs, len(distinct))
        _engine(engine)(jobs, store, options)
    return runs


def _engine(name: str) -> Callable[[Sequence[Job], Store, Options], None]:
    if name == "local":
        return local.carry_out
    from groklab.runner import cluster  # needs the extra

    return cluster.carry_out


def _say(watch: Watch, store: Store, jobs: Sequence[Job], runs: int) -> None:
    """Say what is to be trained, where that is not plain, and that what is trained is not kept, where it is not."""
    if runs > 1:
        watch.note(_summary(len(jobs), runs - len(jobs), programs_of(jobs)))
    if store.folder.is_forgotten:
        watch.note(
            f"{store.folder.url} is gone when this process ends: choose a folder with --store to keep what it holds"
        )


def _summary(runs: int, stored: int, programs: int) -> str:
    runs_in = f"{runs} run{'s' if runs > 1 else ''} in {programs} compiled program{'s' if programs > 1 else ''}"
    return f"{runs_in}; {stored} more from the store" if stored else runs_in
