"""Scores of attention heads, on patterns and weights made by hand."""

import jax.numpy as jnp
import numpy as np
import pytest
from kinds import SMALL, small_plan

from groklab.errors import InvalidSetting
from groklab.measures import Heads
from groklab.measures.circuits import heads
from groklab.models import MLP, Transformer
from groklab.tasks import Repeats
from groklab.training import prepare, train

PERIOD, LENGTH = 5, 21


def pattern_of(target):
    """A pattern of one head that attends to `target(query)` alone."""
    pattern = np.zeros((1, 1, LENGTH, LENGTH), np.float32)
    for query in range(LENGTH):
        pattern[0, 0, query, min(max(target(query), 0), query)] = 1
    return jnp.asarray(pattern)


@pytest.mark.parametrize("repeats_ago", [1, 2])
def test_an_induction_head_scores_1(repeats_ago):
    pattern = pattern_of(lambda query: query + 1 - PERIOD * repeats_ago)
    score = heads.prefix_matching(pattern, PERIOD)
    counted = LENGTH - PERIOD - 1
    missed = PERIOD * (repeats_ago - 1)  # the second repeat has only one before it
    assert float(score[0]) == pytest.approx((counted - missed) / counted, abs=1e-6)


def test_other_heads_do_not_match_prefixes():
    previous = pattern_of(lambda query: query - 1)
    assert float(heads.prefix_matching(previous, PERIOD)[0]) == 0
    same = pattern_of(lambda query: query - PERIOD)  # the same token, not what followed it
    assert float(heads.prefix_matching(same, PERIOD)[0]) == 0


def test_a_previous_token_head_scores_1():
    assert float(heads.previous_token(pattern_of(lambda query: query - 1))[0]) == 1
    assert float(heads.previous_token(pattern_of(lambda query: query - 2))[0]) == pytest.approx(1 / (LENGTH - 1))


def test_the_probe_repeats_distinct_tokens():
    tokens = np.asarray(heads.probe(4, PERIOD, LENGTH, 9, seed=0))
    assert (tokens[:, 0] == 0).all()
    assert np.array_equal(tokens[:, 1 : 1 + PERIOD], tokens[:, 1 + PERIOD : 1 + 2 * PERIOD])
    assert all(len(set(row[1 : 1 + PERIOD])) == PERIOD for row in tokens)
    assert tokens[:, 1:].min() >= 1


def copying_of(output):
    """The copying score of a head that attends to the last token and writes its one-hot value through `output`."""
    tokens = heads.probe(3, PERIOD, LENGTH, 9, seed=0)
    pattern = pattern_of(lambda query: query)
    mixed = jnp.eye(9)[tokens][:, :, None]
    return float(heads.copying(jnp.tile(pattern, (3, 1, 1, 1)), mixed, output, jnp.eye(9), tokens)[0])


def test_a_head_that_copies_scores_1_and_one_that_forbids_minus_1():
    assert copying_of(jnp.eye(9)) == pytest.approx(1, abs=1e-6)
    assert copying_of(-jnp.eye(9)) == pytest.approx(-1, abs=1e-6)


def test_eigenvalues_of_a_copying_head_are_positive(getkey):
    random = np.random.default_rng(0)
    embedding, value = random.normal(size=(9, 6)), random.normal(size=(6, 4))
    whole = embedding @ value  # two heads of width 2: the first copies, the second forbids
    output = np.concatenate([np.linalg.pinv(whole[:, :2]), -np.linalg.pinv(whole[:, 2:])])
    found = heads.copying_eigenvalues(embedding, value, output, np.eye(9), 2)
    np.testing.assert_allclose(found, [1, -1], atol=1e-9)


def test_every_head_of_a_network_is_scored():
    plan = small_plan(
        task=Repeats(vocabulary=9, length=13, stretch=3, validation=16),
        model=Transformer(**SMALL, feed_forward=False, norm="none", positions="learned"),
        steps=2,
        measures=(Heads(),),
    )
    seen = train(plan).dataset
    names = {
        f"{name}.{layer}.{head}"
        for name in ("prefix_matching", "previous_token", "copying")
        for layer in (0, 1)
        for head in (0, 1)
    }
    assert names <= set(map(str, seen.data_vars))
    assert all(0 <= float(seen[f"prefix_matching.{layer}.0"][0]) <= 1 for layer in (0, 1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [({}, "needs sequences of at least 9 tokens"), ({"model": MLP()}, "needs a transformer with a head of its own")],
)
def test_heads_need_a_language_task(changes, message):
    with pytest.raises(InvalidSetting, match=message):
        prepare(small_plan(**changes, measures=(Heads(),)))
