import codecs
import errno
import os
import stat
from pathlib import Path

import pytest

from groklab.errors import InvalidTable
from groklab.tasks import table_file
from groklab.tasks.table_file import content, lines_of

PLAIN = "*,a,b\na,a,b\nb,b,a\n"
CELLS = [("*", "a", "b"), ("a", "a", "b"), ("b", "b", "a")]


def cells(data):
    return [line.cells for line in lines_of("`x`", data if isinstance(data, bytes) else data.encode())]


def refusal(call, *arguments):
    with pytest.raises(InvalidTable) as error:
        call(*arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "must be a file, got a folder"),
        (lambda path: path.symlink_to("nowhere"), "must be a file, got a link to nothing"),
        (lambda path: path.symlink_to(path), "must be readable, got: "),
        (lambda path: path.symlink_to("/dev/zero"), "must be a file, got a device or a pipe"),
        (lambda path: os.mkfifo(path), "must be a file, got a device or a pipe"),
        (lambda path: None, "must be a file, got no such file"),
    ],
)
def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path, make, words):
    path = tmp_path / "x.csv"
    make(path)
    assert f"{path}` {words}" in refusal(content, path)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("a\0b.csv", r"`a\x00b.csv` must be a file, got a character no path can have"),
        ("\ud800.csv", r"`\ud800.csv` must be a file, got a character no path can have"),
        ("a\nb.csv", r"`a\nb.csv` must be a file, got no such file"),
        ("/etc/passwd/x.csv", "must be a file, got no such file"),
        (f"{'x' * 300}.csv", "must be readable, got: file name too long"),
    ],
)
def test_a_path_that_cannot_be_is_one_sentence(path, words):
    assert words in refusal(content, path)


@pytest.mark.parametrize("method", ["stat", "read_bytes"])
def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path, monkeypatch, method):
    path = tmp_path / "x.csv"
    path.write_text(PLAIN)

    def forbidden(self, **_):
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, method, forbidden)
    assert "x.csv` must be readable, got: permission denied. Check its path" in refusal(content, path)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(PLAIN)
    assert stat.S_ISREG(path.stat().st_mode)
    assert content(path) == content(str(path)) == PLAIN.encode()


def test_bytes_are_not_read_beyond_a_size(monkeypatch):
    monkeypatch.setattr(table_file, "MAX_BYTES", 3)
    assert "`x` must hold at most" in refusal(cells, "a,b\n")


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PLAIN.replace("\n", "\r"),
        "sep=,\n" + PLAIN,
        "\ufeffSEP=;\r\n" + PLAIN.replace(",", ";"),
        '"sep=;";;\n' + PLAIN.replace(",", ";"),
        "sep=\t\n" + PLAIN.replace(",", "\t"),
        "sep=|\n" + PLAIN.replace(",", "|"),
        codecs.BOM_UTF8 + PLAIN.encode("utf-8-sig"),
        PLAIN.replace(",", "\t").encode("utf-16"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        '\ufeff"*",a,b\na,a,b\nb,b,a\n',
        "*\ufeff,\u00a0a\u3000,\u200bb\na,\u2003a, b\nb,\tb\x0b,a\u202f\n",
    ],
)
def test_marks_and_space_make_no_difference(data):
    assert cells(data) == CELLS


def test_lines_keep_their_numbers():
    assert [line.number for line in lines_of("`x`", b"sep=;\n\n+;a;b\n\na;a;b\n")] == [3, 5]
    assert "in line 3" in refusal(cells, "sep=;\n+;a;b\na;a\x07;b\n")


def test_a_separator_is_one_that_all_lines_have_equally_often():
    assert cells("+\t(0,1,2)\t(1,0,2)\n(0,1,2)\tx\ty\n") == [("+", "(0,1,2)", "(1,0,2)"), ("(0,1,2)", "x", "y")]
    assert cells("+,a;b;c;d,e\ne,a;b;c;d,e\nf,e,e\n")[0] == ("+", "a;b;c;d", "e")
    assert cells("+;0,5;1,5\n0,5;1;2\n")[0] == ("+", "0,5", "1,5")


@pytest.mark.parametrize(
    "symbol",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # an emoji family
        "\u0645\u06cc\u200c\u0631\u0648\u0645",  # Persian
        "a\u00a0b",
        "a\u202fb",
        "a\u3000b",
        "a b",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag
        "\u2764\ufe0f",
        "\u05d0\u200f!",  # a mark of direction inside
        "co\u00adop",
        "\uf8ff",  # for private use
        "x" * 200,
        "[/red]",
        "$\\frac$",
    ],
)
def test_visible_text_is_a_symbol(symbol):
    assert cells(f"+,{symbol}\n{symbol},{symbol}\n") == [("+", symbol), (symbol, symbol)]


def test_a_letter_is_one_symbol_however_it_is_composed():
    assert cells("+,e\u0301,\u00e9\n")[0] == ("+", "\u00e9", "\u00e9")
    assert cells("+,\u1112\u1161\u11ab\n")[0] == ("+", "\ud55c")


@pytest.mark.parametrize(
    ("symbol", "words"),
    [
        ("\u200d", "visible text for every symbol, got '\\u200d' in line 2"),
        ("\u200d\u200c", "visible"),
        ("\u00ad", "visible"),
        ("\ufe0f", "visible"),
        ("\u2800", "visible"),
        ("\u3164", "visible"),
        ("\u200d" * 500, "visible"),
        ("\x07", "visible"),
        ("a\x07", "control characters and overrides of direction, got 'a\\x07' in line 2"),
        ("a\x00b", "control"),
        ("a\x7f", "control"),
        ("a\x85b", "control"),
        ("a\u2028b", "line breaks"),
        ('"a\nb"', "line breaks, control characters and overrides of direction, got 'a\\nb' in line 3"),
        ('"a\tb"', "control"),
        ("a\u202eb", "overrides of direction"),
        ("\u2066a\u2069", "overrides of direction"),
        ("x" * 201, f"at most 200 characters, got 201 that begin with '{'x' * 20}' in line 2"),
        ("y" * 5000, f"got 5000 that begin with '{'y' * 20}' in line 2"),
        ("z" * 200_000, "broken line 2: field larger"),
    ],
)
def test_what_cannot_be_printed_is_no_symbol(symbol, words):
    assert words in refusal(cells, f"+,a,b\n{symbol},a,b\n")
