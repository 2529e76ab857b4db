import numpy as np
import pytest

from groklab.errors import InvalidSetting
from groklab.tasks import Group
from groklab.tasks.group import group_table, order

ORDERS = {
    "Z1": 1, "Z97": 97, "C12": 12, "D1": 2, "D2": 4, "D4": 8, "S1": 1, "S3": 6, "S5": 120, "A1": 1, "A2": 1, "A3": 3,
    "A4": 12, "A5": 60, "Q8": 8, "Q16": 16, "Q32": 32, "Q12": 12, "Z2xS3": 12, "Z2xS3xD4": 96,
}  # fmt: skip


def orders_of_elements(name):
    product = group_table(name).product
    power, counts = np.arange(len(product)), np.ones(len(product), int)
    for _ in range(len(product)):
        counts += power != 0
        power = np.where(power == 0, 0, product[power, np.arange(len(product))])
    return sorted(counts.tolist())


@pytest.mark.parametrize("name", ORDERS)
def test_the_laws_of_groups(name):
    symbols, product = group_table(name)
    everyone = np.arange(len(symbols))
    assert len(symbols) == len(set(symbols)) == ORDERS[name] == order(name)
    assert np.array_equal(product[0], everyone)
    assert np.array_equal(product[:, 0], everyone)
    assert np.array_equal(np.sort(product, axis=1), np.broadcast_to(everyone, product.shape))
    assert np.count_nonzero(product == 0) == len(symbols)
    some = everyone[:: max(1, len(symbols) // 40)]
    assert np.array_equal(
        product[product[np.ix_(some, some)]][:, :, some], product[some][:, product[np.ix_(some, some)]]
    )


def test_orders_of_elements_by_hand():
    assert orders_of_elements("Z6") == [1, 2, 3, 3, 6, 6]
    assert orders_of_elements("S3") == orders_of_elements("D3") == [1, 2, 2, 2, 3, 3]
    assert orders_of_elements("D4") == [1, 2, 2, 2, 2, 2, 4, 4]
    assert orders_of_elements("Q8") == [1, 2, 4, 4, 4, 4, 4, 4]
    assert orders_of_elements("Z2xZ3") == orders_of_elements("Z6")
    assert [orders_of_elements("A5").count(n) for n in (1, 2, 3, 5)] == [1, 15, 20, 24]


@pytest.mark.parametrize("name", ["Q8", "Q16", "Q32"])
def test_a_quaternion_group_has_one_element_of_order_2(name):
    assert orders_of_elements(name).count(2) == 1


def test_quaternions_by_hand():
    symbols, product = group_table("Q8")
    times = {(x, y): symbols[product[i, j]] for i, x in enumerate(symbols) for j, y in enumerate(symbols)}
    assert [times["i", "j"], times["j", "k"], times["k", "i"]] == ["k", "i", "j"]
    assert [times["j", "i"], times["i", "i"], times["-1", "k"]] == ["-k", "-1", "-k"]


def test_a_product_of_groups_multiplies_side_by_side():
    symbols, product = group_table("Z2xS3")
    assert symbols[:2] == ("0.012", "0.021")
    x, y = symbols.index("1.021"), symbols.index("1.102")
    assert symbols[product[x, y]] == "0." + group_symbol("S3", "021", "102")


def group_symbol(name, x, y):
    symbols, product = group_table(name)
    return symbols[product[symbols.index(x), symbols.index(y)]]


@pytest.mark.parametrize(("form", "answer"), [("xy", "42310"), ("xyx^-1", "40213"), ("xyx", "43012")])
def test_forms_on_s5(form, answer):
    cells = Group(form=form).cells()
    x, y = cells.left.index("21304"), cells.right.index("12430")
    assert cells.answers[cells.values[x, y]] == answer


def test_the_first_permutation_is_applied_first():
    # c[i] = b[a[i]] with a = 120 and b = 102.
    assert group_symbol("S3", "120", "102") == "021"
    assert group_symbol("S3", "102", "120") == "210"


@pytest.mark.parametrize(("form", "symmetric"), [("xy", 5.8), ("xyx^-1", 2.5), ("xyx", 4.2)])
def test_size_symmetry_and_commonest_answer_of_s5(form, symmetric):
    cells = Group(form=form).cells()
    assert cells.values.size == 14400
    assert len(np.unique(cells.values)) == 120
    assert 100 * np.mean(cells.values == cells.values.T) == pytest.approx(symmetric, abs=0.1)
    assert np.bincount(cells.values.ravel()).max() / 144 == pytest.approx(0.83, abs=0.01)


def test_the_largest_groups_are_built():
    assert Group(group="S6").cells().values.shape == (720, 720)
    assert Group(group="Z2xZ2xZ256").cells().values.shape == (1024, 1024)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"group": "S7"}, ("`group`", "1024", "S7", "5040")),
        ({"group": "Z1025"}, ("`group`", "1024", "1025")),
        ({"group": "A7xZ2"}, ("`group`", "1024", "5040")),
        ({"group": "S999999999"}, ("`group`", "1024", "too many")),
        ({"group": "x".join(["Z999999999"] * 500 + ["S21"])}, ("`group`", "1024", "too many")),
        ({"group": "Q6"}, ("`group`", "divisible by 4", "Q6")),
        ({"group": "Q4"}, ("`group`", "at least 8", "Q4")),
        ({"group": "s5"}, ("`s5`", "Did you mean `S5`?")),
        ({"group": "monster"}, ("`monster`", "Known", "S5")),
        ({"group": "S5x"}, ("`S5x`", "group")),
        ({"group": "Z0"}, ("`Z0`", "group")),
        ({"group": 5}, ("`group`", "str", "5")),
        ({"form": "yx"}, ("`form`", "xyx", "'yx'")),
    ],
)
def test_refusals(settings, words):
    with pytest.raises(InvalidSetting) as error:
        Group(**settings)
    assert "\n" not in str(error.value)
    assert all(word in str(error.value) for word in words)
