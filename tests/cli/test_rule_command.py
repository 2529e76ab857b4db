import json

import numpy as np
import pytest
from finite import renamed, spoilt
from stored import stored

from groklab.algebra import families
from groklab.cli import main
from groklab.store import Store

LETTERS = "abcdefghijklmnopqrstuvwx"


def run(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


def written(path, cells, symbols=LETTERS):
    names = list(symbols[: len(cells)])
    lines = [",".join(["*", *names])]
    lines += [
        ",".join([name, *(names[at] if at >= 0 else "" for at in row)]) for name, row in zip(names, cells, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def test_a_group_is_named_and_what_its_symbols_stand_for_is_told(capsys, tmp_path):
    status, out, _ = run(capsys, "rule", written(tmp_path / "a.csv", renamed(families.dihedral(4))))
    assert status == 0
    assert "rule: D4, the dihedral group: turns and mirrors of a polygon with 4 corners" in out
    assert "proved: it has all 64 cells right" in out
    assert "associative in 512 of 512 cases" in out
    assert "what symbols stand for: a →" in out


def test_blanks_are_filled_and_written(capsys, tmp_path):
    path = written(tmp_path / "a.csv", spoilt(renamed(families.permutations(4)), blank=0.1))
    whole = tmp_path / "whole.csv"
    status, out, _ = run(capsys, "rule", path, "--out", str(whole))
    assert status == 0
    assert "rule: S4" in out
    assert "consistent with all 518 known cells" in out
    assert "and 18 more" in out
    assert f"written: {whole}, with 58 blanks filled by the rule" in out
    status, _, err = run(capsys, "rule", path, "--out", str(whole))
    assert (status, err.count("\n")) == (1, 1)
    assert "which is there already" in err
    status, out, _ = run(capsys, "rule", str(whole))
    assert "proved: it has all 576 cells right" in out


def test_mistakes_are_listed(capsys, tmp_path):
    cells = renamed(families.permutations(4))
    cells[3, 5] = cells[3, 6]
    _, out, _ = run(capsys, "rule", written(tmp_path / "a.csv", cells))
    assert "nearly: in 575 of 576 known cells" in out
    assert f"d * f = {LETTERS[renamed(families.permutations(4))[3, 5]]}, not {LETTERS[cells[3, 5]]}" in out


def test_where_no_rule_holds_the_laws_are_told(capsys, tmp_path):
    cells = np.random.default_rng(0).integers(8, size=(8, 8))
    status, out, _ = run(capsys, "rule", written(tmp_path / "a.csv", cells))
    assert status == 0
    assert "no rule that holds was found, and this is how nearly laws hold:" in out
    assert "associative" in out
    assert "% of 512 cases" in out


def test_a_ring_is_told(capsys, tmp_path):
    plus = written(tmp_path / "plus.csv", families.cyclic(5), "01234")
    times = written(tmp_path / "times.csv", np.multiply.outer(np.arange(5), np.arange(5)) % 5, "01234")
    status, out, _ = run(capsys, "rule", plus, times)
    assert status == 0
    assert out.startswith("together: GF(5)\ndistributive in 125 of 125 cases")
    status, out, _ = run(capsys, "rule", plus, times, "--json")
    assert json.loads(out)["times"]["name"] == "x y mod 5"


def test_a_run_is_read(capsys, tmp_path):
    store = str(tmp_path / "runs")
    stored(Store(store), "p=11", "fraction=0.6", task="subtraction")
    status, out, _ = run(capsys, "rule", "--last", "--store", store)
    assert status == 0
    assert "rule: x - y mod 11, an isotope of the group C11" in out
    assert "with which it agrees in 100.0%" in out
    status, out, _ = run(capsys, "rule", "subtraction", "--store", store, "--json")
    assert json.loads(out)["network"]["has_generalized"]


def test_what_is_no_table_is_refused_in_one_sentence(capsys, tmp_path):
    single = tmp_path / "single.csv"
    single.write_text("*,a\na,a\n")
    blank = written(tmp_path / "blank.csv", spoilt(families.cyclic(12), blank=0.9))
    large = written(tmp_path / "large.csv", families.cyclic(513), [f"s{at}" for at in range(513)])
    for arguments, words in (
        ((str(single),), "at least 2 rows"),
        ((blank,), "at least 25% of its cells known"),
        ((large,), "at most 512 rows and columns"),
        ((str(tmp_path / "none.csv"),), "no such file"),
        (("--last", "--store", str(tmp_path)), "holds no runs"),
        ((), "a run, or --last, got nothing"),
        ((blank, "--last"), "Leave one out"),
        ((blank, blank, "--out", "x.csv"), "must be given with one table"),
        ((str(tmp_path),), "Save a table as CSV"),
        ((blank, "--out", "x.pdf"), "25%"),
    ):
        status, out, err = run(capsys, "rule", *arguments)
        assert (status, out) == (1, "")
        assert words in err
        assert err.count("\n") == 1


def test_a_rectangle_is_taken_as_it_is(capsys, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("x,0,1,2,3\n1,0,1,2,3\n2,0,2,4,6\n3,0,3,6,9\n4,0,4,8,12\n5,0,5,10,15\n")
    status, out, _ = run(capsys, "rule", str(path))
    assert status == 0
    assert "rule: x y, a formula" in out


@pytest.mark.parametrize("text", ["*,a,b\na,a,b\nb,b,a\n"])
def test_a_table_that_is_piped_in_is_taken(capsys, monkeypatch, text):
    import io
    import sys

    piped = io.TextIOWrapper(io.BytesIO(text.encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    status, out, _ = run(capsys, "rule", "-")
    assert status == 0
    assert "rule: C2" in out
