"""Numbers of molecules, from their graphs (Liu et al. 2023, section 4)."""

import functools
from typing import Any

import numpy as np
from jaxtyping import Float

from groklab.data import qm9
from groklab.data.graphs import FEATURES, KINDS, chemistry, graphs, quiet
from groklab.errors import InvalidSetting
from groklab.settings import setting
from groklab.tasks.base import Task
from groklab.types import Examples, Graphs, Numbers, Shape

ATOMS = 29  # of the largest molecule of QM9


class Qm9(Task):
    """Tell a number of a molecule of QM9 from its graph; its polarizability, in bohr³, unless another is named."""

    size: int = setting(50, "molecules to train on", at_least=1)
    validation: int = setting(50, "molecules to validate on", at_least=1)
    target: str = setting("alpha", "column of the file that is to be told")
    chosen: str = setting(
        "first",
        "molecules: the first of the file, which are the smallest, split at random, or any of them, nested over sizes",
        choices=("first", "random"),
    )

    @property
    def name(self) -> str:
        return "qm9"

    def examples(self, *, seed: int) -> Examples:
        """Return the training molecules, then those for validation."""
        given = qm9.molecules(self.target)
        total = self.size + self.validation
        if total > len(given.records):
            raise InvalidSetting(
                f"`size` and `validation` must be at most {len(given.records):,} together, got {total:,}."
            )
        chance = np.random.default_rng(seed)
        rows = chance.permutation(total if self.chosen == "first" else len(given.records))
        validation, training = np.split(rows[:total], [self.validation])
        rows = np.concatenate([training, validation])
        return _examples([given.records[row] for row in rows], given.targets[rows], self.size, ATOMS)


class StandInMolecules(Task):
    """Tell the molar refractivity of molecules that are made up, a stand-in for QM9's polarizability.

    By Clausius and Mossotti one is proportional to the other, 2.675 bohr³ to a cm³/mol; refractivity is RDKit's, a sum
    over atoms by their surroundings (Wildman and Crippen 1999). Molecules are chains and rings of up to seven atoms of
    C, N, O and F beside their hydrogens; `seeds.split` draws them, nested over sizes.
    """

    size: int = setting(50, "molecules to train on", at_least=1)
    validation: int = setting(50, "molecules to validate on", at_least=1)

    @property
    def name(self) -> str:
        return "stand-in-molecules"

    def examples(self, *, seed: int) -> Examples:
        """Return the training molecules, then those for validation."""
        smiles, targets = _made_up()
        total = self.size + self.validation
        if total > len(smiles):
            raise InvalidSetting(f"`size` and `validation` must be at most {len(smiles):,} together, got {total:,}.")
        validation, training = np.split(np.random.default_rng(seed).permutation(len(smiles))[:total], [self.validation])
        rows = np.concatenate([training, validation])
        return _examples([smiles[row] for row in rows], targets[rows], self.size, MADE_UP_ATOMS)


MADE_UP_ATOMS = 23  # of the largest molecule that is made up: heptane
CHAIN = 7  # atoms beside hydrogens


@functools.cache
def _made_up() -> tuple[list[str], Float[np.ndarray, "molecules"]]:
    """Return all made-up molecules, the smallest first, and their molar refractivity in cm³/mol."""
    chem, crippen = chemistry(), chemistry("rdkit.Chem.Crippen")
    spelt = {smiles for length in range(1, CHAIN + 1) for smiles in _chains(length)}
    known: dict[str, tuple[str, Any]] = {}
    with quiet():  # many that are spelt are no molecules
        for smiles in sorted(spelt, key=lambda each: (len(each), each)):
            molecule = chem.MolFromSmiles(smiles)
            if molecule is not None:  # kept as spelt here: another RDKit may have another canonical SMILES, and order
                known.setdefault(chem.MolToSmiles(molecule), (smiles, molecule))
    ordered = sorted(known.values(), key=lambda each: (each[1].GetNumAtoms(), each[0]))
    return [smiles for smiles, _ in ordered], np.array([crippen.MolMR(chem.AddHs(each)) for _, each in ordered])


def _chains(length: int) -> list[str]:
    """Return chains of so many atoms, with one hetero-atom or two, a double or triple bond, a branch or a ring."""
    kinds = ("C", "N", "O")
    found = []
    for first in range(length):
        for second in range(first, length):
            for one in kinds:
                for other in kinds:
                    atoms = ["C"] * length
                    atoms[first], atoms[second] = one, other
                    found += _shaped(atoms)
    return found


def _shaped(atoms: list[str]) -> list[str]:
    chain = "".join(atoms)
    found = [chain, chain[:-1] + "F"] if len(atoms) > 1 else [chain]
    for at in range(1, len(atoms)):
        found += ["".join([*atoms[:at], bond, *atoms[at:]]) for bond in "=#"]
        if at < len(atoms) - 1:
            found.append("".join([*atoms[:at], f"({atoms[at]})", *atoms[at + 1 :]]))
    for begin in range(len(atoms) - 2):
        ring = list(atoms)
        ring[begin], ring[-1] = ring[begin] + "1", ring[-1] + "1"
        found.append("".join(ring))
    return found


def _examples(records: list[str], targets: Float[np.ndarray, "molecules"], size: int, atoms: int) -> Examples:
    shape = Shape(Graphs(atoms, FEATURES, len(KINDS)), Numbers((1,)))
    order = np.arange(len(records), dtype=np.int32)
    return Examples(graphs(records, atoms), targets[:, None, None], order, size, len(records), shape)
