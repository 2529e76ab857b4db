import json
import re

import pytest
from courses import course
from stored import stored

from groklab.cli import main
from groklab.diagnosis.facts import Facts
from groklab.store import Store

SMALL = ("p=23", "fraction=0.7", "model=mlp", "learning_rate=0.003")


def run(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


@pytest.fixture
def weightless(monkeypatch):
    """Runs that are made up have no weights to be measured."""
    monkeypatch.setattr(Facts, "collapsed", 0.0)


def test_what_a_run_lacked_is_told_with_what_should_help(weightless, capsys, tmp_path):
    store = str(tmp_path / "runs")
    stored(Store(store), *SMALL, "weight_decay=0", "steps=5000", columns=course(norm=(58, 80)))
    status, out, _ = run(capsys, "why", "--last", "--store", store)
    assert status == 0
    assert "it did not generalize; what it lacked, the likeliest first" in out
    assert "1. decay too weak (likely): λ = 0: from memorizing at step" in out
    assert "what should help: the same with weight_decay=1.0 --steps" in out
    assert "it should generalize near step" in out
    status, out, _ = run(capsys, "why", "--last", "--store", store, "--json")
    assert json.loads(out)["cause"] == "decay too weak"
    assert json.loads(out)["trial"] is None


def test_of_a_run_that_generalized_it_is_said_and_nothing_is_tried(capsys, tmp_path):
    store = str(tmp_path / "runs")
    stored(Store(store), *SMALL, "steps=5000", columns=course(generalized=1900))
    status, out, err = run(capsys, "why", "--last", "--store", store, "--try")
    assert (status, err) == (0, "")
    assert "it generalized at step" in out
    assert "nothing is missing" in out


def trained(capsys, store, task, steps, *words):
    main(["run", task, *words, "model=mlp", "growth=1.3", "--steps", steps, "--store", store, "--quiet", "--no-figure"])
    capsys.readouterr()


def test_a_trial_says_before_what_it_takes_and_after_whether_it_helped(capsys, tmp_path):
    store = str(tmp_path / "runs")
    trained(capsys, store, "addition", "30", "p=5", "fraction=0.8", "width=8", "weight_decay=30", "learning_rate=0.05")
    status, out, err = run(capsys, "why", "--last", "--store", store, "--try", "--quiet")
    assert status == 0
    (most,) = re.findall(r"trying against [a-z ]+: at most ([\d,]+) steps", err)
    assert f"steps of at most {most})" in out


def test_what_cannot_be_told_is_refused_in_a_sentence(capsys, tmp_path):
    place = Store(str(tmp_path / "runs"))
    begun = place.run("addition", "0123456789ab")
    begun.begin(stored(place).plan() | {"id": begun.id})
    begun.release()
    for arguments, words in (
        (("addition-0123",), "must have been trained for some steps"),
        (("nothing",), "No run in"),
        ((), "must be a name or --last"),
    ):
        status, out, err = run(capsys, "why", *arguments, "--store", place.folder.url)
        assert (status, out) == (1, "")
        assert words in err


def test_a_table_that_seems_to_have_no_rule_is_tried_with_its_answers_shuffled(capsys, tmp_path):
    store = str(tmp_path / "runs")
    words = ("p=11", "fraction=0.8", "width=32", "hidden=64", "learning_rate=0.01")
    trained(capsys, store, "random", "300", *words)
    status, out, err = run(capsys, "why", "--last", "--store", store, "--try", "--quiet")
    assert status == 0
    assert "1. no rule in the table" in out
    assert "a control with its answers shuffled: at most 300 steps" in err
    assert "on the same answers shuffled" in out
    assert "no more than where there is nothing to find" in out
