"""`groklab fork`, on runs of a moment."""

import pytest

from groklab.cli import main
from groklab.store import Store

TINY = ("addition", "p=5", "width=8", "heads=2", "depth=1", "growth=1.5", "--steps", "30", "--quiet", "--no-figure")


@pytest.fixture
def parent(capsys, tmp_path):
    assert main(["run", *TINY, "--store", str(tmp_path)]) == 0
    capsys.readouterr()
    return Store(str(tmp_path)).runs()[0]


@pytest.fixture
def fork(capsys, tmp_path):
    def run(*arguments):
        status = main(["fork", *arguments, "--store", str(tmp_path), "--quiet"])
        seen = capsys.readouterr()
        return status, seen.out, seen.err

    return run


def test_children_are_trained_drawn_and_known_to_their_parent(parent, fork, capsys, tmp_path):
    status, out, _ = fork(parent.id, "--at", "12", "weight_decay=0,3")
    assert status == 0
    assert "weight_decay=0" in out
    assert "weight_decay=3" in out
    (place,) = (line.removeprefix("figure: ") for line in out.splitlines() if line.startswith("figure: "))
    with open(place, "rb") as file:
        assert file.read(4) == b"\x89PNG"
    assert main(["show", parent.name, "--store", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    (line,) = (line for line in shown.splitlines() if line.startswith("forks: "))
    children = line.removeprefix("forks: ").split(", ")
    assert len(children) == 2
    assert main(["show", children[0], "--store", str(tmp_path)]) == 0
    assert f"forked from {parent.name} at step 12\n" in capsys.readouterr().out
    parent.folder.remove_all(lambda name: True)
    assert main(["show", children[0], "--store", str(tmp_path)]) == 0
    assert "which is not in this store: its plan is in the fork's" in capsys.readouterr().out
    assert main(["list", "runs", "--store", str(tmp_path)]) == 0
    assert "at=12" in capsys.readouterr().out


def test_it_goes_on_from_the_end(parent, fork, tmp_path):
    assert fork("--last", "--at", "end", "--steps", "40", "--reset", "--scale", "2", "--no-figure")[0] == 0
    assert sorted(run.status()["step"] for run in Store(str(tmp_path)).runs()) == [30, 40]


def test_a_run_may_change_on_the_way(capsys, tmp_path):
    store = str(tmp_path)
    assert main(["run", *TINY, "--then", "10 weight_decay=0", "--then", "20 learning_rate=0.01", "--store", store]) == 0
    names = [run.name for run in Store(store).runs()]
    (last,) = (run for run in Store(store).runs() if len(run.plan()["plan"]["before"]) == 2)
    assert [stage["until"] for stage in last.plan()["plan"]["before"]] == [10, 20]
    assert len(names) == 3  # two ways there, and itself
    for text in ("", "soon weight_decay=0", "10", "10 weight_decay", "10 =3"):
        capsys.readouterr()
        assert main(["run", *TINY, "--then", text, "--store", store]) == 1
        assert "`--then` must be a step or memorized or generalized" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "`--at` must be the step to fork at, got none: a number, or memorized"),
        (["--at", "99"], "`--at` must be at most 30, the step that"),
        (["--at", "soon"], "`--at` must be a step from 1 on, or memorized, generalized, settled, end, got 'soon'"),
        (["--at", "0"], "`--at` must be a step from 1 on"),
        (["--at", "generalized"], "`--at` must be a moment that"),
        (["--at", "5", "width=16"], "must give a fork the weights of its parent, got `embedding` of shape (7, 16) for"),
        (["--at", "5", "--steps", "4"], "`steps` must be above 5, the step of the fork, got 4. Try steps=10"),
        (["--at", "5", "--scale", "0"], "`scale` must be above 0, got 0"),
        (["other", "--at", "5"], "`run` must be one, got"),
    ],
)
def test_what_cannot_be_forked_is_told_in_a_sentence(parent, fork, arguments, words):
    status, _, err = fork(parent.id, *arguments)
    assert status == 1
    assert words in err
    assert err.count("\n") == 1
