"""The engine that trains on this machine."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import jax

from groklab.memory_maps import MEMORY_MAPS
from groklab.runner.describe import cores
from groklab.runner.ensemble import Ensemble, Hooks
from groklab.runner.interrupt import Interrupt
from groklab.runner.job import Job, groups, programs_of
from groklab.runner.options import Options
from groklab.runner.width import rate_by_width, widest
from groklab.store import Store

Item = TypeVar("Item")


def carry_out(jobs: Sequence[Job], store: Store, options: Options) -> None:
    """Train all jobs to their ends: on a CPU one in each lane, on an accelerator many side by side."""
    try:
        for job in jobs:
            for note in job.open(store, again=options.again):
                options.watch.note(note)
        unfinished = [job for job in jobs if not job.recorder.is_finished]
        with Interrupt(options.watch.leave) as interrupt:
            hooks = Hooks(interrupt, options.watch, options.seconds_between_saves)
            if options.width is None and jax.default_backend() == "cpu":
                ensembles = [Ensemble([job]) for group in groups(unfinished) for job in group]
                _in_lanes(ensembles, options.lanes or cores(), hooks)
            else:
                for ensemble in _wide(unfinished, options):
                    _to_the_end(ensemble, hooks)
    finally:
        for job in jobs:
            job.close()


def _in_lanes(ensembles: Sequence[Ensemble], lanes: int, hooks: Hooks) -> None:
    """Train ensembles in parallel threads; where one fails, the others are saved and stop."""
    lanes = lanes_for(ensembles, lanes)
    if lanes <= 1:
        for ensemble in ensembles:
            _to_the_end(ensemble, hooks)
        return
    for ensemble in ensembles:
        ensemble.share = lanes
    with ThreadPoolExecutor(lanes, "lane") as pool:
        futures = [pool.submit(_to_the_end, ensemble, hooks) for ensemble in ensembles]
        wait(futures, return_when=FIRST_EXCEPTION)
        hooks.interrupt.requested |= any(future.done() and future.exception() for future in futures)
        if hooks.interrupt.requested:
            pool.shutdown(cancel_futures=True)
    errors = [error for future in futures if not future.cancelled() and (error := future.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, KeyboardInterrupt)):
        raise error


def lanes_for(ensembles: Sequence[Ensemble], lanes: int) -> int:
    """Return how many lanes to train in: fewer than asked for where their different programs would not have room."""
    distinct = programs_of([ensemble.jobs[0] for ensemble in ensembles])
    return min(lanes, len(ensembles), lanes if distinct <= MEMORY_MAPS.networks() else MEMORY_MAPS.networks())


def _to_the_end(ensemble: Ensemble, hooks: Hooks) -> None:
    left = [ensemble]
    while left:
        left += left.pop().train(hooks)


def _wide(jobs: Sequence[Job], options: Options) -> Iterator[Ensemble]:
    devices = jax.devices()
    for group in groups(jobs):
        # Members with equally long epochs begin them at the same steps: side by side, all draw where one does.
        group = sorted(group, key=lambda job: job.examples.train_size)
        width = options.width or _chosen(group, devices, options.watch.note)
        for ensemble in chunks(group, width, len(devices)):
            yield Ensemble(ensemble, devices)


def chunks(jobs: Sequence[Item], width: int, devices: int) -> Iterator[Sequence[Item]]:
    """Divide jobs into ensembles of at most `width`, each but the last few jobs a multiple of the devices."""
    size = max(width // devices * devices, 1)
    even = len(jobs) // devices * devices
    for first, last, step in ((0, even, size), (even, len(jobs), max(len(jobs) - even, 1))):
        yield from (jobs[at : min(at + step, last)] for at in range(first, last, step))


def _chosen(group: Sequence[Job], devices: Sequence[Any], note: Callable[[str], None]) -> int:
    if len(group) == 1:
        return 1
    width, rates = widest(rate_by_width(group, devices), len(group))
    tried = ", ".join(f"{tried}: {rate:,.0f}" for tried, rate in sorted(rates.items()))
    note(f"{width} runs side by side (member-steps/s at each width: {tried})")
    return width
