"""`groklab measure` and `groklab export`, on a run that kept its weights."""

import csv
import io
import textwrap
from pathlib import Path

import pytest
import xarray

from groklab.cli import export_command, main, measure_command

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
    names = [line.split()[0] for line in lines[1:-1]]
    assert names == [
        *(f"embedding_norm.{at}" for at in (1, 2, 3)),
        "gini.embedding",
        "gini.output",
        *(f"is_key.{at}" for at in (1, 2, 3)),
        "key_frequencies",
        "output_energy",
        *(f"output_norm.{at}" for at in (1, 2, 3)),
        "train_loss",
        "validation_loss",
    ]


def test_key_frequencies_are_named_and_long_series_left_out():
    keys = {f"is_key.{at}": ("step", [1.0, float(at in (2, 10))]) for at in range(1, 12)}
    found = xarray.Dataset({**keys, "train_loss": ("step", [2.0, 1.0])}, {"step": [0, 1200]})
    names = measure_command._names(found)
    assert names == [*(f"is_key.{at}" for at in range(1, 12)), "train_loss"]
    assert measure_command._shown(names) == ["train_loss"]
    assert measure_command._shown(names[:-1]) == names[:-1]
    partial = [f"train_loss.{at}" for at in range(9)]
    assert measure_command._shown(["train_loss", *partial]) == ["train_loss"]
    assert str(measure_command._table(found).caption).splitlines() == [
        "key frequencies of step 1,200: 2, 10",
        "1 of 12 numbers; --csv gives them all",
    ]


def test_a_setting_belongs_to_the_measure_before_it(store, capsys):
    def loss(*words):
        assert main(["measure", "addition", *words, "--step", "20", "--csv", "--store", store]) == 0
        (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
        return row["restricted_loss.all"]

    assert loss("progress", "keys=1", "loss") == loss("loss", "progress", "keys=1") != loss("progress", "keys=2,3")
    assert loss("progress", "keys=1", "of=difference") != loss("progress", "keys=1")
    assert loss("progress", "keys=1", "keys_by=neurons") == loss("progress", "keys=1")


def test_every_number_as_csv(store, capsys):
    assert main(["measure", "addition", "spectrum", "--step", "12", "--csv", "--store", store]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) == 1
    assert rows[0]["step"] == "12"
    assert float(rows[0]["output_norm.3"]) > 0


def test_the_last_run_needs_no_name(store, capsys):
    assert main(["measure", "--last", "loss", "--step", "0", "--store", store]) == 1  # it kept nothing on its way
    assert "subtraction" in capsys.readouterr().err


def test_a_run_that_kept_nothing_still_has_its_last_weights(store, capsys):
    assert main(["measure", "subtraction", "loss", "--store", store]) == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["step", "20"]


def test_an_export_says_where_it_is(store, tmp_path, capsys):
    assert main(["export", "addition", "--step", "5", "--output", str(tmp_path), "--store", store]) == 0
    places = capsys.readouterr().out.split()
    assert [place.rsplit(".", 1)[1] for place in places] == ["safetensors", "json"]
    assert all(place.startswith(str(tmp_path)) and "-step5" in place for place in places)


def test_the_help_says_how_to_load_and_what_cannot_be_exported(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    said = capsys.readouterr().out
    assert all(textwrap.indent(lines, "  ") in said for lines in export_command.LOADING.values())
    assert "no counterpart of norm=post" in said


@pytest.mark.parametrize(("page", "versions"), [("README.md", [4]), ("docs/nanda2023.md", [4, 3])])
def test_the_pages_have_the_lines_of_the_help(page, versions):
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    assert all(export_command.LOADING[version] in text for version in versions)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("measure addition spectra", "`spectra` is not a measure. Did you mean `spectrum`?"),
        ("measure addition", "`measure` must be some of accuracy, loss,"),
        ("measure", "`measure` must be some of"),
        ("measure addition loss --step 6", "The nearest that is: 5."),
        ("measure addition heads", "`Heads` needs sequences of at least 9 tokens"),
        ("measure addition progress keys=a", "`keys` must be whole numbers like 3,6,8, got 'a'."),
        ("measure addition progress kes=3", "`kes` is not a setting of Progress. Did you mean `keys`?"),
        ("measure addition progress keys_by=nor", "`keys_by` must be one of norm, neurons, got 'nor'. Did you mean"),
        ("measure addition progress keys=1,1", "`keys` must be different frequencies, got 1 twice. Leave one out."),
        ("measure addition keys=3 progress", "`keys=3` must come after the measure that it belongs to. Try progress"),
        ("measure addition loss keys=3", "`Loss` has no settings, got keys=3. Leave it out."),
        ("measure addition loss loss", "`measures` must be of different kinds, got Loss twice."),
        ("export addition --step 6", "The nearest that is: 5."),
        ("export nothing", "`nothing`"),
    ],
)
def test_bad_input_is_one_line(arguments, message, store, capsys):
    assert main([*arguments.split(), "--store", store]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
