import pytest

from groklab.errors import InvalidSetting
from groklab.models import MLP, Transformer
from groklab.tasks import Group
from groklab.training import Plan, Record, sweep_from
from groklab.training.overrides import ABBREVIATIONS, ALIASES, KIND_NAMES, canonical, settings_of
from groklab.training.presets import MAINLINE


def only(*overrides, task=None):
    (plan,) = sweep_from(task, overrides).plans()
    return plan


def test_last_parts_and_full_names_mean_the_same():
    plan = only("fraction=0.4", "optimizer.weight_decay=0.3", "p=59", "steps=7", "tied=true", task="addition")
    assert (plan.task.fraction, plan.optimizer.weight_decay, plan.task.operation.p) == (0.4, 0.3, 59)
    assert (plan.steps, plan.model.tied) == (7, True)


def test_a_setting_has_one_canonical_name():
    plan = only(task="addition")
    for names, whole in (
        (["weight_decay", "optimizer.weight_decay"], "optimizer.weight_decay"),
        (["operation", "task.operation"], "task.operation"),
        (["rule"], "optimizer.rule"),
        (["p"], "task.operation.p"),
        (["seed"], "seed"),
        (["model"], "model"),
    ):
        assert {canonical(plan, name) for name in names} == {whole}
    with pytest.raises(InvalidSetting):
        canonical(plan, "wd")


def test_numbers_may_be_written_as_people_do():
    assert only("steps=1e4").steps == 10_000
    assert only("batch_size=1e2").batch_size == 100
    assert only("fraction=40%").task.fraction == 0.4


def test_a_setting_of_another_kind_is_told_from_a_slip():
    with pytest.raises(InvalidSetting) as caught:
        only("model=mlp", "heads=4")
    words = "`heads` is not a setting of MLP, only of Transformer. Leave it out, or choose another `model`."
    assert str(caught.value) == words
    with pytest.raises(InvalidSetting, match=r"^`p` is not a setting of Group, only of Modular\."):
        only("p=97", task="S3")
    with pytest.raises(InvalidSetting, match=r"^`p` is not a setting of DigitAddition, only of Modular\."):
        only("p=97", task="digits")
    with pytest.raises(InvalidSetting, match=r"^`trigrams` is not a setting of BinaryTable, only of SkipTrigrams\."):
        only("trigrams=3")


def test_abbreviations_stand_for_settings_that_there_are():
    known = {path.rsplit(".", 1)[-1] for path, _ in settings_of(Plan())}
    assert set(ABBREVIATIONS.values()) <= {*known, *KIND_NAMES, *ALIASES}
    assert not known & set(ABBREVIATIONS)


def test_seed_sets_all_three():
    assert only("seed=4").seeds.__dict__ == {"init": 4, "split": 4, "order": 4}
    assert only("seeds.init=4").seeds.__dict__ == {"init": 4, "split": 0, "order": 0}


def test_kinds_by_word_come_first_whatever_the_order():
    plan = only("hidden=32", "model=mlp", "optimizer.weight_decay=2", "optimizer=adam")
    assert isinstance(plan.model, MLP)
    assert plan.model.hidden == 32
    assert plan.optimizer.weight_decay == 2.0
    assert only("optimizer=sgd", "optimizer.rule=momentum", "momentum=0.9").optimizer.rule.momentum == 0.9


def test_a_model_of_the_kind_that_is_there_already_stays_as_it_is():
    assert only("model=transformer", task="mainline") == MAINLINE
    assert only("model=mlp", task="mainline").model == MLP()
    for order in ("model=mlp,transformer", "model=transformer,mlp"):
        plans = {type(plan.model): plan for plan in sweep_from("mainline", [order, "growth=1.1"]).plans()}
        assert plans[Transformer] == MAINLINE.replace(record=Record(growth=1.1))


def test_several_values_make_several_plans():
    plans = sweep_from("S5", ["weight_decay=0,1", "seed=0..2", "form=xyx"]).plans()
    assert [(plan.optimizer.weight_decay, plan.seeds.init) for plan in plans] == [
        (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)
    ]  # fmt: skip
    assert plans[0].task.operation == Group("S5", "xyx")


def test_a_batch_size_is_a_number_or_a_word():
    assert only("batch_size=64").batch_size == 64
    assert only("batch_size=full").batch_size == "full"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lr=0.1", "`lr` is not a setting. Did you mean `learning_rate`?"),
        ("WD=0.1", "`WD` is not a setting. Did you mean `weight_decay`?"),
        ("bs=4", "`bs` is not a setting. Did you mean `batch_size`?"),
        ("epochs=4", "`epochs` is not a setting. Did you mean `steps`?"),
        ("optimizer=adan", "`adan` is not an optimizer. Did you mean `adam`?"),
        ("momentum=0.9", "`momentum` is not a setting of Adam, only of Momentum."),
        ("seed=-1", "`seed` must be at least 0 and below 2147483648, got -1."),
        ("seed=many", "`seed` must be a whole number, got 'many'."),
        ("init=-1", "`init` must be at least 0 and below 2147483648, got -1."),
        ("steps=nan", "`steps` must be a whole number, got 'nan'."),
        ("steps=inf", "`steps` must be a whole number, got 'inf'."),
        ("fraction=%", "`fraction` must be a number, got '%'."),
        ("fraction=400%", "`fraction` must be above 0 and below 1, got 4."),
        ("fracton=0.4", "`fracton` is not a setting. Did you mean `fraction`?"),
        ("optimiser.b1=1", "`optimiser.b1` is not a setting. Did you mean"),
        ("fraction=abc", "`fraction` must be a number, got 'abc'."),
        ("steps=1.5", "`steps` must be a whole number, got '1.5'."),
        ("tied=yes", "`tied` must be true or false, got 'yes'."),
        ("fraction", "`fraction` must have the form name=value"),
        ("fraction=", "`fraction=` must have the form name=value"),
        ("seed=4..1", "`seed` must range upwards, got 4..1. Try 1..4."),
        ("model=trasformer", "`trasformer` is not a model. Did you mean `transformer`?"),
        ("fraction=30", "`fraction` must be above 0 and below 1, got 30. Did you mean 0.3?"),
    ],
)
def test_a_slip_is_one_sentence(text, words):
    with pytest.raises(InvalidSetting) as caught:
        only(text)
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
