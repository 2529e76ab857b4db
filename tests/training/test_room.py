import jax
import numpy as np
import pytest
from kinds import small_plan

from groklab.runner import execute
from groklab.store import Store
from groklab.tasks import BinaryTable, Modular
from groklab.training import Seeds, room, train

PLANS = [
    small_plan(task=BinaryTable(Modular("addition", p)), seeds=Seeds(init=seed)) for p in (5, 7) for seed in (0, 1)
]

counted = pytest.mark.skipif(not room.LIMIT.exists(), reason="this system does not count memory maps")


def maps():
    return room.MAPS.read_bytes().count(b"\n")


@counted
def test_compiled_programs_are_forgotten_where_maps_run_out(monkeypatch, tmp_path):
    history = train(PLANS[0])
    few, before = tmp_path / "limit", maps()
    few.write_text(str(before))
    monkeypatch.setattr(room, "LIMIT", few)
    assert room.make_room()
    assert maps() < before - 100
    few.write_text(str(10 * before))
    assert not room.make_room()
    np.testing.assert_array_equal(train(PLANS[0]).dataset["train_loss"], history.dataset["train_loss"])


def test_nothing_is_forgotten_while_there_is_room_or_where_maps_are_not_counted(monkeypatch, tmp_path):
    doubled = jax.jit(lambda x: 2 * x)
    doubled(1.0)
    monkeypatch.setattr(room, "FULL", 1.0)
    assert not room.make_room()
    monkeypatch.setattr(room, "FULL", 0.0)
    monkeypatch.setattr(room, "MAPS", tmp_path / "none")
    assert not room.make_room()
    assert doubled._cache_size() == 1


def test_runs_in_two_lanes_do_not_notice(monkeypatch, tmp_path):
    kept = [train(plan) for plan in PLANS]
    monkeypatch.setattr(room, "FULL", 0.0)
    store = Store(str(tmp_path))
    runs = execute(PLANS, store, lanes=2)
    for history, run in zip(kept, runs, strict=True):
        np.testing.assert_array_equal(history.dataset["train_loss"], run.metrics()["train_loss"])
