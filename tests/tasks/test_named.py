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


def test_a_file(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("/,a,b\na,a,b\nb,b,a\n")
    assert operation_named(str(path)) == Given(("a", "b"), ("a", "b"), ("a", "b"), ((0, 1), (1, 0)), "/", "table")


def test_what_is_not_known_is_refused_with_the_nearest_name():
    with pytest.raises(InvalidSetting, match=r"^`divsion` is not a known operation. Did you mean `division`\?$"):
        operation_named("divsion")
    with pytest.raises(InvalidSetting, match=r"^`\?` is not a known operation. Known: addition, .*S5.*\.csv\.$"):
        operation_named("?")
    with pytest.raises(InvalidSetting, match="5040"):
        operation_named("S7")
    with pytest.raises(InvalidTable, match=r"^`none.csv` must be a file, got no such file\. Check its path\.$"):
        operation_named("none.csv")
