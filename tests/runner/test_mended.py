"""What is damaged and known is written again, with a line that says so; nothing is trained anew for it."""

import jax
import numpy as np
import pytest
from kinds import small_plan

from groklab.errors import RunDamaged
from groklab.milestones import milestones_in
from groklab.models import MLP
from groklab.optimizers import sgd
from groklab.runner import Watch, dataset, execute
from groklab.runner.describe import cores
from groklab.store import Store, to_json
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan, sweep_of, train

NUMBERS = ("metrics.parquet", "state.safetensors")


class Notes(Watch):
    def __init__(self, stop_at=None):
        self.notes, self._stop_at = [], stop_at

    def note(self, text):
        self.notes.append(text)

    def report(self, report):
        if self._stop_at is not None and report.step >= self._stop_at:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def plan():
    return small_plan(steps=20)


@pytest.fixture(scope="module")
def trained(plan, tmp_path_factory):
    """The files of a finished run, to be copied."""
    (run,) = execute([plan], Store(str(tmp_path_factory.mktemp("runs"))))
    return {name: run.folder.read(name) for name in run.folder.names() if name != "lock"}


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path))


@pytest.fixture
def finished(plan, trained, store):
    run = store.run(plan.task.name, plan.id)
    run.folder.create()
    for name, content in trained.items():
        run.folder.write(name, content)
    return run


@pytest.mark.parametrize("name", ["plan.json", "table.safetensors", "status.json"])
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_finished_run_is_mended(plan, trained, store, finished, name, damage):
    if damage == "cut":
        finished.folder.write(name, trained[name][:-9])
    else:
        finished.folder.remove(name)
    watch = Notes()
    (run,) = execute([plan], store, watch=watch)
    assert run.is_finished()
    assert run.table() is not None
    assert {each: run.folder.read(each) for each in NUMBERS} == {each: trained[each] for each in NUMBERS}
    if name != "status.json":
        assert any(name in note and "it is written again" in note for note in watch.notes)
    assert execute([plan], store) == [run]  # there is nothing left to mend


@pytest.mark.parametrize("name", ["plan.json", "table.safetensors", "status.json"])
@pytest.mark.usefixtures("short_blocks")
def test_an_unfinished_run_is_mended_and_goes_on(plan, trained, store, name):
    with pytest.raises(KeyboardInterrupt):
        execute([plan], store, watch=Notes(stop_at=10), seconds_between_saves=0.0)
    run = store.run(plan.task.name, plan.id)
    run.folder.write(name, b"{}")
    execute([plan], store)
    assert run.folder.read("metrics.parquet") == trained["metrics.parquet"]
    assert run.table() is not None
    assert run.plan()["id"] == plan.id


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_that_are_damaged_are_named_and_not_passed_over(plan, trained, store, finished, name):
    finished.folder.write(name, trained[name][:-9])
    (run,) = execute([plan], store)
    with pytest.raises(RunDamaged, match=f"{name}.*with --again"):
        run.metrics(), run.checkpoint()
    execute([plan], store, again=True)
    assert run.folder.read(name) == trained[name]


@pytest.mark.usefixtures("short_blocks")
def test_going_on_with_other_cores_is_said(plan, store):
    with pytest.raises(KeyboardInterrupt):
        execute([plan], store, watch=Notes(stop_at=10), seconds_between_saves=0.0)
    run = store.run(plan.task.name, plan.id)
    about = run.plan()
    about["hardware"]["cores"] = cores() + 5
    run.folder.write("plan.json", to_json(about))
    watch = Notes()
    execute([plan], store, watch=watch)
    assert any(f"was begun on {cores() + 5} cores and goes on with {cores()}" in note for note in watch.notes)


def test_the_environment_gives_no_seed_another_meaning(plan):
    usual = train(plan.replace(steps=2)).dataset
    with jax.threefry_partitionable(False), jax.default_prng_impl("rbg"):
        other = train(plan.replace(steps=2)).dataset
    assert usual.identical(other)


@pytest.fixture(scope="module")
def diverging():
    task = BinaryTable(Modular("addition", 5), fraction=0.7)
    return Plan(task=task, model=MLP(width=4, hidden=8), optimizer=sgd(learning_rate=1e30), steps=50, batch_size="full")


def test_a_run_that_diverges_ends_and_says_so(diverging, store):
    (run,) = execute([diverging], store)
    status, columns = run.status(), run.metrics()
    assert status["is_finished"]
    assert status["diverged_at"] == status["step"] == columns["step"][-1] < 5
    assert np.isnan(columns["train_accuracy"][-1])
    assert not np.isfinite(columns["train_loss"][-1])
    assert np.isfinite(columns["train_loss"][:-1]).all()
    assert (status["memorized_at"], status["generalized_at"], status["settled_at"]) == (None, None, None)
    assert (run.checkpoint()[0]["predictions.end"] == -1).all()
    data = dataset(sweep_of(diverging, {"seed": [0]}), [run])
    assert data.diverged_at.item() == status["step"]
    assert np.isinf(data.generalized_at.item())


def test_in_memory_it_ends_too(diverging):
    found = train(diverging)
    assert found.milestones.diverged_at == int(found.dataset.step[-1]) < 5
    assert found.milestones == milestones_in(
        {str(name): value.values for name, value in found.dataset.variables.items()}
    )
