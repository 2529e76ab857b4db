import jax
import pytest

from groklab.errors import InvalidSetting
from groklab.settings import Settings, setting, unknown


class Part(Settings):
    rate: float = setting(0.5, "a rate", above=0, below=1)
    count: int = setting(2, "a count", at_least=1)
    word: str = setting("red", "a word", choices=("red", "green"))
    is_on: bool = setting(False, "a switch")
    either: int | str = setting("auto", "either")


def test_floats_are_leaves_and_all_else_is_static():
    assert jax.tree.leaves(Part()) == [0.5]
    assert jax.tree.structure(Part(rate=0.1)) == jax.tree.structure(Part(rate=0.2))
    assert jax.tree.structure(Part(count=1)) != jax.tree.structure(Part(count=2))


def test_a_whole_number_is_fine_for_a_float():
    class Loose(Settings):
        rate: float = setting(0.5, "a rate")

    assert Loose(rate=3).rate == 3.0
    assert isinstance(Loose(rate=3).rate, float)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rate": 30.0}, "`rate` must be above 0 and below 1, got 30. Did you mean 0.3?"),
        ({"rate": -0.1}, "`rate` must be above 0 and below 1, got -0.1."),
        ({"rate": "x"}, "`rate` must be of type float, got 'x'."),
        ({"count": 0}, "`count` must be at least 1, got 0."),
        ({"count": 1.5}, "`count` must be of type int, got 1.5."),
        ({"count": True}, "`count` must be of type int, got True."),
        ({"word": "gren"}, "`word` must be one of red, green, got 'gren'. Did you mean 'green'?"),
        ({"either": 1.5}, "`either` must be of type int | str, got 1.5."),
        ({"rat": 0.1}, "`rat` is not a setting of Part. Did you mean `rate`?"),
    ],
)
def test_a_broken_rule_is_one_sentence(changes, words):
    with pytest.raises(InvalidSetting) as caught:
        Part().replace(**changes)
    assert str(caught.value) == words


def test_nan_is_in_no_range():
    with pytest.raises(InvalidSetting):
        Part(rate=float("nan"))


def test_an_unknown_name_far_from_all_lists_them():
    assert unknown("thing", "zzz", ["alpha", "beta"]) == "`zzz` is not a thing. Known: alpha, beta."
