"""Room for compiled programs in a process.

XLA keeps the code of a compiled program in some hundred memory maps, and JAX forgets no program. Linux allows a process
65,530 maps (`vm.max_map_count`); to compile beyond that ends it with a segmentation fault. Training some forty networks
of different shapes one after the other comes that far.
"""

from pathlib import Path

import jax

MAPS, LIMIT = Path("/proc/self/maps"), Path("/proc/sys/vm/max_map_count")
FULL = 0.5  # of the limit: what is then compiled before the next look has the other half


def make_room() -> bool:
    """Forget all compiled programs where they take half of the maps of this process; return whether they did.

    What is needed again is compiled again. Where the operating system does not count maps nothing is done.
    """
    if not _is_full():
        return False
    jax.clear_caches()
    return True


def _is_full() -> bool:
    try:
        return MAPS.read_bytes().count(b"\n") > FULL * int(LIMIT.read_text())
    except OSError:
        return False
