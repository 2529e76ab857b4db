"""QM9: 133,885 small organic molecules and what quantum chemistry computes of them (Ramakrishnan et al. 2014)."""

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from groklab.data.archives import members, text
from groklab.data.files import content
from groklab.data.places import found
from groklab.data.tables import column_of, parsed, rows_of
from groklab.errors import DataDamaged

NAME = "qm9"
TABLES = tuple(f"{name}.csv{packed}" for name in ("qm9", "qm9_targets") for packed in (".xz", ".gz", ""))
ARCHIVE, RECORDS, TARGETS = "gdb9.tar.gz", "gdb9.sdf", "gdb9.sdf.csv"
END = "$$$$"  # of a record in a structure-data file


class Molecules(NamedTuple):
    """Molecules in the order of the file, the smallest first, each as SMILES or a mol block, and a number of each."""

    records: tuple[str, ...]
    targets: Float[np.ndarray, "molecules"]


def files() -> list[Path]:
    """Return the files that hold the molecules. Raises `DataMissing` where there are none."""
    return found(NAME, *([name] for name in TABLES), [ARCHIVE], [RECORDS, TARGETS])


def molecules(target: str) -> Molecules:
    """Return all molecules with a number of each, by its column's name. Raises `DataMissing` and `DataDamaged`."""
    return _read(tuple(files()), target)


@functools.lru_cache(maxsize=2)
def _read(paths: tuple[Path, ...], target: str) -> Molecules:
    path = paths[0]
    if path.name == ARCHIVE:
        kept = {name.rpartition("/")[2]: each for name, each in members(path)}
        if missing := {RECORDS, TARGETS} - set(kept):
            raise DataDamaged(f"`{path}` must hold {RECORDS} and {TARGETS}, got no {' and no '.join(sorted(missing))}.")
        return _raw(path, text(path, kept[RECORDS]), text(path, kept[TARGETS]), target)
    if path.name == RECORDS:
        records, table = (text(each, content(each)) for each in paths)
        return _raw(path, records, table, target)
    header, rows = rows_of(path)
    smiles, number = column_of(path, header, ("smiles",)), column_of(path, header, (target,))
    table = [(row[smiles], row[number]) for row in rows]
    return _whole(path, [each for each, _ in table], [each for _, each in table])


def _raw(path: Path, records: str, table: str, target: str) -> Molecules:
    header, rows = parsed(path, table)
    number = column_of(path, header, (target,))
    whole = "\n".join(records.splitlines())  # whichever way lines end; a record may begin with an empty line, its name
    blocks = [block.removeprefix("\n") for block in f"\n{whole}\n".split(f"\n{END}") if block.strip()]
    return _whole(path, blocks, [row[number] for row in rows])


def _whole(path: Path, records: Sequence[str], targets: Sequence[str]) -> Molecules:
    if len(records) != len(targets) or not records:
        raise DataDamaged(f"`{path}` must have a target for every molecule, got {len(records):,} and {len(targets):,}.")
    try:
        numbers = np.array([float(each) for each in targets])
    except ValueError as error:
        raise DataDamaged(f"`{path}` must hold numbers as targets: {error}.") from None
    if not np.isfinite(numbers).all():
        row = int(np.isfinite(numbers).argmin())
        raise DataDamaged(f"`{path}` must hold finite targets, got {targets[row]} for molecule {row + 1:,}.")
    return Molecules(tuple(records), numbers)
