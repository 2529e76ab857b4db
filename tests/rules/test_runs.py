import numpy as np
import pytest
from stored import stored

import groklab as gl
from groklab.errors import InvalidTable
from groklab.rules.circle import circle_in
from groklab.rules.words import network_in_words
from groklab.store import Store


def circles(p, frequencies, noise=0.02, places=None):
    """Return an embedding of residues on circles, one for each frequency, turned in a wide space."""
    random = np.random.default_rng(1)
    turns = 2 * np.pi * np.outer(np.arange(p) if places is None else places, frequencies) / p
    flat = np.concatenate([np.cos(turns), np.sin(turns)], axis=1)
    turned = flat @ np.linalg.qr(random.normal(size=(40, flat.shape[1])))[0].T
    return turned + noise * random.normal(size=turned.shape)


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "runs"))


def test_a_run_that_generalized_is_read_from_what_its_network_says(store):
    run = stored(
        store, "p=23", "fraction=0.6", task="subtraction", embedding=np.pad(circles(23, (3, 7)), ((0, 2), (0, 0)))
    )
    found = gl.rule(run)
    assert (found.name, found.status) == ("x - y mod 23", "proved")
    network = found.network
    assert network.trained + network.withheld == 529
    assert network.answered == network.withheld
    assert network.agreement == 1
    assert network.has_generalized
    assert {part.frequency for part in network.parts[:2]} == {3, 7}
    assert network.circle.stands_out
    assert network.circle.held_out == 1
    told = " ".join(network_in_words(network))
    assert "frequency 3" in told
    assert "on a circle" in told
    assert found.as_dict()["network"]["circle"]["stands_out"]


def test_a_network_that_is_wrong_in_a_few_cells_still_shows_its_rule(store):
    answers = np.add.outer(np.arange(13), np.arange(13)).ravel() % 13
    answers[[5, 77]] = 0
    found = gl.rule(stored(store, "p=13", "fraction=0.5", answers=answers))
    assert (found.name, found.status) == ("C13", "proved")
    assert 0.97 < found.network.agreement <= 1


def test_a_run_that_did_not_generalize_is_not_believed(store):
    random = np.random.default_rng(0)
    answers = random.integers(13, size=169)
    run = stored(store, "p=13", answers=answers, validation=(0, 0, 0, 0, 0.1))
    found = gl.rule(run)
    assert found.name == "C13"  # of the known cells
    assert not found.network.has_generalized
    assert found.network.agreement < 0.3
    assert "has not generalized" in " ".join(network_in_words(found.network))


def test_a_network_that_found_another_rule_than_the_table_has_is_not_believed(store):
    answers = np.subtract.outer(np.arange(13), np.arange(13)).ravel() % 13
    found = gl.rule(stored(store, "p=13", "fraction=0.1", answers=answers))
    assert found.name == ""


def test_blanks_of_a_table_are_filled_by_the_rule_of_its_network(store, tmp_path):
    path = tmp_path / "hours.csv"
    rows = [[str((x + y) % 12) if (x, y) not in ((3, 5), (7, 7)) else "" for y in range(12)] for x in range(12)]
    lines = [",".join(["+", *map(str, range(12))]), *(",".join([str(x), *row]) for x, row in enumerate(rows))]
    path.write_text("\n".join(lines))
    words = [str(each) for each in range(12)]
    answers = [words.index(str((x + y) % 12)) for x in range(12) for y in range(12)]
    found = gl.rule(stored(store, "fraction=0.8", task=str(path), answers=answers))
    assert (found.name, found.status) == ("C12", "consistent")
    assert [(cell.left, cell.right, cell.by_rule) for cell in found.blanks] == [("3", "5", "8"), ("7", "7", "2")]


def test_a_run_without_a_table_or_without_answers_is_refused(store):
    run = stored(store)
    unfinished = store.run("addition", "0123456789ab")
    unfinished.begin(run.plan() | {"id": unfinished.id})
    unfinished.release()
    with pytest.raises(InvalidTable, match="must have learnt a table"):
        gl.rule(unfinished)


def test_an_embedding_of_two_dimensions_has_no_circle(store):
    random = np.random.default_rng(0)
    embedding = random.normal(size=(25, 2))
    found = gl.rule(stored(store, "p=23", "fraction=0.6", task="subtraction", embedding=embedding))
    assert found.network.circle is None


def test_a_circle_is_found_whatever_the_symbols_are_called_and_not_where_there_is_none():
    random = np.random.default_rng(0)
    p = 31
    places = random.permutation(p)
    back = np.argsort(places)
    values = back[np.add.outer(places, places) % p]
    symbols = tuple(f"s{at}" for at in range(p))
    hidden = np.where(random.random((p, p)) < 0.5, values, -1)
    circle = circle_in(circles(p, (4, 9, 13), places=places), symbols, hidden)
    assert circle.stands_out
    assert circle.held_out == 1
    order = np.array([places[symbols.index(symbol)] for symbol in circle.order])
    assert len(np.unique((np.roll(order, -1) - order) % p)) == 1  # each is as far from the next
    assert not circle_in(random.normal(size=(p, 40)), symbols, hidden).stands_out
    nothing = random.integers(p, size=(p, p))
    assert not circle_in(circles(p, (4,)), symbols, nothing).stands_out
