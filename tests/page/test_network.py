"""What is shown of a network at a step, held against the run's own record and against mathematics."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from page.served import unpacked

import groklab as gl
from groklab.errors import InvalidSetting, RunMissing
from groklab.naming import word_of
from groklab.page import planes
from groklab.page.entry import entry_of
from groklab.page.network import Network
from groklab.page.workshop import Workshop
from groklab.runner import execute
from groklab.store import Store
from groklab.training import sweep_from


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Return short runs of both networks, with the weights that they kept on the way."""
    store = Store(str(tmp_path_factory.mktemp("networks") / "runs"))
    small = ["p=7", "fraction=0.8", "growth=1.5", "snapshots=2", "learning_rate=0.01", "steps=60"]
    words = {
        "mlp": ["addition", *small, "model=mlp", "width=8", "hidden=16"],
        "one-hot": ["division", *small, "model=mlp", "inputs=one-hot", "hidden=16"],
        "transformer": ["mainline", *small, "width=8", "heads=2"],
        "digits": ["teacher-student", "steps=10", "growth=1.5"],
    }
    plans = {name: sweep_from(first, rest).plans()[0] for name, (first, *rest) in words.items()}
    return dict(zip(plans, execute(list(plans.values()), store), strict=True))


@pytest.mark.parametrize("kind", ["mlp", "one-hot", "transformer"])
def test_the_answers_of_the_last_step_are_those_that_the_run_kept(runs, kind):
    run = runs[kind]
    network = Network(run)
    arrays, about = run.checkpoint()
    assert network.steps()[-1] == about["step"]
    for step, name in ((about["step"], "end"), (0, "start")):
        moment = network.at(step)
        np.testing.assert_array_equal(unpacked(moment["answers"]), arrays[f"predictions.{name}"][:, 0])


def test_the_accuracy_of_every_kept_step_is_that_recorded(runs):
    run = runs["mlp"]
    network, columns = Network(run), run.metrics()
    plan = gl.plan_of(run)
    examples = plan.task.examples(seed=plan.seeds.split)
    validation = examples.order[examples.train_size : examples.known_size]
    assert len(network.steps()) > 5
    for step in network.steps():
        answers = unpacked(network.at(step)["answers"])
        found = (answers == examples.targets[:, 0])[validation].mean()
        assert found == pytest.approx(columns["validation_accuracy"][columns["step"] == step][0], abs=1e-6)


@pytest.mark.parametrize("kind", ["one-hot", "transformer"])
def test_a_table_that_is_looked_at_in_parts_is_the_same(runs, kind, monkeypatch):
    whole = Network(runs[kind]).at(60)
    monkeypatch.setattr("groklab.page.network.ROWS_AT_ONCE", 5)
    parts = Network(runs[kind]).at(60)
    np.testing.assert_array_equal(unpacked(parts["answers"]), unpacked(whole["answers"]))
    is_plain = np.hypot(*unpacked(whole["neurons"]["points"]).T) > 0.6  # of the others two frequencies may be as strong
    assert is_plain.sum() > 3
    for name in ("frequency", "points"):
        found, wanted = (unpacked(each["neurons"][name])[is_plain] for each in (parts, whole))
        np.testing.assert_allclose(found, wanted, atol=1e-4)
    for one, other in zip(parts["attention"], whole["attention"], strict=True):
        np.testing.assert_allclose(unpacked(one["mean"]), unpacked(other["mean"]), atol=1e-6)


def test_the_spectrum_is_that_of_the_measure(runs):
    run = runs["transformer"]
    measured = gl.measured(run, gl.measures.Spectrum())
    network = Network(run)
    for step in (0, 60):
        found = unpacked(network.at(step)["embedding"]["spectrum"])
        wanted = [measured[f"embedding_norm.{k}"].sel(step=step).item() for k in (1, 2, 3)]
        np.testing.assert_allclose(found, wanted, rtol=1e-4)


def test_attention_is_a_share_and_its_means_are_rows_of_one(runs):
    moment = Network(runs["transformer"]).at(60)
    (block,) = moment["attention"]
    mean, cells = unpacked(block["mean"]), unpacked(block["cells"])
    assert mean.shape == (2, 3, 3)
    np.testing.assert_allclose(mean.sum(-1), 1, rtol=1e-5)
    assert cells.shape == (2, 7, 7)
    plan, weights = gl.plan_of(runs["transformer"]), jax.tree.map(jnp.asarray, gl.weights_at(runs["transformer"]))
    examples = plan.task.examples(seed=plan.seeds.split)
    seen = {}
    plan.model.plain_logits(weights, jnp.asarray(examples.inputs), examples.shape, hook=seen.__setitem__)
    pattern = np.asarray(seen["blocks.0.attn.hook_pattern"])[3 * 7 + 5, 1, -1]  # of x = 3, y = 5, head 1
    assert cells[1, 3, 5] == pytest.approx(255 * pattern[0] / (pattern[0] + pattern[1]), abs=0.51)


def test_symbols_of_products_lie_in_the_order_of_their_logarithms(runs):
    network = Network(runs["one-hot"])
    assert network.symbols == ["1", "3", "2", "6", "4", "5"]  # the powers of 3 modulo 7
    assert unpacked(network.at(0)["neurons"]["frequency"]).shape == (16,)


def test_what_learns_no_table_is_refused_in_a_sentence_and_has_no_moments(runs):
    with pytest.raises(InvalidSetting, match="must be a transformer or an mlp that learns a table"):
        Network(runs["digits"])
    entry = entry_of(runs["digits"], "k", 1.0)
    found = Workshop().moments(entry)
    assert found["steps"] == []
    assert "that learns a table" in found["trouble"]


def test_a_step_that_was_not_kept_is_refused_with_the_nearest(runs):
    with pytest.raises(RunMissing, match=r"got 55\. The nearest that are: step 60"):
        Network(runs["mlp"]).at(55)


def test_measuring_from_the_page_writes_nothing(runs):
    run = runs["transformer"]
    before = sorted(run.folder.names())
    entry = entry_of(run, "k", 1.0)
    workshop = Workshop()
    found = workshop.measured(entry, "distance")
    assert unpacked(found["columns"]["step"]).tolist() == Network(run).steps()
    assert sorted(run.folder.names()) == before
    with pytest.raises(InvalidSetting, match=r"`spectrun` is not a measure\. Did you mean `spectrum`\?"):
        workshop.measured(entry, "spectrun")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mlp", "transformer", "digits"])
def test_every_measure_that_is_offered_is_accepted_and_no_other(runs, kind):
    entry, workshop = entry_of(runs[kind], "k", 1.0), Workshop()
    offered = workshop.measures(entry)
    assert {"accuracy", "weight-norm", "curvature"} <= set(offered)
    assert ("progress" in offered) == (kind == "transformer")
    for name in offered if kind == "mlp" else {"progress"} & set(offered):  # each takes a while to compile
        assert len(workshop.measured(entry, name)["columns"]) > 1
    for name in {word_of(measure.__name__) for measure in gl.measures.KINDS} - set(offered):
        with pytest.raises(InvalidSetting):
            workshop.measured(entry, name)


def test_the_command_makes_the_run_and_the_other_keeps_its_weights(runs):
    found = Workshop().commands(entry_of(runs["mlp"], "k", 1.0))
    assert found["makes"].startswith("groklab run addition model=mlp")
    assert "snapshots=2" in found["makes"]
    assert "snapshots=1.2" in found["keeps"]


def on_circle(n, k, noise=0.0):
    x = np.arange(n)
    drawn = np.random.default_rng(0)
    directions = np.linalg.qr(drawn.normal(size=(12, 2)))[0]
    waves = np.stack([np.cos(2 * np.pi * k * x / n), np.sin(2 * np.pi * k * x / n)], 1)
    return waves @ directions.T + noise * drawn.normal(size=(n, 12))


@pytest.mark.parametrize(("n", "k"), [(23, 4), (12, 5), (24, 1)])
def test_symbols_on_a_circle_are_shown_on_one_of_radius_one_in_their_order(n, k):
    plane = planes.planes_of(on_circle(n, k, noise=1e-3), is_residues=True)[0]
    assert plane.frequency == k
    points = plane.points(on_circle(n, k))
    np.testing.assert_allclose(np.hypot(*points.T), 1, rtol=1e-2)
    turns = np.unwrap(np.arctan2(*points.T[::-1]))[1:] - np.unwrap(np.arctan2(*points.T[::-1]))[:-1]
    np.testing.assert_allclose(
        np.abs(turns) % (2 * np.pi), min(2 * np.pi * k / n, 2 * np.pi - 2 * np.pi * k / n), atol=0.05
    )


def test_other_symbols_are_shown_in_their_leading_directions():
    vectors = np.zeros((9, 5))
    vectors[:, 3] = np.arange(9)
    (plane,) = planes.planes_of(vectors, is_residues=False)
    points = plane.points(vectors)
    assert plane.frequency == 0
    np.testing.assert_allclose(np.abs(np.diff(points[:, 0])), np.abs(np.diff(points[:, 0]))[0], rtol=1e-6)
    np.testing.assert_allclose(points[:, 1], 0, atol=1e-9)


def test_a_neuron_of_one_frequency_lies_on_the_circle_at_its_phase():
    x = np.arange(11)
    neurons = np.stack([np.cos(2 * np.pi * 3 * x / 11), np.sin(2 * np.pi * 5 * x / 11) + 2, np.zeros(11)], 1)
    frequency, points = planes.clusters(neurons)
    assert frequency[:2].tolist() == [3, 5]
    np.testing.assert_allclose(points[0], [1, 0], atol=1e-9)
    np.testing.assert_allclose(points[1], [0, -1], atol=1e-9)
    np.testing.assert_array_equal(points[2], [0, 0])


def test_the_norm_of_a_frequency_is_that_of_its_cosine_and_sine_together():
    found = planes.spectrum(on_circle(23, 4))
    assert found.argmax() == 3
    assert found[3] == pytest.approx(np.sqrt(23))  # of two waves of norm √(23/2)
    assert np.delete(found, 3).max() < 1e-9
    for n in (8, 9):
        vectors = np.random.default_rng(1).normal(size=(n, 3))
        energy = np.square(planes.centred(vectors)).sum()
        assert np.square(planes.spectrum(vectors)).sum() == pytest.approx(energy)


def test_neighbours_stay_together_in_t_sne():
    vectors = (
        np.concatenate([np.zeros((6, 4)), np.full((6, 4), 5.0)]) + np.random.default_rng(2).normal(size=(12, 4)) / 10
    )
    (plane,) = planes.planes_of(vectors, is_residues=False)
    points = planes.neighbours(vectors, plane.points(vectors))
    centres = points[:6].mean(0), points[6:].mean(0)
    spread = max(np.hypot(*(points[:6] - centres[0]).T).max(), np.hypot(*(points[6:] - centres[1]).T).max())
    assert np.hypot(*(centres[0] - centres[1])) > 1.5 * spread
