import jax
import numpy as np
import pytest
from kinds import MODELS, OPTIMIZERS, TASKS, small_plan

from groklab.errors import GroklabError, RunDamaged
from groklab.optimizers import adam, adamw
from groklab.runner import execute
from groklab.runner.job import Job, groups, programs_of
from groklab.runner.local import chunks
from groklab.runner.watch import Watch
from groklab.store import Store
from groklab.tasks import Modular
from groklab.training import Precision, Program, Seeds, prepare
from groklab.training.arrays import from_arrays, to_arrays


def files(run):
    return {name: run.folder.read(name) for name in ("metrics.parquet", "state.safetensors", "table.safetensors")}


class Listener(Watch):
    def __init__(self):
        self.reports, self.notes = [], []

    def report(self, report):
        self.reports.append(report)

    def note(self, text):
        self.notes.append(text)


def seeded(count, **changes):
    return [small_plan(seeds=Seeds(seed, seed, seed), **changes) for seed in range(count)]


def test_a_member_of_an_ensemble_equals_its_solo_run_byte_for_byte(tmp_path):
    plans = seeded(3)
    together = execute(plans, Store(str(tmp_path / "together")))
    for plan, run in zip(plans, together, strict=True):
        (solo,) = execute([plan], Store(str(tmp_path / f"solo-{plan.id}")))
        assert files(solo) == files(run)


def test_members_trained_side_by_side_are_written_each_on_its_own(tmp_path):
    runs = execute(seeded(3), Store(str(tmp_path)), width=2)
    solo = execute(seeded(3), Store(str(tmp_path / "solo")))
    for run, alone in zip(runs, solo, strict=True):
        assert run.is_finished()
        ours, theirs = run.metrics(), alone.metrics()
        assert list(ours["step"]) == list(theirs["step"])
        np.testing.assert_allclose(ours["train_loss"], theirs["train_loss"], rtol=1e-3)


def test_a_finished_plan_is_not_trained_again(tmp_path):
    store, plan = Store(str(tmp_path)), small_plan()
    (run,) = execute([plan], store)
    before = files(run)
    watch = Listener()
    execute([plan, plan], store, watch=watch)
    assert not watch.reports
    execute([plan], store, again=True, watch=watch)
    assert watch.reports
    assert files(run) == before


def test_one_program_serves_plans_that_differ_in_floats_seeds_and_operations():
    table = small_plan().task
    fields = ({"weight_decay": 0.3}, {"learning_rate": 0.01})
    plans = [
        small_plan(),
        *(small_plan(optimizer=adamw(**each)) for each in fields),
        small_plan(task=table.replace(outliers=3, fraction=0.6)),
        small_plan(task=table.replace(operation=Modular("subtraction", 7))),
        small_plan(model=small_plan().model.replace(initial_scale=0.5), seeds=Seeds(1, 2, 3)),
    ]
    jobs = [opened(plan) for plan in plans]
    assert programs_of(jobs) == 1
    assert len(list(groups(jobs))) == 1
    assert programs_of([*jobs, opened(small_plan(optimizer=adam()))]) == 2


def opened(plan):
    job = Job(plan)
    job.open(Store("memory://groups"), again=True)
    return job


@pytest.mark.parametrize(
    ("count", "width", "devices", "sizes"),
    [(5, 2, 1, [2, 2, 1]), (7, 4, 2, [4, 2, 1]), (9, 4, 4, [4, 4, 1]), (3, 8, 4, [3]), (8, 8, 4, [8])],
)
def test_batches_fill_the_devices(count, width, devices, sizes):
    assert [len(chunk) for chunk in chunks(range(count), width, devices)] == sizes


def test_states_come_back_from_their_arrays():
    setup, member, _ = prepare(small_plan())
    state = Program([setup], [member]).start()
    arrays = to_arrays(state)
    state = jax.tree.map(np.asarray, state)
    back = from_arrays(arrays, state, "x")
    assert all(np.array_equal(a, b) for a, b in zip(jax.tree.leaves(state), jax.tree.leaves(back), strict=True))
    for name, broken in (("weights.embedding", None), ("weights.head", np.zeros((2, 2), np.float32))):
        changed = {key: value for key, value in arrays.items() if key != name} | (
            {} if broken is None else {name: broken}
        )
        with pytest.raises(RunDamaged, match=name):
            from_arrays(changed, state, "x")


@pytest.mark.parametrize(
    "plan",
    [
        *(small_plan(task=task) for task in TASKS),
        *(small_plan(model=model) for model in (MODELS[5], MODELS[-1])),
        small_plan(optimizer=OPTIMIZERS[-1]),
    ],
    ids=lambda plan: plan.id,
)
def test_every_kind_trains_three_steps_and_is_kept(plan, tmp_path):
    (run,) = execute([plan.replace(steps=3)], Store(str(tmp_path)))
    columns = run.metrics()
    assert list(columns["step"]) == [0, 1, 2, 3]
    assert all(np.isfinite(values).all() for name, values in columns.items() if name != "run")
    assert "predictions.end" in run.checkpoint()[0]


def test_a_bad_plan_stops_all_before_any_is_trained(tmp_path):
    store = Store(str(tmp_path / "runs"))
    with pytest.raises(GroklabError, match="batch_size"):
        execute([small_plan(), small_plan(batch_size=10_000)], store)
    assert store.runs() == []


def test_a_truncated_checkpoint_is_refused_and_nothing_else_is_touched(tmp_path):
    store, plan = Store(str(tmp_path)), small_plan()
    (run,) = execute([plan], store)
    run.folder.remove("status.json")  # as if it were not finished
    run.folder.write("state.safetensors", run.folder.read("state.safetensors")[:1000])
    metrics = run.folder.read("metrics.parquet")
    with pytest.raises(RunDamaged, match=r"state\.safetensors"):
        execute([plan], store)
    assert run.folder.read("metrics.parquet") == metrics
    execute([plan], store, again=True)
    assert run.is_finished()


@pytest.mark.usefixtures("short_blocks")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_stopped_at_every_moment_and_resumed_it_is_the_same_to_the_byte(tmp_path, dtype):
    plan = small_plan(precision=Precision(parameters=dtype, products=dtype, loss="float64"), batch_size=7)
    (whole,) = execute([plan], Store(str(tmp_path / "whole")))
    store = Store(str(tmp_path / "cut"))

    class Stop(Watch):
        def report(self, report):
            raise KeyboardInterrupt

    stops = 0
    while not store.run(plan.task.name, plan.id).is_finished():
        try:
            execute([plan], store, watch=Stop(), seconds_between_saves=0.0)
        except KeyboardInterrupt:
            stops += 1
        assert stops < 50
    assert stops > 5
    assert files(store.run(plan.task.name, plan.id)) == files(whole)
    assert whole.checkpoint()[0]["weights.embedding"].dtype == dtype
