"""MemoryMaps for compiled programs in a process.

XLA keeps the code of a compiled program in some hundred memory maps, and JAX forgets no program. By default Linux
allows a process 65,530 maps (`vm.max_map_count`); compiling beyond that ends in a segmentation fault. Training some
forty networks of different shapes one after the other comes that far.
"""

from pathlib import Path

import jax

MOST = 65_530  # where more are allowed, this bounds the memory that programs take
FULL = 0.5  # of the maps: what is then compiled before the next look has the other half
WORTH = 0.125  # of the maps: so many must have come since the last time, or forgetting does not help
NETWORK = 1_700  # maps that training one network takes


class MemoryMaps:
    """The memory maps of this process, and how many it had when programs were last forgotten."""

    def __init__(self, maps: str = "/proc/self/maps", limit: str = "/proc/sys/vm/max_map_count") -> None:
        self._maps, self._limit, self._left = Path(maps), Path(limit), 0

    def make_room(self) -> bool:
        """Forget all compiled programs where maps run out; return whether that was so.

        What is needed again is compiled again. Where the operating system does not count maps nothing is done.
        """
        count, limit = self.count(), self.limit()
        if count <= FULL * limit or count - self._left <= WORTH * limit:
            return False
        jax.clear_caches()
        self._left = self.count()
        return True

    def networks(self) -> int:
        """Return how many networks of different shapes can be trained at once; their programs take a quarter."""
        return max(int(FULL / 2 * self.limit() / NETWORK), 1)

    def count(self) -> int:
        """Return the number of maps, 0 where it is not known."""
        try:
            return self._maps.read_bytes().count(b"\n")
        except OSError:
            return 0

    def limit(self) -> int:
        """Return the number of maps that may be used."""
        try:
            return min(int(self._limit.read_text()), MOST)
        except OSError:
            return MOST


MEMORY_MAPS = MemoryMaps()
