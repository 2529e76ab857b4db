import pytest

from groklab.errors import InvalidTable
from groklab.tasks.sheet import SIGN, sheet_of

ADD = [["0", "1", "2"], ["1", "2", "0"], ["2", "0", "1"]]
SYMBOLS = ("0", "1", "2")


def read(text):
    return sheet_of("`x`", text.encode())


def refusal(text):
    with pytest.raises(InvalidTable) as error:
        read(text)
    assert "\n" not in str(error.value)
    return str(error.value)


def table(*lines):
    return "".join(f"{line}\n" for line in lines)


CLEAN = table("+,0,1,2", "0,0,1,2", "1,1,2,0", "2,2,0,1")


@pytest.mark.parametrize("corner", ["", "+", "∘", "*", "x", "x*y", "S3", "mod 3", "-", "?", "[/]", "🙂"])
def test_a_table_is_taken_as_it_is(corner):
    sheet = read(CLEAN.replace("+", corner))
    assert sheet.sign == (corner or SIGN)
    assert (sheet.left, sheet.right, sheet.notes) == (SYMBOLS, SYMBOLS, ())
    assert [list(row) for row in sheet.body] == ADD


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (
            table("+,0,1,2,,", "0,0,1,2,,", "1,1,2,0,,", "2,2,0,1,,", ",,,,,", ",,,,,"),
            ["2 lines and 2 columns without any symbol are left out"],
        ),
        (table(",,,", "+,0,1,2", "0,0,1,2", ",,,", "1,1,2,0", "2,2,0,1"), ["2 lines without any symbol are left out"]),
        (table("+,0,,1,2", "0,0,,1,2", "1,1,,2,0", "2,2,,0,1"), ["1 column without any symbol is left out"]),
        (table("+,0,1,2", "0,0,1,2", "1,1,2,0,", "2,2,0,1"), ["1 column without any symbol is left out"]),
        (  # pandas, where a cell of a column is missing
            table("+,0,1,2", "0,0,1,2.0", "1,1,2,0.0", "2,2,0,1.0"),
            ["read as whole numbers: `0.0`, `1.0`, `2.0`"],
        ),
        (table("+,0.0,1.0,2.0", "0,0,1,2", "1,1,2,0", "2,2,0,1"), ["read as whole numbers: `0.0`, `1.0`, `2.0`"]),
        (table("+;0;1;2", "0;0;1;2,0", "1;1;2;0", "2;2;0;1"), ["read as whole numbers: `2,0`"]),
        (  # pandas with index=False
            table("0,1,2", "0,1,2", "1,2,0", "2,0,1"),
            ["no row symbols: `0`, `1`, `2` of the first line are read as those of the rows too"],
        ),
        (
            table("Unnamed: 0,0,1,2", "0,0,1,2", "1,1,2,0", "2,2,0,1"),
            ["`Unnamed: 0` in the corner is not read as the sign"],
        ),
        (
            table(",Unnamed: 0,0,1,2", "0,0,0,1,2", "1,1,1,2,0", "2,2,2,0,1"),
            ["a column that numbers the rows is left out", "`Unnamed: 0` in the corner is not read as the sign"],
        ),
        (
            table(",+,0,1,2", "0,0,0,1,2", "1,1,1,2,0", "2,2,2,0,1"),
            ["a column that numbers the rows is left out"],
        ),
        (  # R
            table('"0","1","2"', '"0","0","1","2"', '"1","1","2","0"', '"2","2","0","1"'),
            ["the first line is a cell shorter than all others: `0`, `1`, `2` are read as column symbols"],
        ),
        (
            table("0,0,1,2", "0,0,1,2", "1,1,2,0", "2,2,0,1"),
            ["`0` in the corner is read as the sign, though it names a row and a column too"],
        ),
        (
            table("5,0,1,2", "0,0,1,2", "1,1,2,0", "2,2,0,1"),
            ["`5` in the corner is read as the sign; if it is an answer, row and column symbols are missing"],
        ),
    ],
)  # fmt: skip
def test_what_programs_do_to_a_table_is_undone_and_told(text, notes):
    sheet = read(text)
    assert (sheet.left, sheet.right) == (SYMBOLS, SYMBOLS)
    assert [list(row) for row in sheet.body] == ADD
    assert list(sheet.notes) == notes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            table("0,1,2", "1,2,0", "2,0,1"),
            "got `0` in the corner, which is also one of its symbols. Write those beside",
        ),
        (table("e,a,b", "a,b,e", "b,e,a"), "got `e` in the corner"),
        (table("0,1,2", "1,2,0", "2,0,"), "got `0` in the corner"),
        (table("0,0,1,2", "1,1,2,0", "2,2,0,1"), "got `0` in the corner"),  # row symbols alone
        (table("0,1,2", "0,1,2", "1,2,3", "2,3,4"), "got `0` in the corner"),  # column symbols alone
        (table("0,0,0", "0,1,2", "0,2,1"), "'0' twice. Rename one. Is the line of column symbols missing?"),
        (table("0,1", "1,0"), "2 rows below the column symbols, got 1. Is the line of column symbols missing?"),
        (table("+,a,b", "0,a,b", "0,b,a"), "'0' twice, in lines 2 and 3. Rename one. Is the column of row symbols"),
        (table("My table,,", "+,a,b", "a,a,b", "b,b,a"), "visible text for every symbol, got '' in line 1"),
        (table("+,a,b", "a,a,b", "b,a"), "got 2 cells in line 3 after 3 in line 1. Is a separator missing?"),
        (table("+,a b", "a,a,b", "b,b,a"), "got 3 cells in line 2 after 2 in line 1"),
        (table(",+,a,b", "0,a,a,b", "1"), "got 1 cells in line 3 after 4 in line 1"),
        (table(",a,b", ",a,b", ",b,a"), "got '' in line 2. Is a name missing?"),
    ],
)
def test_a_table_without_its_symbols_is_told_from_a_smaller_one(text, words):
    assert words in refusal(text)


def test_a_sign_in_the_corner_may_be_an_answer_and_a_symbol():
    sheet = read(table("-,+,-", "+,+,-", "-,-,+"))
    assert (sheet.sign, sheet.notes) == ("-", ())
    assert read(table(">,0,1", "0,-,<", "1,>,-")).sign == ">"


def test_a_small_greatest_of_two_is_taken_for_a_table_and_doubted():
    sheet = read(table("0,1,2", "1,1,2", "2,2,2"))
    assert (sheet.sign, sheet.left) == ("0", ("1", "2"))
    assert "row and column symbols are missing" in sheet.notes[0]
    assert "`a` in the corner" in read(table("a,b,c", "b,b,c", "c,c,c")).notes[0]
    for sign in ("x", "G", "op", "x*y"):
        assert read(table(f"{sign},b,c", "b,b,c", "c,c,c")).notes == ()


MISSING = (
    "NaN",
    "nan",
    "NA",
    "<NA>",
    "N/A",
    "n/a",
    "#N/A",
    "#NV",
    "#REF!",
    "#DIV/0!",
    "#BEZUG!",
    "#NAME?",
    "null",
    "None",
)


@pytest.mark.parametrize("spelling", MISSING)
def test_what_programs_write_for_a_missing_value_is_a_blank(spelling):
    sheet = read(table("+,a,b", "a,a,b", f"b,b,{spelling}", "c,a,b"))
    assert sheet.body == (("a", "b"), ("b", None), ("a", "b"))
    assert sheet.notes == (f"read as not known: 1 × `{spelling}`",)


@pytest.mark.parametrize("spelling", MISSING)
@pytest.mark.parametrize("side", ["row", "column"])
def test_what_names_a_row_or_a_column_is_a_symbol(spelling, side):
    row, column = (spelling, "b") if side == "row" else ("b", spelling)
    sheet = read(table(f"+,a,{column}", f"a,a,{spelling}", f"{row},{spelling},a"))
    assert sheet.body == (("a", spelling), (spelling, "a"))
    assert sheet.notes == ()


@pytest.mark.parametrize("blanks", [("", ""), ("?", "?")])
def test_blanks_spelt_in_one_way_need_no_word(blanks):
    sheet = read(table("+,a,b", "a,a,{}", "b,b,{}", "c,a,b").format(*blanks))
    assert sheet.body == (("a", None), ("b", None), ("a", "b"))
    assert sheet.notes == ()


def test_blanks_may_be_spelt_in_several_ways():
    sheet = read(table("+,a,b,c", "a,a,?,b", "b,,NaN,a", "c,?,b,b"))
    assert sheet.body == (("a", None, "b"), (None, None, "a"), (None, "b", "b"))
    assert sheet.notes == ("read as not known: 2 × `?`, 1 × blank, 1 × `NaN`",)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        (table("+,0,1", "0,0.5,1.0", "1,1.5,0.0"), [["0.5", "1"], ["1.5", "0"]]),
        (table("+,a,b", "a,5,5.0", "b,5.0,6.0"), [["5", "5"], ["5", "6"]]),
        (table("+,0,-1", "0,-0.0,-1.0", "-1,-1,0"), [["0", "-1"], ["-1", "0"]]),
    ],
)
def test_whole_numbers_are_one_symbol_however_they_are_written(text, body):
    sheet = read(text)
    assert [list(row) for row in sheet.body] == body
    assert "read as whole numbers" in sheet.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        table("+,0.0,1.0", "0.0,0.0,1.0", "1.0,1.0,0.0"),  # never written otherwise
        table("+,1,1.0", "a,1,1.0", "b,1.0,1"),  # two versions
        table("+,1,2", "1,1,1.00", "2,2,1"),
        table('+,1,2', '1,1,"1,000"', "2,2,1"),
    ],
)  # fmt: skip
def test_numbers_that_are_told_apart_stay_two_symbols(text):
    sheet = read(text)
    assert sheet.notes == ()
    assert [".0" in cell or ",0" in cell for row in sheet.body for cell in row].count(True) >= 1


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (table("+,a,b,c", "a,a,-,c", "b,b,c,a", "c,c,a,-"), "`-` is read as an answer; a cell that is not known"),
        (table("+,a,b,c", "a,a,b,c", "b,b,c,O", "c,c,a,b"), "`O` in line 3 is the one answer that names no row and no"),
        (table("+,a b,c", "a b,c,a b", "c,a\u00a0b,c"), "'a b' and 'a\\xa0b' are two symbols that look the same"),
        (table("+,ab,c", "ab,c,a\u00adb", "c,ab,c"), "'ab' and 'a\\xadb' are two symbols that look the same"),
        (table("+,?,c", "?,a,c", "c,a,c"), "`?` names a row or a column, but in a cell it is read as not known"),
    ],
)  # fmt: skip
def test_what_looks_like_a_mistake_is_told(text, note):
    assert [each for each in read(text).notes if each.startswith(note)]


@pytest.mark.parametrize(
    "text",
    [
        table("*,+,-", "a,+,-", "b,-,+"),
        table("*,a,b", "a,+,-", "b,-,+"),
        table("+,0,1", "0,0,1", "1,1,2"),
        table("<,a,b", "a,yes,no", "b,no,yes"),
        table("+,a,b", "a,A,B", "b,B,A"),
    ],
)
def test_what_looks_like_none_is_not(text):
    assert read(text).notes == ()
