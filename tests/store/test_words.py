import pytest
from stored import stored

from groklab.store import Store
from groklab.store.words import grouped, labels, of_run


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path))


def test_runs_that_differ_in_seeds_alone_are_one_group_and_a_run_counts_once(store):
    first, second = (stored(store, "weight_decay=0", f"seed={seed}") for seed in (0, 1))
    other = stored(store, "weight_decay=1")
    assert grouped([first, other, second, first]) == [[first, second], [other]]


def test_settings_are_named_by_what_differs(store):
    runs = [stored(store, "weight_decay=0", "seed=3"), stored(store, "weight_decay=0.5", "steps=7")]
    assert labels(runs) == ["weight_decay = 0, steps = 100000", "weight_decay = 0.5, steps = 7"]


def test_operations_are_named_by_their_word_once(store):
    assert labels([stored(store), stored(store, "operation=division")]) == [
        "operation = addition",
        "operation = division",
    ]
    assert labels([stored(store), stored(store, task="S3")]) == ["operation = addition", "operation = S3"]


def test_what_only_a_long_table_tells_apart_is_named_by_the_run(store, tmp_path):
    runs = []
    for answer in "ab":
        (tmp_path / "mine.csv").write_text(f"+,a,b\na,a,b\nb,b,{answer}\n")
        runs.append(stored(store, task=str(tmp_path / "mine.csv")))
    assert labels(runs) == [f"({run.name})" for run in runs]


def test_a_run_is_told_by_its_usual_settings_and_seeds(store):
    assert of_run(stored(store, "seed=4")) == "p=3 fraction=0.5 weight_decay=1 seed=4"
    assert of_run(stored(store, "init=4")).endswith("seeds=4/0/0")
