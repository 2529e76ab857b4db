import io
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from stored import stored

from groklab.cli import catalogue, main, show_command
from groklab.cli.verdicts import verdicts_table
from groklab.estimates import Estimate
from groklab.papers import ledger
from groklab.papers.catalogue import figures
from groklab.papers.claims import Made, Sentence, Verdict
from groklab.phases import NAMES
from groklab.store import Store
from groklab.store.names import RECENT

SMALL = ["model.width=8", "model.heads=2", "depth=1", "batch_size=8", "record.growth=1.5"]


def run(capsys, *arguments):
    status = main(arguments)
    seen = capsys.readouterr()
    return status, seen.out, seen.err


def test_run_list_show_and_plot(capsys, tmp_path):
    store = str(tmp_path / "runs")
    status, out, _ = run(
        capsys, "run", "addition", "p=5", *SMALL, "--steps", "12", "--seed", "0,1", "--store", store, "--quiet"
    )
    assert status == 0
    assert "memorized at" in out
    figures = [line.split(": ", 1)[1] for line in out.splitlines() if line.startswith("figure: ")]
    assert len(figures) == 1
    assert os.path.getsize(figures[0]) > 10_000
    names = [each.name for each in Store(store).runs()]
    status, out, _ = run(capsys, "list", "runs", "--store", store)
    assert status == 0
    assert out.count("seed") == 2
    status, out, _ = run(capsys, "show", names[0], "--store", store)
    assert status == 0
    assert "finished" in out
    assert "task.operation.p" in out
    status, out, _ = run(capsys, "plot", *names, "--store", store, "--out", str(tmp_path / "both.pdf"))
    assert status == 0
    assert (tmp_path / "both.pdf").stat().st_size > 5_000


def test_settings_are_drawn_apart_and_all_in_one(capsys, tmp_path):
    store = str(tmp_path / "runs")
    settings = ["addition", "p=5", *SMALL, "weight_decay=0,1", "--seed", "0,1"]
    status, out, _ = run(capsys, "run", *settings, "--steps", "3", "--store", store, "--quiet")
    assert status == 0
    figures = [line.split(": ", 1)[1] for line in out.splitlines() if line.startswith("figure: ")]
    assert [name[-14:] for name in figures] == ["and-1-more.png", "and-1-more.png", "and-3-more.png"]
    assert all(os.path.getsize(name) > 10_000 for name in figures)


def test_blanks_of_a_table_are_filled_in(capsys, tmp_path):
    table = tmp_path / "mine.csv"
    table.write_text("+,a,b,c\na,a,b,c\nb,b,c,?\nc,c,a,b\n")
    store = str(tmp_path / "runs")
    arguments = (str(table), "fraction=0.8", *SMALL[:3], "--steps", "3", "--store", store, "--quiet")
    status, *_ = run(capsys, "run", *arguments)
    assert status == 0
    status, out, _ = run(capsys, "show", "mine", "--store", store)
    assert "The one blank" in out
    assert "b + c = " in out


@pytest.mark.parametrize(
    ("validation", "words"),
    [
        (
            (0, 0, 0, 0, 0),
            "The one blank is a guess: only 0.0 % of the withheld cells are right. Do not trust it below 99",
        ),
        ((0, 1, 1, 1, 0.98), "The one blank is a guess: only 98.0 %"),
        ((0, 0, 0, 0, 1), "The one blank, filled in by the network (100.0 % of the withheld cells are right"),
    ],
)
def test_blanks_are_called_guesses_where_the_network_did_not_generalize(capsys, tmp_path, validation, words):
    table = tmp_path / "mine.csv"
    table.write_text("+,a,b,c\na,a,b,c\nb,b,c,?\nc,c,a,b\n")
    store = str(tmp_path / "runs")
    stored(Store(store), task=str(table), validation=validation)
    assert words in run(capsys, "show", "mine", "--store", store)[1]


def test_show_tells_phases_as_far_as_they_have_come():
    def until(train, validation, p=113):
        losses = {"train_loss": np.array(train, float), "validation_loss": np.array(validation, float)}
        columns = {"step": np.array([0, 10, 100, 1000]), **losses}
        plan = {"task": {"operation": {"p": p}} if p else {}}
        return [(word, when) for word, when, _ in show_command.phase_rows(columns, plan)]

    ends = zip(NAMES, ("10", "100", "1,000"), strict=True)
    steps = [(word, f"until step {end}") for word, end in ends]
    never = "has not ended in 1,000 steps"
    assert until((4, 1e-2, 1e-3, 1e-3), (4, 9, 5, 1e-3)) == steps
    assert until((4, 1e-2, 1e-3, 1e-3), (4, 9, 5, 1)) == [*steps[:2], ("cleanup", never)]
    assert until((4, 4, 4, 4), (4, 3, 3, 3)) == [("memorization", never)]
    assert until((4, 3, 1e-3, 1e-3), (4, 3, 2, 1e-3))[-1][0] == ""  # they overlap
    assert until((4, 3, 1e-3, 1e-3), (4, 3, 2, 1))[-2:] == [("cleanup", never), ("", "")]
    assert until((4, 1e-2, 1e-3, 1e-3), (4, 9, 5, 1e-3), p=None) == []


def test_show_explains_its_words_and_knows_the_last_run(capsys, tmp_path):
    store = str(tmp_path / "runs")
    for at, seed in ((100, 0), (300, 1), (200, 2)):
        each = stored(Store(store), f"seed={seed}", validation=(0, 0, 0, 0, seed))
        os.utime(f"{each.folder.local_path}/status.json", (at, at))
    out = run(capsys, "show", "--last", "--store", store)[1]
    words = " ".join(out.split())
    assert "seeds.init 1" in words
    assert "settled at step 1,000 from here on validation accuracy stays ≥ 99 % to the end" in words
    assert "budget" not in out
    assert "memorization has not ended in 1,000 steps" in words
    assert "circuit formation" not in words  # it has not begun
    status, _, err = run(capsys, "show", "addition", "--store", store)
    assert status == 1
    assert err.count("seed=") == 3
    first = next(each.name for each in Store(store).runs() if each.plan()["plan"]["seeds"]["init"] == 0)
    assert "never in 1,000 steps" in run(capsys, "show", first, "--store", store)[1]
    for misuse in ([], [first, "--last"]):
        assert "`run` must be a name or --last" in run(capsys, "show", *misuse, "--store", store)[2]


def test_a_table_to_guess_from(capsys):
    status, out, _ = run(capsys, "table", "addition", "p=3", "fraction=0.6")
    assert status == 0
    assert out.split("\n\n")[0].count("·") == 4
    assert out.endswith("\n\n· withheld from training: 4 of 9 known cells\n")


def test_unknown_cells_are_told_from_withheld_ones(capsys, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("+,a,b,c\na,a,b,c\nb,b,c,?\nc,c,a,b\n")
    out = run(capsys, "table", str(path), "fraction=0.75")[1]
    shown = out.split("\n\n")[0]
    assert (shown.count("?"), shown.count("·")) == (1, 2)
    assert out.endswith("· withheld from training: 2 of 8 known cells; ? not known: 1\n")


def test_several_tables_have_headings(capsys):
    out = run(capsys, "table", "addition", "p=2,3", "split=0,1")[1]
    headings = [line for line in out.splitlines() if " = " in line]
    assert headings == [f"p = {p}, split = {split}" for p in (2, 3) for split in (0, 1)]
    assert " = " not in run(capsys, "table", "addition", "p=3")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["division", "fraction=0"], "`fraction` must be above 0 and below 1, got 0."),
        (["division", "fraction=1"], "`fraction` must be above 0 and below 1, got 1."),
        (["division", "fraction=30"], "`fraction` must be above 0 and below 1, got 30. Did you mean 0.3?"),
        (["division", "fraction=-0.1"], "`fraction` must be above 0 and below 1, got -0.1."),
        (["division", "p=1"], "`p` must be at least 2"),
        (["division", "p=0"], "`p` must be at least 2"),
        (["division", "p=96"], "`p` must be prime for division, got 96"),
        (["divison"], "`divison` is not a known operation. Did you mean `division`?"),
        (["S7"], "`group` must have at most 1024 elements, got S7 with 5040 elements."),
        (["model.width=10"], "`width` must be divisible by `heads`"),
        (["addition", "p=5", "batch_size=999"], "`batch_size` must be at most the training set's size"),
        (["--steps", "0"], "`steps` must be at least 1, got 0."),
        (["--steps", "many"], "`steps` must be a whole number, got 'many'."),
        (["--seed", "-1"], "`seed` must be at least 0 and below 2147483648, got -1."),
        (["fracton=0.4"], "`fracton` is not a setting. Did you mean `fraction`?"),
        (["nowhere.csv"], "nowhere.csv"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(capsys, tmp_path, arguments, words):
    status, out, err = run(capsys, "run", *arguments, "--store", str(tmp_path / "runs"), "--quiet")
    assert status == 1
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"+,a,b\na,a,b\nb,b\n", "line 3"),
        (b"0,1,2\n1,2,0\n2,0,1\n", "`0` in the corner"),
        (b"+,a,b\n" + b"x" * 10_000_000, "MB"),
    ],
)
def test_a_bad_table_is_one_line(capsys, tmp_path, content, words):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    status, _, err = run(capsys, "run", str(path), "--store", str(tmp_path / "runs"))
    assert status == 1
    assert err.count("\n") == 1
    assert words in err


def test_reading_what_is_not_there_is_one_line(capsys, tmp_path):
    store = str(tmp_path / "nowhere")
    for command in (["show", "x"], ["plot", "x"]):
        status, _, err = run(capsys, *command, "--store", store)
        assert (status, err.count("\n")) == (1, 1)
        assert "holds no runs" in err
    status, out, _ = run(capsys, "list", "runs", "--store", store)
    assert status == 0
    assert "No runs" in out


def test_runs_are_told_apart_from_others_of_their_task_alone(capsys, tmp_path):
    store = Store(str(tmp_path))
    for overrides in (["width=16"], ["width=32"]):
        stored(store, *overrides)
    stored(store, "depth=1", task="D4")
    out = run(capsys, "list", "runs", "--store", str(tmp_path))[1]
    lines = {line.rstrip().rpartition("  ")[2] for line in out.splitlines() if "seed=0" in line}
    assert lines == {
        "p=3 fraction=0.5 weight_decay=1 width=16 seed=0",
        "p=3 fraction=0.5 weight_decay=1 width=32 seed=0",
        "fraction=0.5 weight_decay=1 seed=0",
    }


def test_list_knows_every_kind(capsys):
    from groklab import measures, models, tasks

    status, out, _ = run(capsys, "list")
    assert status == 0
    for name in [*tasks.OPERATIONS, *(kind.__name__ for kind in (*models.KINDS, *measures.KINDS))]:
        assert name in out
    assert {"size", "validation"} <= {name for entry in catalogue.kinds("tasks") for name, _, _ in entry.fields}
    assert {entry.name for entry in catalogue.kinds("models")} == {kind.__name__ for kind in models.KINDS}


def test_a_quiz_and_its_answer(capsys):
    status, asked, _ = run(capsys, "quiz")
    assert status == 0
    assert asked.split("\n\n")[0].count("?") == 20
    assert run(capsys, "quiz")[1] == asked
    status, told, _ = run(capsys, "quiz", "--answer")
    assert status == 0
    assert told.count("[") == 20
    assert "addition modulo 7, x + y" in told
    for shown, filled in zip(asked.split("\n")[2:9], told.split("\n")[2:9], strict=True):
        assert all(a in ("?", b) for a, b in zip(shown.split(), filled.split(), strict=True))


def test_a_quiz_takes_a_task_settings_and_seeds(capsys, tmp_path):
    assert "the symmetric group S3" in run(capsys, "quiz", "S3", "--answer")[1]
    assert "division modulo 5" in run(capsys, "quiz", "division", "p=5", "fraction=0.5", "--answer")[1]
    assert "addition modulo 5" in run(capsys, "quiz", "task.operation.p=5", "--answer")[1]
    first, second = (run(capsys, "quiz", "--seed", seed)[1] for seed in "12")
    assert first != second
    assert run(capsys, "quiz", "--seed", "1..2")[1] == f"{first}\n{second}"
    assert run(capsys, "quiz", "seed=1")[1] == first
    table = tmp_path / "mine.csv"
    table.write_text("+,x,y,z\nx,x,y,z\ny,y,z,?\nz,z,x,y\n")
    assert "A ? is blank in the table itself." in run(capsys, "quiz", str(table), "--answer")[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["S5"], "`task` must have at most 26 elements in a quiz, one for each letter, got 120. Try a smaller p"),
        (["addition", "p=97"], "one for each letter, got 97."),
        (["addtion"], "`addtion` is not a known operation. Did you mean `addition`?"),
        (["--seed", "many"], "must be a whole number, got 'many'."),
        (["--seed", "-1"], "`seed` must be at least 0 and below 2147483648, got -1."),
        (["seed=1", "--seed", "1"], "`seed` is given twice."),
        (["fraction=60"], "`fraction` must be above 0 and below 1, got 60. Did you mean 0.6?"),
        (["p=2", "fraction=0.05"], "`fraction` must leave examples for training"),
        (["outliers=3"], "`outliers` must be 0 in a quiz"),
        (["nowhere.csv"], "nowhere.csv"),
    ],
)
def test_a_quiz_that_cannot_be_is_one_line(capsys, arguments, words):
    status, out, err = run(capsys, "quiz", *arguments)
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert words in err


SAYS = Sentence("plateau", "Still near chance.", "section 3.1", "accuracy", "≤ 0.2")


def verdict(claim=SAYS, seconds=754.0, value=0.1, **changes):
    made = Made("division", 1.07, seconds, "abc", "cpu (x86_64, 2 cores)")
    found = Estimate(value, 0.05, math.inf, 3)
    return Verdict("power2022", "fig1-left", "laptop", claim, found, "undecided", "", made)._replace(**changes)


@pytest.fixture
def judged(tmp_path):
    place = str(tmp_path / "runs")
    ledger.enter(Store(place), [verdict(), verdict(SAYS._replace(name="when"), verdict="holds", value=math.inf)])
    ledger.enter(Store(place), [verdict(figure="outliers", scale="paper", verdict="fails", seconds=7260.0)])
    return place


def test_claims_as_a_table(capsys, judged):
    status, out, _ = run(capsys, "claims", "--store", judged)
    assert status == 0
    assert "power2022/fig1-left/plateau" in out
    assert "0.1 [0.05, ∞] (n = 3)" in out
    assert out.splitlines()[-1] == "3 claims: 1 holds, 1 fails, 1 undecided"


def test_claims_for_other_programs_and_as_a_page(capsys, judged):
    rows = json.loads(run(capsys, "claims", "--format", "json", "--store", judged)[1])
    assert [row["claim"]["name"] for row in rows] == ["plateau", "when", "plateau"]
    assert rows[1]["found"]["value"] == "inf"
    page = run(capsys, "claims", "--format", "markdown", "--store", judged)[1]
    assert page.startswith("# Claims\n")
    assert "## power2022, paper scale" in page
    assert "| ✗ fails | outliers/plateau |" in page


def test_claims_of_an_empty_store(capsys, tmp_path):
    store = str(tmp_path / "nowhere")
    status, out, _ = run(capsys, "claims", "--store", store)
    assert status == 0
    assert f"No claims in {store} yet. Judge some with: groklab reproduce" in out
    assert json.loads(run(capsys, "claims", "--format", "json", "--store", store)[1]) == []
    assert "0 claims" in run(capsys, "claims", "--format", "markdown", "--store", store)[1]
    assert not (tmp_path / "nowhere").exists()


def test_list_tells_what_is_known_of_the_papers(capsys, judged):
    status, out, _ = run(capsys, "list", "papers", "--store", judged)
    assert status == 0
    lines = {line.split()[0]: line for line in out.splitlines() if line.startswith("power2022/")}
    assert set(lines) == {f"power2022/{entry.name}" for entry in figures("power2022")}
    assert "✓ 1 ✗ 0 ? 1, 13 min  –" in lines["power2022/fig1-left"]
    assert "–                    ✓ 0 ✗ 1 ? 0, 121 min" in lines["power2022/outliers"]
    assert "–                    –" in lines["power2022/fig3-left"]
    assert all(entry.summary in lines[f"power2022/{entry.name}"] for entry in figures("power2022"))


def test_a_damaged_verdict_does_not_hide_the_papers(capsys, judged):
    Store(judged).folder.folder("claims").write("power2022.outliers.paper.json", b"[{")
    status, out, _ = run(capsys, "list", "papers", "--store", judged)
    assert status == 0
    assert "power2022/fig1-left" in out
    assert "power2022.outliers.paper.json` is damaged" in out
    status, _, err = run(capsys, "claims", "--store", judged)
    assert (status, err.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["power2021"], "`power2021` is not a paper. Did you mean `power2022`?"),
        (["power2022/fig1-lft"], "`fig1-lft` is not a figure of power2022. Did you mean `fig1-left`?"),
        (["power2022/outliers", "power2022/x"], "`x` is not a figure of power2022. Known: fig1-left, "),
        (["weight_decay=1"], "`PAPER[/FIGURE]` must say which figure shall have weight_decay=1. Known: power2022, "),
        (["power2022/outliers", "p=23", "frac=1"], "power2022/outliers: `frac` is not a setting. Did you mean"),
        (["power2022", "outliers=3"], "power2022/outliers: `outliers` is what the figure itself varies. "),
    ],
)
def test_a_misspelt_figure_is_one_line_and_trains_nothing(capsys, tmp_path, arguments, words):
    status, out, err = run(capsys, "reproduce", *arguments, "--store", str(tmp_path / "runs"), "--quiet")
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert words in err
    assert not (tmp_path / "runs").exists()


def test_a_figure_with_something_changed(capsys, tmp_path):
    store, changes = str(tmp_path / "runs"), ["p=11", "width=16", "steps=30", "seed=4,5"]
    status, out, err = run(capsys, "reproduce", *changes, "nanda2023/phase-change", "--store", store, "--quiet")
    assert (status, err) == (0, "")
    assert out.startswith("nanda2023/phase-change  with p=11 width=16 steps=30 seed=4,5\n")
    assert "Judged by the bounds of the figure as it is; not entered in the ledger." in out
    (place,) = [line.removeprefix("figure: ") for line in out.splitlines() if line.startswith("figure: ")]
    assert Path(place).name == "nanda2023.phase-change.laptop.p=11.width=16.steps=30.seed=4,5.png"
    assert Path(place).stat().st_size > 10_000
    assert {found.plan()["plan"]["task"]["operation"]["p"] for found in Store(store).runs()} == {11}
    assert "No claims" in run(capsys, "claims", "--store", store)[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["reproduse"], "`reproduse` is not a command. Did you mean `reproduce`?"),
        (["-"], "`-` is not a command. Known: run, "),
        (["--", "run"], "`--` is not a command. Known: run, "),
        (["-5"], "`-5` is not a command. Known: run, "),
        (["--versoin"], "`--versoin` is not an option of groklab. Did you mean `--version`?"),
        (["reproduce"], "`PAPER[/FIGURE]` is missing. Try groklab reproduce --help."),
        (["reproduce", "power2022", "--scale", "huge"], "`--scale`: invalid choice: 'huge' (choose from "),
        (["reproduce", "power2022", "--engine", "steam"], "`--engine`: invalid choice: 'steam' (choose from "),
        (["run", "addition", "--stepz", "3"], "`--stepz` is not an option of groklab run. Did you mean `--steps`?"),
        (["claims", "power2022"], "`power2022` is one argument too many. Try groklab claims --help."),
        (["run", "addition", "--seed"], "`--seed`: expected one argument. Try groklab run --help."),
        (["run", "addition", "--s", "3"], "ambiguous option: --s could match --seed, --steps, --store."),
    ],
)
def test_a_misuse_is_one_line(capsys, arguments, words):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    err = capsys.readouterr().err
    assert caught.value.code == 2
    assert words in err
    assert err.count("\n") == 1


def test_the_help_of_reproduce_tells_the_figures(capsys):
    with pytest.raises(SystemExit):
        main(["reproduce", "--help"])
    out = capsys.readouterr().out
    for entry in figures("power2022"):
        assert f"power2022/{entry.name} " in out
        assert entry.summary in out


def test_help_keeps_the_names_of_others(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "A run's network as files for TransformerLens." in capsys.readouterr().out


def test_help_tells_every_setting(capsys):
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    out = capsys.readouterr().out
    for name in ("weight_decay", "fraction", "heads", "growth", "batch_size", "noise_form", "init", "products"):
        assert f"{name}=" in out
    for words in (
        "model=… transformer, mlp",
        "optimizer=… adam, adamw, sgd",
        "rule=… adam, momentum",
        "operation=… add",
    ):
        assert words in out


def test_verdicts_name_their_source_and_what_is_our_choice():
    console = Console(width=150, record=True, file=io.StringIO())
    console.print(
        verdicts_table([verdict(SAYS._replace(source="section 3.1; at laptop scale λ = 0.2, our choice [sic]"))])
    )
    assert "(section 3.1; at laptop scale λ = 0.2, our choice [sic])" in console.export_text()


@pytest.mark.slow
def test_ctrl_c_saves_and_the_same_command_goes_on(tmp_path):
    store = str(tmp_path / "runs")
    command = [sys.executable, "-m", "groklab", "run", "addition", "p=11", *SMALL, "--store", store, "--no-figure"]
    first = subprocess.Popen(
        [*command, "--steps", "100000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not any(each.folder.has(RECENT) for each in Store(store).runs()):  # it trains; saved is later
        assert time.monotonic() < deadline
        assert first.poll() is None
        time.sleep(0.2)
    first.send_signal(signal.SIGINT)
    out, err = first.communicate()
    assert first.returncode == 130
    assert err == ""
    assert "The same command goes on from here" in out
    (saved,) = Store(store).runs()
    assert 0 < saved.status()["step"] < 100_000_000
