"""Molecules as graphs, by RDKit: atoms with features, and bonds of four kinds."""

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import UInt8

from groklab.errors import DataDamaged, missing

ELEMENTS = ("H", "C", "N", "O", "F")
FEATURES = len(ELEMENTS) + 6  # the element, its number, whether aromatic, sp, sp2, sp3, and hydrogens that are bound
KINDS = ("SINGLE", "DOUBLE", "TRIPLE", "AROMATIC")


def chemistry(name: str = "rdkit.Chem") -> Any:
    """Return a module of RDKit. Raises `MissingExtra`, which says how to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise missing("Reading molecules", "rdkit", "molecules") from None


def quiet() -> Any:
    """Return a context in which RDKit prints nothing: what it would say is said in a sentence."""
    return chemistry("rdkit.rdBase").BlockLogs()


def graphs(records: Sequence[str], atoms: int) -> UInt8[np.ndarray, "molecules atoms columns"]:
    """Return molecules, given as SMILES or mol blocks, with all hydrogens, each padded to so many atoms.

    Columns are an atom's features, and then for each kind of bond the atoms that it binds to. Raises `DataDamaged` for
    what is no molecule, has more atoms, or an atom or a bond of another kind.
    """
    chem = chemistry()
    found = np.zeros((len(records), atoms, FEATURES + len(KINDS) * atoms), np.uint8)
    with quiet():
        for rows, record in zip(found, records, strict=True):
            _fill(rows, _molecule(chem, record), _name(record))
    return found


def _name(record: str) -> str:
    return record.strip().partition("\n")[0]


def _molecule(chem: Any, record: str) -> Any:
    is_block = "\n" in record.strip("\n")
    molecule = _of_block(chem, record) if is_block else chem.MolFromSmiles(record)
    if molecule is None or not record.strip():
        raise DataDamaged(f"A molecule must be SMILES or a mol block, got {_name(record)!r}.")
    # a block that names hydrogens names all of them, and where it leaves out charges RDKit would add some
    return molecule if is_block and _has_hydrogens(molecule) else chem.AddHs(molecule)


def _of_block(chem: Any, record: str) -> Any:
    """Return a molecule also where it has bonds too many: QM9 has above a thousand such records, without charges."""
    molecule = chem.MolFromMolBlock(record, removeHs=False, sanitize=False)
    if molecule is None:
        return None
    every = chem.SanitizeFlags.SANITIZE_ALL
    if chem.SanitizeMol(chem.Mol(molecule), every, catchErrors=True) != chem.SanitizeFlags.SANITIZE_NONE:
        every ^= chem.SanitizeFlags.SANITIZE_PROPERTIES
        molecule.UpdatePropertyCache(strict=False)
    is_sane = chem.SanitizeMol(molecule, every, catchErrors=True) == chem.SanitizeFlags.SANITIZE_NONE
    return molecule if is_sane else None


def _has_hydrogens(molecule: Any) -> bool:
    return any(atom.GetSymbol() == "H" for atom in molecule.GetAtoms())


def _fill(rows: UInt8[np.ndarray, "atoms columns"], molecule: Any, name: str) -> None:
    atoms = len(rows)
    if molecule.GetNumAtoms() > atoms:
        raise DataDamaged(f"A molecule must have at most {atoms} atoms, got {molecule.GetNumAtoms()} in {name!r}.")
    for row, atom in zip(rows, molecule.GetAtoms(), strict=False):
        if atom.GetSymbol() not in ELEMENTS:
            raise DataDamaged(f"A molecule must be of {', '.join(ELEMENTS)}, got {atom.GetSymbol()} in {name!r}.")
        row[:FEATURES] = _features(atom)
    for bond in molecule.GetBonds():
        if str(bond.GetBondType()) not in KINDS:
            raise DataDamaged(f"A bond must be {', '.join(KINDS).lower()}, got {bond.GetBondType()} in {name!r}.")
        kind = KINDS.index(str(bond.GetBondType()))
        one, other = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        rows[one, FEATURES + kind * atoms + other] = rows[other, FEATURES + kind * atoms + one] = 1


def _features(atom: Any) -> list[int]:
    hydrogens = sum(each.GetSymbol() == "H" for each in atom.GetNeighbors())
    kind = str(atom.GetHybridization())
    hybrid = [int(kind == each) for each in ("SP", "SP2", "SP3")]
    element = [int(atom.GetSymbol() == each) for each in ELEMENTS]
    return [*element, atom.GetAtomicNum(), int(atom.GetIsAromatic()), *hybrid, hydrogens]
