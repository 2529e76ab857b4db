import json

import numpy as np
import pytest
from finite import apart, formula, renamed, spoilt, table

import groklab as gl
from groklab.algebra import Table, families
from groklab.errors import InvalidTable
from groklab.rules import sources
from groklab.rules.filled import text_of, write
from groklab.rules.rule import CONSISTENT, MAX_SIDE, NEARLY, NONE, PROVED
from groklab.rules.words import confidence, group_in_words, kind_in_words

S4 = families.permutations(4)


def test_a_whole_table_is_proved_and_its_labels_show_it():
    found = gl.rule(renamed(S4))
    assert (found.name, found.kind, found.group, found.status) == ("S4", "group", "S4", PROVED)
    assert found.agreement == 1
    assert found.exceptions == found.blanks == ()
    (labels,) = found.labels
    group = gl.tasks.Group("S4").cells()
    words = {symbol: at for at, symbol in enumerate(group.answers)}
    at = np.array([words[labels[str(x)]] for x in range(24)])
    assert np.array_equal(at[renamed(S4)], group.values[np.ix_(at, at)])


def test_blanks_are_conditional_and_mistakes_are_told():
    found = gl.rule(spoilt(renamed(S4), blank=0.2))
    assert found.status == CONSISTENT
    assert len(found.blanks) == 115
    assert all(int(cell.by_rule) == renamed(S4)[int(cell.left), int(cell.right)] for cell in found.blanks)
    assert "no proof" in confidence(found)
    found = gl.rule(spoilt(renamed(S4), wrong=0.03))
    assert found.status == NEARLY
    assert len(found.exceptions) == 17
    assert found.agreement == pytest.approx(559 / 576)
    for cell in found.exceptions:
        assert int(cell.given) != int(cell.by_rule) == renamed(S4)[int(cell.left), int(cell.right)]
    assert "559 of 576" in confidence(found)


def test_a_table_without_a_rule_has_its_laws():
    found = gl.rule(np.random.default_rng(0).integers(6, size=(6, 6)))
    assert (found.name, found.kind, found.status) == ("", NONE, NONE)
    assert found.labels == found.blanks == found.exceptions == ()
    assert found.agreement == 0
    shares = [held.share for held in found.laws]
    assert shares == sorted(shares, reverse=True)
    assert 0 < shares[0] < 1
    assert "none" in repr(found)
    assert confidence(found) == "no rule that holds was found"
    assert np.array_equal(found.filled().values, found.table.values)


def test_cells_too_few_for_any_rule_are_told_from_cells_without_one():
    table = families.cyclic(3)
    table[2, 1] = -1
    assert confidence(gl.rule(table)) == "no rule can be told from chance by so few cells"


def test_a_number_that_only_a_blank_has_is_filled_in():
    plain = tuple(map(str, range(1, 8)))
    values = np.multiply.outer(np.arange(1, 8), np.arange(1, 8))
    answers = tuple(map(str, np.unique(values)[:-1]))
    index = np.array([[answers.index(str(at)) if str(at) in answers else -1 for at in row] for row in values])
    found = gl.rule(Table(plain, plain, answers, index))
    assert found.name == "x y"
    assert [(cell.left, cell.right, cell.by_rule) for cell in found.blanks] == [("7", "7", "49")]
    assert text_of(found).splitlines()[-1] == "7,7,14,21,28,35,42,49"


def test_a_blank_gets_the_symbol_that_a_row_or_column_has():
    left, right = tuple(map(str, range(1, 7))), tuple(map(str, range(1, 13)))
    values = np.add.outer(np.arange(1, 7), np.arange(1, 13)) % 12
    answers = tuple(map(str, range(1, 12)))
    found = gl.rule(Table(left, right, answers, values - 1))
    assert found.name == "x + y mod 12"
    assert {cell.by_rule for cell in found.blanks} == {"12"}


def test_an_answer_from_outside_is_told_as_a_mistake_and_stands_for_nothing():
    names = tuple(f"s{at}" for at in range(24))
    cells = renamed(S4)
    cells[3, 5], cells[7, 7] = 24, -1
    found = gl.rule(Table(names, names, (*names, "typo"), cells))
    assert (found.name, found.status) == ("S4", NEARLY)
    assert [(cell.given, cell.by_rule) for cell in found.exceptions] == [("typo", f"s{renamed(S4)[3, 5]}")]
    assert [cell.by_rule for cell in found.blanks] == [f"s{renamed(S4)[7, 7]}"]
    assert found.filled().answers[found.filled().values[7, 7]] == f"s{renamed(S4)[7, 7]}"
    assert all(set(side) == set(names) for side in found.labels)
    assert found.laws[0].share > 0.9
    assert json.dumps(found.as_dict())


def test_rows_and_columns_without_twins_are_counted():
    assert gl.rule(renamed(S4)).latin == 1
    twice = formula(lambda x, y: x * y, 5)
    assert gl.rule(twice).latin == pytest.approx(8 / 10)


def test_labels_of_three_sides_are_three():
    letters = [tuple(f"{side}{at}" for at in range(9)) for side in "rca"]
    found = gl.rule(Table(*letters, apart(families.cyclic(9))))
    assert [set(side) for side in found.labels] == [set(side) for side in letters]
    assert found.laws == ()
    assert found.structure is None


@pytest.mark.parametrize("source", [
    gl.tasks.Modular("subtraction", 7),
    gl.tasks.BinaryTable(gl.tasks.Modular("subtraction", 7)),
    table(formula(lambda x, y: x - y, 7), map(str, range(7))),
    formula(lambda x, y: x - y, 7),
])  # fmt: skip
def test_whatever_holds_a_table_is_taken(source):
    assert gl.rule(source).name == "x - y mod 7"


def test_a_file_is_taken_and_written_filled_in_its_own_order(tmp_path):
    path = tmp_path / "mine.csv"
    symbols, columns = "dbface", "fadceb"
    whole = ["*," + ",".join(columns)]
    whole += [x + "," + ",".join("abcdef"["abcdef".index(x) + "abcdef".index(y) - 6] for y in columns) for x in symbols]
    path.write_text("\n".join([*whole[:3], whole[3][:-1], *whole[4:]]))
    found = gl.rule(path)
    assert (found.name, found.status) == ("C6", CONSISTENT)
    assert text_of(found).splitlines() == whole
    write(found, str(tmp_path / "whole.tsv"))
    assert (tmp_path / "whole.tsv").read_text() == "\n".join(whole).replace(",", "\t") + "\n"
    with pytest.raises(gl.errors.InvalidSetting, match=r"must end in \.csv"):
        write(found, str(tmp_path / "whole.pdf"))


def test_what_is_no_table_is_refused_in_a_sentence():
    with pytest.raises(InvalidTable, match="square array of whole numbers"):
        gl.rule(np.zeros((2, 3), int))
    with pytest.raises(InvalidTable, match="square array of whole numbers"):
        gl.rule(np.array([[0, 1], [1, 2]]))
    with pytest.raises(InvalidTable, match="square array of whole numbers"):
        gl.rule(np.array(3))
    with pytest.raises(InvalidTable, match="got a float"):
        sources._table(3.0)
    with pytest.raises(InvalidTable, match="at least 2 rows"):
        gl.rule(np.zeros((1, 1), int))
    with pytest.raises(InvalidTable, match=f"at most {MAX_SIDE} rows"):
        gl.rule(families.cyclic(MAX_SIDE + 1))
    with pytest.raises(InvalidTable, match="at least 25% of its cells known"):
        gl.rule(spoilt(families.cyclic(10), blank=0.9))


def test_json_has_everything():
    found = gl.rule(spoilt(renamed(S4), blank=0.1, wrong=0.02))
    known = json.loads(json.dumps(found.as_dict()))
    assert known["name"] == "S4"
    assert known["status"] == NEARLY
    assert len(known["blanks"]) == 58
    assert len(known["exceptions"]) == 12
    assert known["laws"]["associative"] > 0.8
    assert known["network"] is None


def test_rules_are_said_in_words():
    assert kind_in_words(gl.rule(families.dihedral(5))).startswith("the dihedral group")
    assert kind_in_words(gl.rule(formula(lambda x, y: x * y, 7))) == "the group C6 with a zero that absorbs"
    assert group_in_words("C2 × C6").startswith("an abelian group")
    assert group_in_words("SL(2,3)") == "matrices of determinant 1, 2 × 2, modulo 3"
    assert group_in_words("C2 × (C5 ⋊ C4)") == "a group"
