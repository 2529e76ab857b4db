import pytest

from groklab.errors import InvalidSetting, InvalidTable
from groklab.tasks import OPERATIONS, Given, Group, Modular, operation_named


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("+", "addition"),
        ("-", "subtraction"),
        ("*", "multiplication"),
        ("/", "division"),
        ("x^3+xy", "cubic_xy"),
        ("**2+", "square_plus"),
        *((name, name) for name in OPERATIONS),
    ],
)
def test_names_and_signs(text, name):
    assert operation_named(text) == Modular(operation=name)


@pytest.mark.parametrize("text", ["S5", "Q16", "Z2xS3"])
def test_groups(text):
    assert operation_named(text) == Group(group=text)


@pytest.mark.parametrize("ending", ["csv", "CSV", "tsv", "Tsv", "txt", "TXT"])
def test_a_file(tmp_path, ending):
    path = tmp_path / f"table.{ending}"
    path.write_text("/,a,b\na,a,b\nb,b,a\n")
    assert operation_named(str(path)) == Given(("a", "b"), ("a", "b"), ("a", "b"), ((0, 1), (1, 0)), "/", "table")


def test_what_is_not_known_is_refused_with_the_nearest_name():
    with pytest.raises(InvalidSetting, match=r"^`divsion` is not a known operation. Did you mean `division`\?$"):
        operation_named("divsion")
    with pytest.raises(
        InvalidSetting, match=r"^`\?` is not a known operation. Known: addition, .*S5.*\.csv, \.tsv or \.txt\.$"
    ):
        operation_named("?")
    with pytest.raises(InvalidSetting, match="5040"):
        operation_named("S7")
    with pytest.raises(InvalidTable, match=r"^`none.csv` must be a file, got no such file\. Check its path\.$"):
        operation_named("none.csv")


def test_a_file_of_another_kind_is_told_from_a_misspelt_word(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, ending in (("mine.xlsx", ".xlsx"), ("mine.dat", ".dat"), ("mine", "no ending")):
        (tmp_path / name).touch()
        with pytest.raises(InvalidTable, match=rf"^`{name}` must be a path ending in .csv.*, got {ending}\. Save it"):
            operation_named(name)
    for text in ("x\0y", "x" * 300, "", ".", "/dev/null"):
        with pytest.raises(InvalidSetting, match="is not a known operation"):
            operation_named(text)
