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
    """Return a module of RDKit, which says how to install itself where it is missing."""
    try:
        module = importlib.import_module(name)
        importlib.import_module("rdkit.RDLogger").DisableLog("rdApp.*")  # what it says is said in a sentence
    except ImportError:
        raise missing("Molecules", "rdkit", "molecules") from None
    return module


def graphs(records: Sequence[str], atoms: int) -> UInt8[np.ndarray, "molecules atoms columns"]:
    """Return molecules, given as SMILES or mol blocks, with all hydrogens, each padded to so many atoms.

    Columns are an atom's features, and then for each kind of bond the atoms that it binds to. Raises `DataDamaged` for
    what is no molecule, has more atoms, or one of another element.
    """
    chem = chemistry()
    found = np.zeros((len(records), atoms, FEATURES + len(KINDS) * atoms), np.uint8)
    for rows, record in zip(found, records, strict=True):
        _fill(rows, _molecule(chem, record), record.strip().partition("\n")[0])
    return found


def _molecule(chem: Any, record: str) -> Any:
    is_block = "\n" in record.strip("\n")
    molecule = chem.MolFromMolBlock(record, removeHs=False) if is_block else chem.MolFromSmiles(record)
    if molecule is None or not record.strip():
        raise DataDamaged(f"A molecule must be SMILES or a mol block, got {record.strip().partition(chr(10))[0]!r}.")
    return chem.AddHs(molecule)


def _fill(rows: UInt8[np.ndarray, "atoms columns"], molecule: Any, name: str) -> None:
    atoms = len(rows)
    if molecule.GetNumAtoms() > atoms:
        raise DataDamaged(f"A molecule must have at most {atoms} atoms, got {molecule.GetNumAtoms()} in {name!r}.")
    for row, atom in zip(rows, molecule.GetAtoms(), strict=False):
        if atom.GetSymbol() not in ELEMENTS:
            raise DataDamaged(f"A molecule must be of {', '.join(ELEMENTS)}, got {atom.GetSymbol()} in {name!r}.")
        row[:FEATURES] = _features(atom)
    for bond in molecule.GetBonds():
        kind = KINDS.index(str(bond.GetBondType()))
        one, other = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        rows[one, FEATURES + kind * atoms + other] = rows[other, FEATURES + kind * atoms + one] = 1


def _features(atom: Any) -> list[int]:
    hydrogens = sum(each.GetSymbol() == "H" for each in atom.GetNeighbors())
    kind = str(atom.GetHybridization())
    hybrid = [int(kind == each) for each in ("SP", "SP2", "SP3")]
    element = [int(atom.GetSymbol() == each) for each in ELEMENTS]
    return [*element, atom.GetAtomicNum(), int(atom.GetIsAromatic()), *hybrid, hydrogens]
