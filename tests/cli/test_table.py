import errno
import io
import sys
import warnings

import pytest

from groklab.cli import main
from groklab.cli.notes import told
from groklab.tasks import Given

TABLE = "+,a,b,c\na,a,b,c\nb,b,c,?\nc,c,a,b\n"


def run(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


def pipe(monkeypatch, data, is_terminal=False):
    stream = io.TextIOWrapper(io.BytesIO(data))
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stdin", stream)


@pytest.mark.parametrize("ending", ["csv", "tsv", "txt"])
def test_a_table_that_is_piped_in_is_that_of_a_file(capsys, monkeypatch, tmp_path, ending):
    path = tmp_path / f"mine.{ending}"
    path.write_text(TABLE.replace(",", "\t"))
    expected = run(capsys, "table", str(path), "fraction=0.75")
    pipe(monkeypatch, TABLE.encode())
    assert run(capsys, "table", "-", "fraction=0.75") == expected
    assert expected[0] == 0
    assert expected[1].count("·") == 3


def test_a_piped_table_may_be_divided_in_several_ways(capsys, monkeypatch):
    pipe(monkeypatch, TABLE.encode("utf-16"))
    status, out, _ = run(capsys, "table", "-", "split=0,1")
    assert status == 0
    assert out.count("+ | a b c") == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "`standard input` must hold a table, got nothing. For x - y write subtraction."),
        (b"\n \n", "`standard input` must hold a table, got nothing."),
        (b"+,a,b\na,a,b\nb,b\n", "`standard input` must have rows of one length, got 2 cells in line 3"),
        (b"x" * 9_000_000, "`standard input` must hold at most 8 MB"),
        (b"\xff\xfe\x00", "`standard input` must be UTF-8"),
    ],
)
def test_what_is_piped_in_and_is_no_table_is_one_line(capsys, monkeypatch, data, words):
    pipe(monkeypatch, data)
    status, out, err = run(capsys, "table", "-")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert words in err


def test_a_folder_is_no_standard_input(capsys, monkeypatch):
    class Folder(io.BytesIO):
        def read(self, size=-1):
            raise IsADirectoryError(errno.EISDIR, "Is a directory")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Folder()))
    assert "`standard input` must be readable, got: is a directory" in run(capsys, "table", "-")[2]


def test_at_a_terminal_the_sign_is_subtraction(capsys, monkeypatch):
    pipe(monkeypatch, TABLE.encode(), is_terminal=True)
    assert run(capsys, "table", "-", "p=3")[1].startswith("- | 0 1 2\n")
    monkeypatch.setattr(sys, "stdin", None)
    assert run(capsys, "table", "-", "p=3")[1].startswith("- | 0 1 2\n")
    pipe(monkeypatch, b"")
    assert run(capsys, "table", "subtraction", "p=3")[1].startswith("- | 0 1 2\n")


def test_a_note_is_told_once_and_other_warnings_go_on(capsys):
    with told():
        for _ in range(2):
            Given.from_bytes(b"+,a,b\na,a,b\nb,b,nan\nc,a,b\n", "`x`")
    assert capsys.readouterr().err == "groklab: note: `x`: read as not known: 1 × `nan`.\n"
    with pytest.raises(DeprecationWarning, match="old"), told():
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    with pytest.warns(UserWarning, match="other"), told():
        warnings.warn("other", UserWarning, stacklevel=1)
