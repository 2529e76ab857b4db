"""Forks of runs: what they have from their parent, and what they have not."""

import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import InvalidSetting
from groklab.models import Transformer
from groklab.optimizers import Clipped, Sphere, adamw, sgd
from groklab.runner import execute, plan_of
from groklab.runner.watch import Watch
from groklab.store import Store
from groklab.store.words import labels, parent_of
from groklab.training import Precision, Seeds, fork, prepare, train
from groklab.training.arrays import to_arrays
from groklab.training.forks import begun, trunk

PLAN = small_plan(steps=40)
KINDS = ("count", "mu", "nu", "updates")


class Listener(Watch):
    def __init__(self):
        self.notes = []

    def note(self, text):
        self.notes.append(text)


def arrays_of(run):
    return run.checkpoint()[0]


def assert_same(one, other):
    """Two runs are equal byte for byte, but for the name that is written in them."""
    for left, right in ((arrays_of(one), arrays_of(other)), (one.metrics(), other.metrics())):
        assert left.keys() == right.keys()
        for name in left.keys() - {"run"}:
            assert left[name].dtype == right[name].dtype
            np.testing.assert_array_equal(left[name], right[name], err_msg=name)


@pytest.mark.parametrize("at", [1, 13, 17, 39])  # 17 is not recorded
def test_a_fork_without_a_change_equals_its_parent_byte_for_byte(tmp_path, at):
    store = Store(str(tmp_path))
    parent, child = (execute([plan], store)[0] for plan in (PLAN, fork(PLAN, at)))
    assert child.name != parent.name
    assert_same(parent, child)
    assert parent.status()["memorized_at"] == child.status()["memorized_at"]


def test_it_is_equal_up_to_the_fork_and_not_beyond(tmp_path):
    store = Store(str(tmp_path))
    parent, child = execute([PLAN, fork(PLAN, 14, weight_decay=0.25, steps=30)], store)
    ours, theirs = child.metrics(), parent.metrics()
    assert list(ours["step"]) == [step for step in theirs["step"] if step < 30] + [30]
    before = ours["step"] <= 14
    for name in ("train_loss", "weight_norm"):
        np.testing.assert_array_equal(ours[name][before], theirs[name][: before.sum()])
    after = (theirs["step"] > 14) & (theirs["step"] < 30)
    assert (ours["weight_norm"][~before][:-1] != theirs["weight_norm"][after]).all()


def test_forks_share_one_trunk_and_one_program(tmp_path):
    store, watch = Store(str(tmp_path)), Listener()
    children = [fork(PLAN, 14, weight_decay=decay) for decay in (0.5, 0.25, 2.0)]
    assert len({trunk(child).id for child in children}) == 1
    runs = execute(children, store, watch=watch)
    assert len(store.runs()) == 4
    assert watch.notes == ["3 runs in 1 compiled program"]
    assert len({float(arrays_of(run)["weights.head"].sum()) for run in runs}) == 3


def test_several_seeds_side_by_side(tmp_path):
    plans = [PLAN.replace(seeds=Seeds(seed, seed, seed)) for seed in range(2)]
    forks = [fork(plan, 14, weight_decay=0.5) for plan in plans]
    wide = execute(forks, Store(str(tmp_path / "wide")), width=2)
    for child, run in zip(forks, wide, strict=True):
        (solo,) = execute([child], Store(str(tmp_path / "solo")))
        np.testing.assert_allclose(run.metrics()["train_loss"], solo.metrics()["train_loss"], rtol=1e-3)


def test_a_fork_of_a_fork_is_what_it_would_be_in_one_go(tmp_path):
    store = Store(str(tmp_path))
    first = fork(PLAN, 10, weight_decay=0.25)
    second = fork(first, 20, learning_rate=3e-3)
    (run,) = execute([second], store)
    assert [stage.until for stage in plan_of(run).before] == [10, 20]
    assert parent_of(run)["run"] == store.run(first.task.name, first.id).name
    same = fork(first, 20)
    assert_same(*execute([first, same], store))
    with pytest.raises(InvalidSetting, match="`at` must be 10 or later, where the run itself was forked, got 9"):
        fork(first, 9)


def test_in_memory_it_is_the_same(tmp_path):
    child = fork(PLAN, 14, weight_decay=0.25, scale=1.5)
    (run,) = execute([child], Store(str(tmp_path)))
    history = train(child)
    np.testing.assert_array_equal(history.dataset.train_loss.values, run.metrics()["train_loss"])
    np.testing.assert_array_equal(np.asarray(history.weights.head), arrays_of(run)["weights.head"])


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, {"count", "mu", "nu", "updates"}),
        ({"optimizer": adamw(filter=Clipped(100.0))}, {"count", "mu", "nu", "updates"}),
        ({"optimizer": adamw(constraint=Sphere())}, {"count", "mu", "nu", "updates"}),
        ({"optimizer": sgd()}, {"updates"}),
        ({"precision": Precision(parameters="float64")}, {"count", "mu", "nu", "updates"}),
    ],
)
def test_what_the_optimizer_remembers_goes_on(tmp_path, changes, kept):
    (run,) = execute([trunk(fork(PLAN, 14))], Store(str(tmp_path)))

    def remembered(**how):
        child = fork(PLAN, 14, **changes, **how)
        state = to_arrays(begun(child, prepare(child)[0], arrays_of(run)))
        return {name: array for name, array in state.items() if name.startswith("optimizer.")}

    def kinds_of(state, holds):
        kinds = {word: [array for name, array in state.items() if f".{word}" in name] for word in KINDS}
        return {
            word for word, arrays in kinds.items() if arrays and all(holds(np.abs(array).sum()) for array in arrays)
        }

    assert kinds_of(remembered(), lambda size: size > 0) == kept
    assert kinds_of(remembered(reset=True), lambda size: size == 0) == kept
    head = [array for name, array in remembered().items() if name.endswith("mu.head")]
    for array in head:
        np.testing.assert_array_equal(array, arrays_of(run)["optimizer.1.mu.head"])


def test_weights_are_scaled_and_data_and_norm_may_change(tmp_path):
    store = Store(str(tmp_path))
    tiny = {"learning_rate": 1e-30, "steps": 15}
    base = arrays_of(execute([fork(PLAN, 14, **tiny)], store)[0])
    twice = arrays_of(execute([fork(PLAN, 14, scale=2.0, **tiny)], store)[0])
    np.testing.assert_allclose(twice["weights.head"], 2 * base["weights.head"], rtol=1e-6)
    (other,) = execute([fork(PLAN, 14, fraction=0.8)], store)
    assert other.is_finished()


def test_what_a_fork_cannot_be_is_told_in_a_sentence():
    for at, words in ((41, "`at` must be at most 40"), (40, "`steps` must be above 40, the step of the fork, got 40")):
        with pytest.raises(InvalidSetting, match=words):
            fork(PLAN, at)
    with pytest.raises(InvalidSetting, match="must give a fork the weights of its parent, got `embedding` of shape"):
        fork(PLAN, 5, width=16)
    with pytest.raises(InvalidSetting, match="`until` must be at least 1, got 0"):
        fork(PLAN, 0)
    with pytest.raises(InvalidSetting, match="must give a fork the weights"):
        fork(PLAN, 5, model=Transformer(depth=1, width=8, heads=2, hidden=12))


def test_a_parent_that_ended_before_is_told(tmp_path):
    diverging = small_plan(steps=400, optimizer=adamw(learning_rate=1e30))
    with pytest.raises(InvalidSetting, match=r"`at` must be a step that the run passed, got 300: it ended at \d"):
        execute([fork(diverging, 300)], Store(str(tmp_path)))


def test_a_fork_that_was_cut_off_goes_on_and_notices_its_parent(tmp_path):
    class Stop(Watch):
        def report(self, report):
            if report.step > 500:
                raise MemoryError("cut")

    plan, store = small_plan(steps=2000), Store(str(tmp_path))
    child = fork(plan, 100, weight_decay=0.5)
    execute([trunk(child)], store)
    with pytest.raises(MemoryError):
        execute([child], store, watch=Stop(), seconds_between_saves=0.0)
    run = store.run(child.task.name, child.id)
    assert 100 < run.status()["step"] < 2000
    before = store.run(plan.task.name, trunk(child).id)
    before.folder.remove_all(lambda name: True)
    watch = Listener()
    execute([child], store, watch=watch)
    assert any("is not in this store any more: it goes on as it is" in note for note in watch.notes)
    (uncut,) = execute([child], Store(str(tmp_path / "uncut")))
    assert_same(run, uncut)


def test_a_parent_with_other_bits_is_noticed(tmp_path):
    store, watch = Store(str(tmp_path)), Listener()
    child = fork(PLAN, 14, weight_decay=0.5)
    (run,) = execute([child], store)
    before = store.run(PLAN.task.name, trunk(child).id)
    arrays, about = before.checkpoint()
    before.finish(before.metrics(), {**arrays, "weights.head": arrays["weights.head"] + 1}, about["step"], {})
    run.folder.remove("table.safetensors")  # so that it is opened again
    execute([child], store, watch=watch)
    assert any("which has other bits now than it had: train the fork anew with --again" in each for each in watch.notes)


def test_families_in_words(tmp_path):
    store = Store(str(tmp_path))
    parent, one, two = execute([PLAN, fork(PLAN, 14, weight_decay=0.25), fork(PLAN, 20, weight_decay=0.25)], store)
    assert parent_of(one) | {"bits": ""} == {"run": parent.name, "step": 14, "bits": ""}
    assert parent_of(parent) is None
    assert labels([one, two]) == ["at = 14", "at = 20"]


def test_it_may_be_forked_at_a_moment(tmp_path):
    store = Store(str(tmp_path))
    plan = PLAN.replace(steps=400, optimizer=adamw(learning_rate=0.01, weight_decay=0.1))
    child = fork(plan, "memorized", weight_decay=0.25)
    parent, run = execute([plan, child], store)
    at = parent.status()["memorized_at"]
    assert parent_of(run)["step"] == at
    ours, theirs = run.metrics(), parent.metrics()
    before = ours["step"] <= at
    np.testing.assert_array_equal(ours["train_loss"][before], theirs["train_loss"][: before.sum()])
    assert ours["weight_norm"][-1] != theirs["weight_norm"][-1]
    np.testing.assert_array_equal(train(child).dataset.train_loss.values, ours["train_loss"])
    assert_same(*execute([fork(plan, at, weight_decay=0.25), child], store))
    with pytest.raises(InvalidSetting, match="a moment that the run came to, got memorized: it was not so in 3 steps"):
        execute([fork(PLAN.replace(steps=3), "memorized", steps=9)], store)
    with pytest.raises(InvalidSetting, match=f"`steps` must be above {at}, the step of the fork, got {at}"):
        execute([fork(plan, "memorized", steps=at)], store)
    with pytest.raises(InvalidSetting, match="`until` must be a step, or memorized or generalized, got 'soon'"):
        fork(plan, "soon")
