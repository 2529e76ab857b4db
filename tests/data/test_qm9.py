"""Molecules from files in each form of QM9, which the tests write themselves, and what is refused."""

import gzip
import io
import lzma
import os
import tarfile

import numpy as np
import pytest

from groklab.data import qm9
from groklab.data.graphs import graphs
from groklab.data.places import VARIABLE
from groklab.errors import DataDamaged, DataMissing

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
        ({"qm9.csv": "mol_id,smiles,alpha\ngdb_1,C,nan\n"}, "must hold finite targets, got nan for molecule 1."),
        ({qm9.RECORDS: "", qm9.TARGETS: RAW}, "must have a target for every molecule, got 0 and 2."),
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


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("gdb_", "")])
def test_records_end_in_any_way_and_may_have_no_name(folder, change):
    pytest.importorskip("rdkit")
    text = change(METHANE.replace("gdb_1", "", 1) + METHANAL)
    (folder / qm9.RECORDS).write_bytes(text.encode())
    (folder / qm9.TARGETS).write_text(RAW)
    np.testing.assert_array_equal(graphs(qm9.molecules("alpha").records, 6), graphs(["C", "C=O"], 6))


def test_archives_that_break_off_are_refused(folder):
    whole = tar({qm9.RECORDS: METHANE + METHANAL, qm9.TARGETS: RAW})
    for content in (whole[:-30], b"plain text", gzip.compress(gzip.decompress(whole)[:700])):
        (folder / qm9.ARCHIVE).write_bytes(content)
        said = refused(lambda: qm9.molecules("alpha"))
        assert said.startswith(f"`{folder / qm9.ARCHIVE}` must be")
        assert "breaks off or is none" in said


def test_names_in_an_archive_are_no_paths(folder, tmp_path):
    (folder / qm9.ARCHIVE).write_bytes(tar({f"../{qm9.RECORDS}": METHANE + METHANAL, f"/{qm9.TARGETS}": RAW}))
    assert qm9.molecules("alpha").targets.tolist() == [13.21, 18.5]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [qm9.ARCHIVE]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser reads everything")
@pytest.mark.parametrize("name", ["qm9.csv", "qm9.csv.xz", qm9.ARCHIVE])
def test_a_file_that_may_not_be_read_is_refused(folder, name):
    (folder / name).write_text(TABLE)
    (folder / name).chmod(0)
    assert "must be readable: Permission denied" in refused(lambda: qm9.molecules("alpha"))


def test_a_table_comes_before_the_raw_files(folder):
    (folder / qm9.ARCHIVE).write_bytes(tar({qm9.RECORDS: METHANE, qm9.TARGETS: RAW}))
    (folder / "qm9_targets.csv").write_text(TABLE)
    assert qm9.molecules("alpha").records == ("C", "C=O")
