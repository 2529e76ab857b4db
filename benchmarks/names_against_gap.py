"""Names of groups against GAP's library of small groups: does any name that is said to be certain fit two groups?

    python benchmarks/names_against_gap.py [LARGEST]

It needs GAP (`pip install "groklab[gap]"`, or `gap` on the path), and takes a minute to order 63.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from groklab.algebra import group_name
from groklab.algebra.group_names import with_identity_first
from groklab.rules.gap import command

PRINT = """
for n in [2..{largest}] do for i in [1..NumberSmallGroups(n)] do
  Print("@", n, " ", i, "|", MultiplicationTable(AsSSortedList(SmallGroup(n, i))), "\\n");
od; od; QUIT;
"""


def groups(largest: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield order, number and table of every group up to an order."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "groups.g"
        script.write_text(PRINT.format(largest=largest))
        printed = subprocess.run([*command(), str(script)], capture_output=True, text=True, check=True).stdout
    for part in printed.replace("\\\n", "").split("@")[1:]:
        head, _, table = part.partition("|")
        order, number = map(int, head.split())
        values = np.array([int(each) for each in re.findall(r"\d+", table)]).reshape(order, order) - 1
        yield order, number, values


def main() -> None:
    """Name all groups, and say which names are shared."""
    largest = int(sys.argv[1]) if len(sys.argv) > 1 else 63
    found: dict[tuple[int, str, bool], list[int]] = defaultdict(list)
    slowest = (0.0, "")
    for order, number, values in groups(largest):
        neutral = int(np.argmax((values == np.arange(order)).all(1)))
        began = time.perf_counter()
        name = group_name(with_identity_first(values, neutral)[0])
        slowest = max(slowest, (time.perf_counter() - began, f"{name.name}, order {order}"))
        found[order, name.name, name.is_certain].append(number)
    total = sum(map(len, found.values()))
    certain = {key: numbers for key, numbers in found.items() if key[2]}
    shared = {key: numbers for key, numbers in found.items() if len(numbers) > 1}
    print(f"{total} groups to order {largest}: {sum(map(len, certain.values()))} with a name of their own,")
    print(f"of which {sum(key[2] for key in shared)} names fit several groups; {total - len(certain)} described,")
    print(
        f"{sum(map(len, shared.values()))} of them in words that fit several; slowest {slowest[0]:.1f} s ({slowest[1]})"
    )
    for (order, name, _), numbers in shared.items():
        print(f"  order {order}: {name} is {', '.join(f'SmallGroup({order}, {number})' for number in numbers)}")


if __name__ == "__main__":
    main()
