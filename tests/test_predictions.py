"""What theory says of plans, and of which it says nothing."""

import numpy as np
import pytest

from groklab.cli import main
from groklab.errors import InvalidSetting
from groklab.predictions import predict
from groklab.theory import LinearStudent, times
from groklab.training import sweep_from, train


def plan(*overrides):
    (found,) = sweep_from("linear-teacher", [*overrides]).plans()
    return found


def test_a_linear_student_is_foretold():
    found = predict(plan("inputs=1000", "size=1111", "steps=100"))
    known = times(LinearStudent(1000 / 1111), 1e-3)
    assert (found.memorized_at, found.generalized_at) == pytest.approx(
        (float(known.memorized_at), float(known.generalized_at))
    )
    assert list(found.columns) == ["step", *(f"{p}_{q}" for p in ("train", "validation") for q in ("loss", "accuracy"))]
    assert found.columns["train_loss"][0] == pytest.approx(1, rel=1e-3)
    assert found.columns["step"][-1] == 100


def test_decay_is_divided_by_outputs_as_in_the_paper():
    found = predict(plan("outputs=4", "weight_decay=0.0005"))
    known = times(LinearStudent(400 / 444, 0.002, 4), 1e-3)
    assert found.generalized_at == pytest.approx(float(known.generalized_at))


def test_it_is_about_what_a_run_does(tmp_path):
    from groklab.runner import execute
    from groklab.store import Store

    one = plan("inputs=60", "size=200", "steps=400")
    (run,) = execute([one], Store(str(tmp_path)))
    seen, said = run.metrics(), predict(one).columns
    assert list(seen["step"]) == list(said["step"])
    assert np.abs(np.log(seen["train_loss"][:40] / said["train_loss"][:40])).max() < 0.7


@pytest.mark.parametrize(
    "overrides",
    [
        ["curve", "degree=30", "weight_decay=0.001", "steps=300"],
        ["linear-teacher", "model=random-features", "features=30", "inputs=5", "size=20", "outputs=2", "alpha=2"],
        ["curve", "model=random-features", "features=50", "activation=tanh", "size=10", "validation=30"],
    ],
)
def test_a_linear_map_of_features_is_foretold_to_rounding(overrides):
    (one,) = sweep_from(overrides[0], [*overrides[1:], "learning_rate=0.02", "tolerance=0.05"]).plans()
    one = one.replace(steps=300)
    seen, said = train(one).dataset, predict(one).columns
    for name in ("train_loss", "validation_loss"):
        np.testing.assert_allclose(seen[name].values, said[name], rtol=1e-9)
    for name in ("train_accuracy", "validation_accuracy"):
        np.testing.assert_allclose(seen[name].values, said[name], atol=1e-12)


def test_features_are_followed_beyond_the_run():
    (one,) = sweep_from("curve", ["degree=19", "tolerance=0.1", "steps=100", "noise=0"]).plans()
    at = predict(one).memorized_at
    assert at > 100
    longer = one.replace(steps=int(1.03 * at))
    assert train(longer).milestones.memorized_at == pytest.approx(at, rel=0.03)
    assert np.isinf(predict(one.replace(model=one.model.replace(degree=0))).memorized_at)


def test_two_layers_and_noise():
    both = predict(plan("depth=1", "task.hidden=50", "model.hidden=50", "outputs=5", "tolerance=1e-4"))
    assert both.columns["validation_loss"][0] == pytest.approx(1 / (2 * 50 * 5), rel=1e-2)
    assert both.generalized_at > 5 * both.memorized_at
    assert np.isnan(predict(plan("noise=0.5")).generalized_at)


def test_a_quadratic_network_has_weights_but_no_time():
    (found,) = sweep_from("quadratic", ["p=13", "hidden=200"]).plans()
    said = predict(found)
    assert said.theory.startswith("weights in closed form tell 100.0% of the whole table")
    assert np.isnan(said.memorized_at)
    assert not said.columns


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        (["batch_size=32"], "batch_size=full"),
        (["optimizer=adam"], "optimizer=sgd"),
        (["learning_rate=3"], "learning_rate below 0.263"),
        (["momentum=0.9"], "without momentum"),
        (["weight_decay=0.1", "decay=initialization"], "decay=origin"),
        (["warmup=paper"], "warmup=none"),
        (["update_noise=0.1"], "update_noise=0"),
        (["filter=clipped"], "filter=unfiltered"),
        (["depth=1", "task.hidden=50", "outputs=5", "learning_rate=14"], "learning_rate below 13.2"),
        (["depth=2"], "one layer of a teacher of one"),
        (["depth=1"], "one layer of a teacher of one"),
    ],
)
def test_what_no_theory_covers_is_told_so_in_one_sentence(overrides, words):
    with pytest.raises(InvalidSetting, match="theory covers this task and model only with") as refused:
        predict(plan(*overrides))
    assert words in str(refused.value)


def test_other_tasks_have_no_theory(capsys):
    assert main(["predict", "division"]) == 1
    assert capsys.readouterr().err == (
        "groklab: no theory here covers division with this model. Known: linear-teacher (with model bias-free), "
        "quadratic, curve, and model=random-features on numbers.\n"
    )
    assert main(["predict", "quadratic", "operation=division"]) == 1
    assert "only with addition or subtraction modulo p" in capsys.readouterr().err


def test_the_command_draws_one_and_lists_several(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["predict", "linear-teacher", "--out", "theory.png"]) == 0
    assert (tmp_path / "theory.png").stat().st_size > 10_000
    assert main(["predict", "linear-teacher", "size=4000,300"]) == 0
    said = capsys.readouterr().out
    assert "never" in said
    assert said.count("figure") == 1


def test_a_run_is_drawn_with_theory_over_it(tmp_path, monkeypatch):
    from groklab.plots import picture

    drawn = []
    original = picture.draw_theory
    monkeypatch.setattr(picture, "draw_theory", lambda *given: drawn.append(given[2]) or original(*given))
    store = ["--store", str(tmp_path)]
    assert main(["run", "linear-teacher", "inputs=20", "size=40", "--steps", "50", "--seed", "0..1", *store]) == 0
    assert len(drawn) == 1
    assert main(["run", "linear-teacher", "inputs=20", "size=40", "batch_size=8", "--steps", "5", *store]) == 0
    assert len(drawn) == 1
