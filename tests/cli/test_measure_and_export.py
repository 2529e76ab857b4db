"""`groklab measure` and `groklab export`, on a run that kept its weights."""

import csv
import io

import pytest

from groklab.cli import main

WANTED = ["model.norm=none", "positions=learned", "width=8", "heads=2", "depth=1", "growth=1.5"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    place = str(tmp_path_factory.mktemp("store"))
    common = ["--steps", "20", "--store", place, "--quiet", "--no-figure", *WANTED]
    assert main(["run", "addition", "p=7", "profile=nanda", "snapshots=2", *common]) == 0
    assert main(["run", "subtraction", "p=7", *common]) == 0
    return place


def test_measures_of_the_kept_steps_are_a_table(store, capsys):
    assert main(["measure", "addition", "spectrum", "loss", "--store", store]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["step", "0", "1", "2", "5", "12", "20"]
    names = [line.split()[0] for line in lines[1:] if line.strip()]
    assert names == [
        "gini.embedding",
        "gini.output",
        "key_frequencies",
        "output_energy",
        "train_loss",
        "validation_loss",
    ]


def test_every_number_as_csv(store, capsys):
    assert main(["measure", "addition", "spectrum", "--step", "12", "--csv", "--store", store]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 1
    assert rows[0]["step"] == "12"
    assert float(rows[0]["output_norm.3"]) > 0


def test_the_last_run_needs_no_name(store, capsys):
    assert main(["measure", "--last", "loss", "--step", "0", "--store", store]) == 1  # it kept nothing
    assert "subtraction" in capsys.readouterr().err


def test_an_export_says_where_it_is(store, tmp_path, capsys):
    assert main(["export", "addition", "--step", "5", "--output", str(tmp_path), "--store", store]) == 0
    places = capsys.readouterr().out.split()
    assert [place.rsplit(".", 1)[1] for place in places] == ["safetensors", "json"]
    assert all(place.startswith(str(tmp_path)) and "-step5" in place for place in places)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("measure addition spectra", "`spectra` is not a measure. Did you mean `spectrum`?"),
        ("measure addition", "`measure` must be some of accuracy, loss,"),
        ("measure", "`measure` must be some of"),
        ("measure addition loss --step 6", "The nearest that is: 5."),
        ("measure addition heads", "`Heads` needs sequences of at least 9 tokens"),
        ("measure subtraction loss", "has kept no weights on its way. Train it with snapshots=1.2"),
        ("export addition --step 6", "The nearest that is: 5."),
        ("export nothing", "`nothing`"),
    ],
)
def test_bad_input_is_one_line(arguments, message, store, capsys):
    assert main([*arguments.split(), "--store", store]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
