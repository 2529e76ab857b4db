import itertools
import json

import jax
import pytest
from kinds import MODELS, OPTIMIZERS, TASKS, small_plan

from groklab.errors import GroklabError, InvalidSetting
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan, Record, Seeds, decode, encode, prepare

PLANS = [
    *(small_plan(task=task) for task in TASKS),
    *(small_plan(model=model) for model in MODELS),
    *(small_plan(optimizer=optimizer) for optimizer in OPTIMIZERS),
]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.id)
def test_a_plan_comes_back_from_json_with_its_id(plan):
    again = decode(json.loads(json.dumps(encode(plan))))
    assert again.id == plan.id
    assert jax.tree.structure(again) == jax.tree.structure(plan)


def test_ids_tell_plans_apart():
    assert len({plan.id for plan in PLANS}) == len(PLANS) - 1  # the default optimizer and model stand twice
    assert Plan().id == Plan().id
    assert Plan(seeds=Seeds(order=1)).id != Plan().id


def test_recorded_steps_grow_by_the_ratio():
    steps = Record(growth=1.02).steps(10_000)
    assert steps[:4] == [0, 1, 2, 3]
    assert steps[-1] == 10_000
    assert all(later - step == 1 or later <= 1.02 * step + 1 for step, later in itertools.pairwise(steps[1:]))
    assert Record(growth=2.0).steps(9) == [0, 1, 2, 4, 8, 9]


def test_no_two_recorded_steps_are_further_apart_than_asked():
    assert Record(growth=2.0, every=3).steps(12) == [0, 1, 2, 4, 7, 10, 12]
    for record in (Record(growth=1.02, every=20), Record(growth=1.001, every=7), Record(every=3), Record(growth=1.1)):
        assert len(record.steps(10_000)) == pytest.approx(record.count(10_000), rel=0.15)


@pytest.mark.parametrize(("train_size", "size"), [(470, 235), (2352, 512), (471, 236), (1024, 512)])
def test_the_batch_is_512_or_half(train_size, size):
    assert Plan().batch_of(train_size) == size


def test_other_batch_sizes():
    assert Plan(batch_size="full").batch_of(77) == 77
    assert Plan(batch_size=5).batch_of(77) == 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps": 0}, "`steps` must be at least 1, got 0."),
        (
            {"batch_size": "some"},
            "`batch_size` must be a whole number of at least 1, full, or 512-or-half, got 'some'.",
        ),
        ({"batch_size": 0}, "`batch_size` must be a whole number of at least 1, full, or 512-or-half, got 0."),
        ({"seeds": 3}, "`seeds` must be of type Seeds, got 3."),
    ],
)
def test_a_broken_plan_is_one_sentence(changes, words):
    with pytest.raises(InvalidSetting) as caught:
        Plan().replace(**changes)
    assert str(caught.value) == words


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(GroklabError, match="`batch_size` must be at most the training set's size, got 99"):
        prepare(small_plan(task=BinaryTable(Modular("addition", 7)), batch_size=99))


def test_json_of_an_unknown_kind_is_refused():
    with pytest.raises(InvalidSetting, match=r"`Modulo` is not a kind of settings\. Did you mean `Modular`"):
        decode({"kind": "Modulo"})
