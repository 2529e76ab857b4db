import os
import sys

import pytest

import groklab as gl
from groklab.algebra import families
from groklab.rules import gap

ROTATION = [((-b) % 3) * 3 + a for a in range(3) for b in range(3)]


@pytest.fixture
def group():
    import numpy as np

    return families.turned_by(families.abelian(3, 3), 4, np.array(ROTATION))


def stand_in(folder, monkeypatch, body):
    """Put an executable called gap on the path."""
    script = folder / "gap"
    script.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    monkeypatch.setattr(gap.importlib.util, "find_spec", lambda name: None)


def test_a_group_without_a_name_of_its_own_gets_its_number(tmp_path, monkeypatch, group):
    stand_in(
        tmp_path,
        monkeypatch,
        """text = open(sys.argv[-1]).read()
assert text.startswith("G := Group([PermList([") and "IdGroup(G)" in text
print("[ 36, 9 ] (C3 x C3) : C4")""",
    )
    found = gl.rule(group)
    assert found.name == "(C3 × C3) ⋊ C4"
    assert found.small_group == "SmallGroup(36, 9), (C3 x C3) : C4"
    assert gl.rule(families.dihedral(4)).small_group == ""  # nobody asks where the name is certain


def test_without_gap_or_with_a_broken_one_nothing_is_said(tmp_path, monkeypatch, group):
    monkeypatch.setattr(gap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gap.small_group(group) == ""
    stand_in(tmp_path, monkeypatch, 'print("Error, no such thing")')
    assert gap.small_group(group) == ""


def test_permutations_are_written_as_gap_reads_them(tmp_path, monkeypatch):
    seen = tmp_path / "seen.g"
    stand_in(tmp_path, monkeypatch, f'open({str(seen)!r}, "w").write(open(sys.argv[-1]).read())')
    gap.small_group(families.cyclic(3))
    assert "PermList([2, 3, 1])" in seen.read_text() or "PermList([3, 1, 2])" in seen.read_text()
