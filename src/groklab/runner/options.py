"""How plans are carried out, as far as the numbers do not depend on it."""

from typing import NamedTuple

from groklab.runner.watch import Watch

SECONDS_BETWEEN_SAVES = 10.0


class Options(NamedTuple):
    """What every engine takes; `execute` tells what each means."""

    again: bool
    width: int | None
    lanes: int | None
    watch: Watch
    seconds_between_saves: float
