import jax
import jax.numpy as jnp
import numpy as np
import pytest
from kinds import small_plan

from groklab import memory_maps
from groklab.measures import sharpness
from groklab.memory_maps import MEMORY_MAPS, MemoryMaps
from groklab.models import MLP
from groklab.runner import execute
from groklab.runner.ensemble import Ensemble
from groklab.runner.job import Job
from groklab.runner.local import lanes_for
from groklab.store import Store
from groklab.tasks import BinaryTable, Modular
from groklab.training import Seeds, train

PLANS = [
    small_plan(model=MLP(width=width), task=BinaryTable(Modular("addition", 5)), seeds=Seeds(init=seed))
    for width, seed in ((4, 0), (4, 1), (5, 0))
]

counted = pytest.mark.skipif(MEMORY_MAPS.count() == 0, reason="this system does not count memory maps")


@pytest.fixture
def cleared(monkeypatch):
    """Let every look find the maps used up; return a list that grows each time that programs are forgotten."""
    times = []
    clear = jax.clear_caches
    monkeypatch.setattr(memory_maps, "FULL", 0.0)
    monkeypatch.setattr(memory_maps, "WORTH", -1.0)
    monkeypatch.setattr(memory_maps.jax, "clear_caches", lambda: times.append(clear()))
    return times


def in_files(tmp_path, count, limit):
    (tmp_path / "maps").write_text("a map\n" * count)
    (tmp_path / "limit").write_text(f"{limit}\n")
    return MemoryMaps(str(tmp_path / "maps"), str(tmp_path / "limit"))


@counted
def test_forgetting_programs_frees_their_maps(tmp_path):
    history = train(PLANS[0])
    before = MEMORY_MAPS.count()
    (tmp_path / "limit").write_text(str(before))
    assert MemoryMaps(limit=str(tmp_path / "limit")).make_room()
    assert MEMORY_MAPS.count() < before - 100
    np.testing.assert_array_equal(train(PLANS[0]).dataset["train_loss"], history.dataset["train_loss"])


@pytest.mark.parametrize(
    ("count", "limit", "is_full"), [(51, 100, True), (50, 100, False), (32_766, 1_048_576, True), (0, 100, False)]
)
def test_room_is_made_where_half_of_the_maps_are_used(tmp_path, monkeypatch, count, limit, is_full):
    monkeypatch.setattr(memory_maps.jax, "clear_caches", lambda: None)
    assert in_files(tmp_path, count, limit).make_room() == is_full


def test_room_is_not_made_again_where_that_did_not_help(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_maps.jax, "clear_caches", lambda: None)
    full = in_files(tmp_path, 60, 100)
    assert full.make_room()
    assert not full.make_room()
    (tmp_path / "maps").write_text("a map\n" * 73)
    assert full.make_room()


def test_nothing_is_forgotten_where_maps_are_not_counted(tmp_path, cleared):
    assert not MemoryMaps(str(tmp_path / "none"), str(tmp_path / "none")).make_room()
    assert not cleared


@counted
def test_runs_in_two_lanes_do_not_notice(cleared, tmp_path):
    kept = [train(plan) for plan in PLANS]
    before = len(cleared)
    runs = execute(PLANS, Store(str(tmp_path)), lanes=2)
    assert len(cleared) >= before + len(PLANS)
    for history, run in zip(kept, runs, strict=True):
        np.testing.assert_array_equal(history.dataset["train_loss"], run.metrics()["train_loss"])


@counted
def test_a_loss_that_is_a_program_of_its_own_makes_room(cleared, getkey):
    sharpness(lambda w: jnp.square(w).sum(), jnp.ones(20), key=getkey())
    assert len(cleared) == 1


def test_different_networks_are_trained_in_as_many_lanes_as_have_room(tmp_path, monkeypatch):
    monkeypatch.setattr(MEMORY_MAPS, "_limit", tmp_path / "limit")
    (tmp_path / "limit").write_text(str(8 * memory_maps.NETWORK))
    assert MEMORY_MAPS.networks() == 2
    shapes, seeds = (
        [small_plan(model=MLP(width=width)) for width in (4, 5, 6)],
        [small_plan(model=MLP(width=4), seeds=Seeds(init=seed)) for seed in range(3)],
    )
    wanted = []
    for plans in (shapes, seeds):
        jobs = [Job(plan) for plan in plans]
        for work in jobs:
            work.open(Store(str(tmp_path)), again=True)
        wanted.append(lanes_for([Ensemble([work]) for work in jobs], 64))
        for work in jobs:
            work.close()
    assert wanted == [2, 3]
