"""Arms of different initial weights, and landscapes with few data and with many: of reviews and of molecules."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from groklab.papers.claims import Scale
from groklab.papers.setup import Setup
from groklab.training import Sweep


class Sizes(NamedTuple):
    """The landscape of a scale: initial scales, and few and many data."""

    alphas: tuple[float, ...]
    few: int
    many: int


def sweeps_of(
    arms: Mapping[str, dict[str, Any]], setup: Setup, held: Setup, sizes: Mapping[Scale, Sizes]
) -> Callable[[Scale], Mapping[str, Sweep]]:
    """Return what gives the sweeps of a scale: the arms, and runs held to several norms with few data and with many."""

    def sweeps(scale: Scale) -> Mapping[str, Sweep]:
        given = sizes[scale]
        return {
            "arms": setup.sweep(scale, {"arm": arms}),
            "map": held.sweep(scale, {"size": (given.few, given.many), "alpha": given.alphas}),
        }

    return sweeps
