"""No command removes, moves or writes over what groklab did not make, whatever the store is called."""

import os
import shutil
from pathlib import Path

import pytest

from groklab.cli import main
from groklab.papers import ledger
from groklab.store import Store

NAMES = ("notes.txt", "sub/deep.txt", "plan.json", "metrics/part-00000.parquet",
         "snapshots/step-0000000001.safetensors",
         "claims/mine.json", "figures/mine.png", ".state.safetensors.0123abcd", "addition/status.json",
         "state.safetensors", "lock", "part-00000.parquet")  # fmt: skip
RUN = ("run", "addition", "p=5", "model=mlp", "width=4", "hidden=4", "--steps", "2", "--quiet")


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """A folder of the user's own, which is also the current one."""
    folder = tmp_path / "mine"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"of the user's: {name}")
    monkeypatch.chdir(folder)
    yield folder
    assert [name for name in NAMES if (folder / name).read_text() != f"of the user's: {name}"] == []


def everything(store):
    """Run each command that writes."""
    for command in (RUN, (*RUN, "--again")):
        main([*command, "--store", store])
    run = next((name for name in os.listdir(store) if name.startswith("addition-")), "addition-") if store else "x"
    for command in (["plot", run], ["measure", run, "loss"], ["export", run, "--output", store], ["claims"],
                    ["list", "runs"], ["show", run]):  # fmt: skip
        main([*command, "--store", store])


@pytest.mark.parametrize("name", ["mine", "mine/sub", "mine/sub/../.", "mine/new"])
def test_a_store_in_a_strangers_folder_leaves_all_as_it_was(capsys, tmp_path, mine, name):
    everything(str(tmp_path / name))
    assert "addition-" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["mine::2024", "file::mine", "mine/sub::x", "::", ""])
@pytest.mark.parametrize("again", [[], ["--again"]])
def test_a_store_by_another_name_is_refused(capsys, tmp_path, mine, name, again):
    assert main([*RUN, *again, "--store", name and str(tmp_path / name)]) == 1
    assert main(["export", "x", "--output", name and str(tmp_path / name)]) == 1
    assert capsys.readouterr().err.count("groklab: ") == 2


@pytest.mark.parametrize("again", [[], ["--again"]])
def test_a_run_that_leads_elsewhere_is_refused(capsys, tmp_path, mine, again):
    assert main([*RUN, "--no-figure", "--store", str(tmp_path / "runs")]) == 0
    (run,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
    run.rename(tmp_path / "aside")
    run.symlink_to(mine, target_is_directory=True)
    assert main([*RUN, *again, "--store", str(tmp_path / "runs")]) == 1
    assert "is a link" in capsys.readouterr().err


def test_verdicts_are_entered_beside_what_a_stranger_keeps_there(tmp_path, mine):
    """Those that the project keeps from elsewhere, which must be readable themselves."""
    kept = sorted((Path(__file__).parents[2] / "ledger").glob("*.json"))
    (tmp_path / "other" / "claims").mkdir(parents=True)
    for path in kept:
        shutil.copy(path, tmp_path / "other" / "claims")
    verdicts = ledger.read(Store(str(tmp_path / "other")))
    assert len(verdicts) >= len(kept) > 0
    ledger.enter(Store(str(mine)), verdicts)
    assert ledger.read(Store(str(mine))) == verdicts
