import numpy as np
import pytest

from groklab.errors import InvalidTable
from groklab.tasks import ABSENT, UNKNOWN, Given, Group, Modular, TableNote
from groklab.tasks import table_file as module


def written(folder, content):
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_table_is_read(tmp_path):
    table = Given.from_csv(written(tmp_path, "*, a ,b\na,b,?\nb,a,\u00e9\nc,b,b\n"))
    assert table.sign == "*"
    cells = table.cells()
    assert (cells.left, cells.right, cells.answers) == (("a", "b", "c"), ("a", "b"), ("b", "a", "\u00e9"))
    assert cells.values.tolist() == [[0, UNKNOWN], [1, 2], [0, 0]]


def test_blanks_are_unknown_and_a_table_may_have_no_sign(tmp_path):
    table = Given.from_csv(written(tmp_path, ',"x,1",y\r\n1,10,\r\n2,9,10\r\n3,9,9\r\n\r\n'))
    assert table.sign == "∘"
    assert table.right == ("x,1", "y")
    assert table.answers == ("9", "10")
    assert table.values == ((1, UNKNOWN), (0, 1), (0, 0))


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("\u2218,a\u00a0b,c\na\u00a0b,c,c\nc,c,a\u00a0b\n", ("a\u00a0b", "c")),
        (
            "\u2218,\u0645\u06cc\u200c\u0631\u0648\u0645,\u0628\n\u0645\u06cc\u200c\u0631\u0648\u0645,\u0628,\u0628\n"
            "\u0628,\u0628,\u0645\u06cc\u200c\u0631\u0648\u0645\n",
            ("\u0645\u06cc\u200c\u0631\u0648\u0645", "\u0628"),
        ),
        (
            "\u2218,\U0001f468\u200d\U0001f469,b\n\U0001f468\u200d\U0001f469,b,b\nb,b,\U0001f468\u200d\U0001f469\n",
            ("\U0001f468\u200d\U0001f469", "b"),
        ),
        ("[/],e,a,b\ne,e,a,b\na,a,,e\nb,b,e,a\n", ("e", "a", "b")),
        ("\u2218,$\\frac$,b\n$\\frac$,b,b\nb,b,$\\frac$\n", ("$\\frac$", "b")),
        ("\u2218,e\u0301,b\n\u00e9,b,e\u0301\nb,\u00e9,b\n", ("\u00e9", "b")),
    ],
)
def test_symbols_of_every_script_are_read(tmp_path, content, left):
    table = Given.from_csv(written(tmp_path, content))
    assert (table.left, table.right, set(table.answers)) == (left, left, set(left))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ("empty",)),
        ("\n\n", ("empty",)),
        (",,\n,,\n", ("empty",)),
        ("*,a,b\na,a,b\nb,a\n", ("line 3", "2 cells", "3")),
        ("*,a,b\na,a,b\n\nb,a,b,c\n", ("line 4", "4 cells", "3")),
        ("*,a,b\na,a,b\n".encode("utf-16")[:-1], ("UTF-8",)),
        (b"*,a,b\na,a,b\nb,\xe9,b\n", ("UTF-8", "line 3")),
        ("*,a,b\na,a,b\n", ("2 rows", "got 1")),
        ("*,a\na,a\nb,b\n", ("2 columns", "got 1")),
        ("* a b\na a b\nb b a\n", ("2 columns", "commas, semicolons or tabs")),
        ("*,a,b\na,a,b\n\na,b,a\n", ("row symbols", "'a' twice, in lines 2 and 4", "column of row symbols missing")),
        ("*,a,a\na,a,b\nb,b,a\n", ("column symbols", "'a' twice", "line of column symbols missing")),
        ("*,a,b\na,?,?\nb,?,?\n", ("4 known cells", "none")),
        ("*,a,b\na,a,a\nb,a,\n", ("4 known cells", "got 3")),
        ("*,a,\na,a,b\nb,b,a\n", ("visible", "'' in line 1")),
        ("*,a,b\na,a,b\n,b,a\n", ("visible", "'' in line 3")),
        ('*,a,b\na,"a,b\nb,b,a\n', ("broken",)),
        ("\n".join(",".join(["0"] + [str(k) for k in range(1025)]) for _ in range(3)), ("1024 columns", "1025")),
        (",a,b\n" + "".join(f"{k},a,b\n" for k in range(1025)), ("1024 rows", "1025")),
    ],
)
def test_what_is_no_table_is_refused_by_the_name_of_its_file(tmp_path, content, words):
    with pytest.raises(InvalidTable) as error:
        Given.from_csv(written(tmp_path, content))
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in ("table.csv`", *words))


PLAIN = "*,a,b\na,a,b\nb,b,a\n"


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "\t").encode("utf-16"),  # as spreadsheets save Unicode text
        "\n" + PLAIN.replace(",", ";").replace("\n", "\r\n"),
    ],
)
def test_marks_and_separators_of_spreadsheets_make_no_difference(tmp_path, content):
    assert Given.from_csv(written(tmp_path, content)) == Given.from_csv(written(tmp_path, PLAIN))


def test_a_separator_may_stand_in_quotes_and_commas_in_numbers(tmp_path):
    assert Given.from_csv(written(tmp_path, '*,"a;b;c",d\nx,1,2\ny,2,1\n')).right == ("a;b;c", "d")
    assert Given.from_csv(written(tmp_path, "*;0,5;1,5\n0,5;1;2\n1,5;2;3\n")).right == ("0,5", "1,5")


def test_a_table_is_called_as_its_file_is(tmp_path):
    for name, word in (
        ("clock.csv", "clock"),
        ("my table (2).CSV", "my-table-2"),
        ("..csv", "table"),
        ("Größe.csv", "Größe"),
    ):
        (tmp_path / name).write_text(PLAIN)
        assert Given.from_csv(tmp_path / name).name == word
    assert Given().name == "table"


def test_no_such_file(tmp_path):
    with pytest.raises(InvalidTable, match=r"none.csv` must be a file, got no such file"):
        Given.from_csv(tmp_path / "none.csv")
    with pytest.raises(InvalidTable, match="a folder"):
        Given.from_csv(str(tmp_path))


def test_bytes_are_read_as_a_file_is(tmp_path):
    assert Given.from_bytes(PLAIN.encode("utf-16"), "`x`") == Given.from_csv(written(tmp_path, PLAIN))
    with pytest.raises(InvalidTable, match=r"^`x` must hold a table, got an empty file"):
        Given.from_bytes(b"", "`x`")


def test_what_was_taken_for_what_is_told_in_warnings(tmp_path):
    path = written(tmp_path, "*,a,b,\na,a,NaN,\nb,b,a,\nc,,a,\n")
    with pytest.warns(TableNote) as notes:
        table = Given.from_csv(path)
    assert table.values == ((0, UNKNOWN), (1, 0), (UNKNOWN, 0))
    assert [str(note.message) for note in notes] == [
        f"`{path}`: 1 column without any symbol is left out.",
        f"`{path}`: read as not known: 1 × `NaN`, 1 × blank.",
    ]


def test_a_large_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(module.MAX_BYTES + 1)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(InvalidTable, match=r"large.csv` must hold at most 8 MB, got 8.0 MB"):
        Given.from_csv(path)


def test_a_function_is_tabulated():
    table = Given.from_function(lambda x, y: x * y % 97, range(97), sign="*")
    assert np.array_equal(table.cells().values, Modular(operation="multiplication").cells().values)
    assert table.left == Modular().cells().left


def test_results_outside_the_elements_are_further_answers():
    table = Given.from_function(lambda x, y: x + y, [0, 1, 2])
    assert table.left == table.right == ("0", "1", "2")
    assert table.answers == ("0", "1", "2", "3", "4")
    assert table.values == ((0, 1, 2), (1, 2, 3), (2, 3, 4))


def test_elements_may_be_any_hashable_values():
    swap, stay = (1, 0), (0, 1)
    table = Given.from_function(lambda a, b: tuple(b[i] for i in a), [stay, swap])
    assert table.cells().values.tolist() == Group(group="S2").cells().values.tolist()


@pytest.mark.parametrize(
    ("function", "elements", "symbols"),
    [
        (lambda x, y: float((x + y) % 2), [0, 1], ("0", "1")),
        (lambda x, y: x < y, [0, 1], ("0", "1")),
        (lambda x, y: int(x != y), [0.0, 1.0], ("0.0", "1.0")),
        (lambda x, y: np.float64(x * y), np.arange(3) - 1, ("-1", "0", "1")),
        (lambda x, y: x / y, [1, 2], ("1", "2", "0.5")),
        (lambda x, y: 7.0 if x < y else 7, [1, 2], ("1", "2", "7")),
        (lambda x, y: "\u00e9", ["e\u0301", " b\u00a0"], ("\u00e9", "b")),
    ],
)
def test_equal_results_are_one_answer_that_reads_as_the_element(function, elements, symbols):
    assert Given.from_function(function, elements).answers == symbols


@pytest.mark.parametrize(
    ("function", "elements", "words"),
    [
        (lambda x, y: [x, y], [0, 1], ("`function`", "list", "tuple")),
        (lambda x, y: x, [[0], [1]], ("hashable", "list")),
        (lambda x, y: x, [0], ("`elements`", "at least 2", "got 1")),
        (lambda x, y: x, iter(int, 1), ("`elements`", "at most 1024")),
        (lambda x, y: x, [1, 1], ("`elements`", "'1' twice")),
        (lambda x, y: x, [1, "1"], ("`elements`", "'1' twice")),
        (lambda x, y: "1", [1, 2], ("`function`", "'1' twice")),
        (lambda x, y: x, [1, 2, 1.0], ("`elements`", "distinct", "1 and 1.0, which are equal")),
        (lambda x, y: x, [True, 1], ("`elements`", "True and 1, which are equal")),
        (lambda x, y: x, [(0, 1), (0.0, 1)], ("`elements`", "(0, 1) and (0.0, 1), which are equal")),
        (lambda x, y: x, ["e\u0301", "\u00e9"], ("`elements`", "'\u00e9' twice")),
        (lambda x, y: x, ["a", "\u200d"], ("`elements`", "visible", "'\\u200d'")),
        (lambda x, y: "a\nb", ["a", "b"], ("`elements`", "line breaks", "'a\\nb'")),
        (lambda x, y: "\ud800x", ["a", "b"], ("`elements`", "control characters", "'\\ud800x'")),
        (lambda x, y: "c" * 201, ["a", "b"], ("`elements`", "at most 200 characters, got 201", f"'{'c' * 20}'")),
    ],
)
def test_what_cannot_be_tabulated(function, elements, words):
    with pytest.raises(InvalidTable) as error:
        Given.from_function(function, elements)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"values": ((0, 1),)}, ("`values`", "2 tuples")),
        ({"values": ((0, 1), (1,))}, ("`values`", "2 integers")),
        ({"values": ([0, 1], [1, 0])}, ("`values`", "tuple")),
        ({"values": ((0, 1), (1, 2))}, ("`values`", "2 `answers`", "got 2")),
        ({"values": ((0, 1), (1, -3))}, ("`values`", "got -3")),
        ({"values": ((0, 1), (1, 0.0))}, ("`values`", "got 0.0")),
        ({"values": ((0, 1), (1, ABSENT))}, ("`values`", "4 known")),
        ({"left": ("0", "0")}, ("`values`", "row symbols", "'0' twice")),
        ({"left": (0, 1)}, ("`values`", "got 0")),
        ({"answers": ("0", "0")}, ("`answers`", "'0' twice")),
        ({"word": "../x"}, ("`word`", "'../x'", "Try 'x'")),
        ({"word": ""}, ("`word`", "Try 'table'")),
        ({"sign": "\n"}, ("visible", "'\\n'")),
        ({"sign": " +"}, ("without space around them", "' +'", "Try '+'")),
        ({"left": ("e\u0301", "b")}, ("composed form", "Try '\\xe9'")),
    ],
)
def test_fields_are_checked(changes, words):
    with pytest.raises(InvalidTable) as error:
        Given(**changes)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
