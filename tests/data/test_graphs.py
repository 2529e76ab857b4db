"""Graphs of molecules: known ones by hand, the same from SMILES and mol blocks, and what is refused."""

import sys

import numpy as np
import pytest

from groklab.data.graphs import FEATURES, KINDS, graphs
from groklab.errors import DataDamaged, MissingExtra


@pytest.fixture
def chem():
    return pytest.importorskip("rdkit.Chem")


def block(chem, smiles):
    """Return a molecule with all hydrogens as a mol block."""
    return chem.MolToMolBlock(chem.AddHs(chem.MolFromSmiles(smiles)))


def refused(record, atoms=5):
    with pytest.raises(DataDamaged) as caught:
        graphs([record], atoms)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def bonds(graph):
    """Return which atoms are bound by which kind of bond, as an array (kinds, atoms, atoms)."""
    return graph[:, FEATURES:].reshape(len(graph), len(KINDS), len(graph)).transpose(1, 0, 2)


@pytest.mark.usefixtures("chem")
def test_methanal_by_hand():
    ((carbon, oxygen, *hydrogens),) = graphs(["C=O"], 5)
    assert carbon[:FEATURES].tolist() == [0, 1, 0, 0, 0, 6, 0, 0, 1, 0, 2]
    assert oxygen[:FEATURES].tolist() == [0, 0, 0, 1, 0, 8, 0, 0, 1, 0, 0]
    assert hydrogens[0][:FEATURES].tolist() == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert carbon[FEATURES:].reshape(4, 5).tolist() == [[0, 0, 1, 1, 0], [0, 1, 0, 0, 0], [0] * 5, [0] * 5]
    assert not hydrogens[2].any()  # padding


@pytest.mark.usefixtures("chem")
@pytest.mark.parametrize(
    ("smiles", "counts", "hybrids"),
    [
        ("C", (4, 0, 0, 0), (0, 0, 1)),
        ("C#N", (1, 0, 1, 0), (2, 0, 0)),
        ("C=C", (4, 1, 0, 0), (0, 2, 0)),
        ("c1ccccc1", (6, 0, 0, 6), (0, 6, 0)),
        ("[O-]C=[NH2+]", (4, 1, 0, 0), (0, 3, 0)),
    ],
)
def test_bonds_and_hybrids_are_counted(smiles, counts, hybrids):
    (graph,) = graphs([smiles], 12)
    assert tuple(bonds(graph).sum((1, 2)) // 2) == counts
    assert tuple(graph[:, 7:10].sum(0)) == hybrids
    np.testing.assert_array_equal(bonds(graph), bonds(graph).transpose(0, 2, 1))
    np.testing.assert_array_equal(graph[:, 10], bonds(graph).sum(0) @ graph[:, 0])  # hydrogens that are bound


def test_smiles_and_mol_blocks_give_the_same(chem):
    smiles = ["C", "C#N", "CC(=O)OCF", "c1ccoc1", "OC1CC1N", "C[NH2+]CC([O-])=O"]
    found = graphs(smiles, 20)
    np.testing.assert_array_equal(found, graphs([block(chem, each) for each in smiles], 20))
    np.testing.assert_array_equal(found[:, :, :FEATURES], graphs(smiles, 29)[:, :20, :FEATURES])
    assert found.dtype == np.uint8


def test_a_record_without_its_charges_keeps_its_atoms(chem):
    """Above a thousand records of QM9 are such; RDKit refuses them, or adds hydrogens."""
    whole = block(chem, "C[NH2+]CC([O-])=O")
    bare = "\n".join(line for line in whole.split("\n") if not line.startswith("M  CHG"))
    np.testing.assert_array_equal(graphs([bare], 20), graphs([whole], 20))


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("C(", "must be SMILES or a mol block, got 'C('."),
        ("C=F", "must be SMILES or a mol block, got 'C=F'."),
        ("", "must be SMILES or a mol block, got ''."),
        ("gdb_1\n\n\n  none", "must be SMILES or a mol block, got 'gdb_1'."),
        ("CCC", "must have at most 5 atoms, got 11 in 'CCC'."),
        ("S", "must be of H, C, N, O, F, got S in 'S'."),
        ("C$C", "A bond must be single, double, triple, aromatic, got QUADRUPLE in 'C$C'."),
    ],
)
@pytest.mark.usefixtures("chem")
def test_what_is_no_molecule_is_refused(record, words, capfd):
    assert words in refused(record)
    assert capfd.readouterr() == ("", "")  # RDKit says nothing itself


def test_a_record_that_breaks_off_is_refused(chem):
    lines = ["gdb_2", *block(chem, "C=O").split("\n")[1:]]
    for length in range(2, lines.index("M  END")):
        assert "got 'gdb_2'." in refused("\n".join(lines[:length]) + "\n")


def test_the_package_says_how_to_get_it_where_it_is_missing(monkeypatch):
    for name in ("rdkit", "rdkit.Chem", "rdkit.rdBase"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtra, match=r'pip install "groklab\[molecules\]"\.$'):
        graphs(["C"], 5)
