"""Molecules from files in each form of QM9, which the tests write themselves, and what is refused."""

import gzip
import io
import lzma
import os
import tarfile

import numpy as np
import pytest

from groklab.data import qm9
from groklab.data.graphs import FEATURES, graphs
from groklab.data.places import VARIABLE
from groklab.errors import DataDamaged, DataMissing
from groklab.tasks import Qm9, StandInMolecules
from groklab.types import Graphs, Numbers

TABLE = "mol_id,smiles,alpha,gap\ngdb_1,C,13.21,0.5\ngdb_2,C=O,18.5,0.2\n"
RAW = "mol_id,alpha\ngdb_1,13.21\ngdb_2,18.5\n"
METHANAL = """gdb_2

made for a test
  2  1  0  0  0  0            999 V2000
    0.0000    0.0000    0.0000 C   0  0
    1.2000    0.0000    0.0000 O   0  0
  1  2  2  0
M  END
$$$$
"""
METHANE = METHANAL.replace("gdb_2", "gdb_1").replace(
    "  2  1  0", "  1  0  0", 1
).replace("    1.2000    0.0000    0.0000 O   0  0\n", "").replace("  1  2  2  0\n", "")  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder in which nothing is yet."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    qm9._read.cache_clear()
    (tmp_path / "given" / "qm9").mkdir(parents=True)
    yield tmp_path / "given" / "qm9"
    qm9._read.cache_clear()


def refused(call, error=DataDamaged):
    with pytest.raises(error) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def tar(files):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content.encode()))
    return stream.getvalue()


@pytest.mark.parametrize("name", qm9.TABLES)
def test_a_table_packed_or_plain(folder, name):
    pack = {".xz": lzma.compress, ".gz": gzip.compress}.get(os.path.splitext(name)[1], bytes)
    (folder / name).write_bytes(pack(TABLE.encode()))
    given = qm9.molecules("gap")
    assert given.records == ("C", "C=O")
    assert given.targets.tolist() == [0.5, 0.2]


def test_the_raw_files_packed_and_unpacked(folder):
    pytest.importorskip("rdkit")
    (folder / qm9.ARCHIVE).write_bytes(tar({qm9.RECORDS: METHANE + METHANAL, qm9.TARGETS: RAW}))
    packed = qm9.molecules("alpha")
    assert packed.targets.tolist() == [13.21, 18.5]
    (folder / qm9.ARCHIVE).unlink()
    (folder / qm9.RECORDS).write_text(METHANE + METHANAL)
    (folder / qm9.TARGETS).write_text(RAW)
    assert qm9.molecules("alpha").records == packed.records
    np.testing.assert_array_equal(graphs(packed.records, 6), graphs(["C", "C=O"], 6))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"qm9.csv": "mol_id,smiles\ngdb_1,C\n"}, "must have a column alpha, got mol_id, smiles."),
        ({"qm9.csv": "mol_id,smiles,alpha\ngdb_1,C,much\n"}, "must hold numbers as targets: could not convert"),
        ({"qm9.csv": "mol_id,smiles,alpha\n"}, "must have a target for every molecule, got 0 and 0."),
        ({qm9.RECORDS: METHANE, qm9.TARGETS: RAW}, "must have a target for every molecule, got 1 and 2."),
    ],
)
def test_what_is_none_of_these_is_refused(folder, files, words):
    for name, content in files.items():
        (folder / name).write_text(content)
    assert words in refused(lambda: qm9.molecules("alpha"))


def test_broken_archives_and_folders_are_refused(folder):
    (folder / qm9.ARCHIVE).write_bytes(tar({qm9.RECORDS: METHANE}))
    assert "must hold gdb9.sdf and gdb9.sdf.csv, got no gdb9.sdf.csv." in refused(lambda: qm9.molecules("alpha"))
    (folder / "qm9.csv").mkdir()
    assert "must be a file, got a folder." in refused(lambda: qm9.molecules("alpha"))
    (folder / "qm9.csv.gz").write_bytes(gzip.compress(TABLE.encode())[:-9])
    assert "breaks off" in refused(lambda: qm9.molecules("alpha"))


def test_an_empty_folder_promises_no_download(folder):
    assert refused(lambda: qm9.molecules("alpha"), DataMissing).endswith(
        "Give the folder with --data DIR or GROKLAB_DATA."
    )


def test_a_molecule_is_its_atoms_and_their_bonds():
    pytest.importorskip("rdkit")
    ((carbon, oxygen, *hydrogens),) = graphs(["C=O"], 5)
    assert carbon[:FEATURES].tolist() == [0, 1, 0, 0, 0, 6, 0, 0, 1, 0, 2]
    assert oxygen[:FEATURES].tolist() == [0, 0, 0, 1, 0, 8, 0, 0, 1, 0, 0]
    single, double, triple, aromatic = carbon[FEATURES:].reshape(4, 5)
    assert single.tolist() == [0, 0, 1, 1, 0]
    assert double.tolist() == [0, 1, 0, 0, 0]
    assert not triple.any()
    assert not aromatic.any()
    assert not hydrogens[2].any()  # padding


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("C(", "must be SMILES or a mol block, got 'C('."),
        ("", "must be SMILES or a mol block, got ''."),
        ("CCC", "must have at most 5 atoms, got 11 in 'CCC'."),
        ("S", "must be of H, C, N, O, F, got S in 'S'."),
    ],
)
def test_what_is_no_molecule_is_refused(record, words):
    pytest.importorskip("rdkit")
    assert words in refused(lambda: graphs([record], 5))


def test_tasks_split_their_molecules(folder):
    pytest.importorskip("rdkit")
    (folder / "qm9.csv").write_text(TABLE)
    examples = Qm9(size=1, validation=1).examples(seed=0)
    assert examples.shape[:2] == (Graphs(29, FEATURES, 4), Numbers((1,)))
    assert sorted(examples.targets.reshape(-1).tolist()) == [13.21, 18.5]


def test_made_up_molecules_are_distinct_and_nested():
    pytest.importorskip("rdkit")
    small, large = (StandInMolecules(size=size, validation=20).examples(seed=1) for size in (30, 60))
    assert len({graph.tobytes() for graph in large.inputs}) == 80
    assert {each.tobytes() for each in small.inputs[:30]} < {each.tobytes() for each in large.inputs[:60]}
    np.testing.assert_array_equal(small.inputs[30:], large.inputs[60:])
    assert 3 < large.targets.min() < large.targets.max() < 40
