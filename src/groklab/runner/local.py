"""The engine that trains on this machine."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import jax

from groklab.room import ROOM
from groklab.runner.batch import Batch, Hooks
from groklab.runner.describe import cores
from groklab.runner.interrupt import Interrupt
from groklab.runner.options import Options
from groklab.runner.width import measured, widest
from groklab.runner.work import Work, groups, programs_of
from groklab.store import Store

Item = TypeVar("Item")


def carry_out(works: Sequence[Work], store: Store, options: Options) -> None:
    """Train all works to their ends: on a CPU one in each lane, on an accelerator many side by side."""
    try:
        for work in works:
            for note in work.open(store, again=options.again):
                options.watch.note(note)
        unfinished = [work for work in works if not work.recorder.is_finished]
        with Interrupt(options.watch.leave) as interrupt:
            hooks = Hooks(interrupt, options.watch, options.seconds_between_saves)
            if options.width is None and jax.default_backend() == "cpu":
                batches = [Batch([work]) for group in groups(unfinished) for work in group]
                _in_lanes(batches, options.lanes or cores(), hooks)
            else:
                for batch in _wide(unfinished, options):
                    _to_the_end(batch, hooks)
    finally:
        for work in works:
            work.close()


def _in_lanes(batches: Sequence[Batch], lanes: int, hooks: Hooks) -> None:
    """Train batches in parallel threads; where one fails, the others are saved and stop."""
    lanes = lanes_for(batches, lanes)
    if lanes <= 1:
        for batch in batches:
            _to_the_end(batch, hooks)
        return
    for batch in batches:
        batch.share = lanes
    with ThreadPoolExecutor(lanes, "lane") as pool:
        futures = [pool.submit(_to_the_end, batch, hooks) for batch in batches]
        wait(futures, return_when=FIRST_EXCEPTION)
        hooks.interrupt.requested |= any(future.done() and future.exception() for future in futures)
        if hooks.interrupt.requested:
            pool.shutdown(cancel_futures=True)
    errors = [error for future in futures if not future.cancelled() and (error := future.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, KeyboardInterrupt)):
        raise error


def lanes_for(batches: Sequence[Batch], lanes: int) -> int:
    """Return how many lanes to train in: fewer than asked for where their different programs would not have room."""
    distinct = programs_of([batch.works[0] for batch in batches])
    return min(lanes, len(batches), lanes if distinct <= ROOM.networks() else ROOM.networks())


def _to_the_end(batch: Batch, hooks: Hooks) -> None:
    left = [batch]
    while left:
        left += left.pop().train(hooks)


def _wide(works: Sequence[Work], options: Options) -> Iterator[Batch]:
    devices = jax.devices()
    for group in groups(works):
        # Members with equally long epochs begin them at the same steps: side by side, all draw where one does.
        group = sorted(group, key=lambda work: work.examples.train_size)
        width = options.width or _chosen(group, devices, options.watch.note)
        for batch in chunks(group, width, len(devices)):
            yield Batch(batch, devices)


def chunks(works: Sequence[Item], width: int, devices: int) -> Iterator[Sequence[Item]]:
    """Divide works into batches of at most `width`, each but the last few works a multiple of the devices."""
    size = max(width // devices * devices, 1)
    even = len(works) // devices * devices
    for first, last, step in ((0, even, size), (even, len(works), max(len(works) - even, 1))):
        yield from (works[at : min(at + step, last)] for at in range(first, last, step))


def _chosen(group: Sequence[Work], devices: Sequence[Any], note: Callable[[str], None]) -> int:
    if len(group) == 1:
        return 1
    width, rates = widest(measured(group, devices), len(group))
    tried = ", ".join(f"{tried}: {rate:,.0f}" for tried, rate in sorted(rates.items()))
    note(f"{width} runs side by side (member-steps/s at each width: {tried})")
    return width
