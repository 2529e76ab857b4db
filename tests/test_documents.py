"""What stands in the root and in docs/: that its links lead somewhere, and that the site has every page."""

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path

import numpy as np
import pytest

import groklab
from groklab.cli import landscape_command, run_command
from groklab.cli.parser import Parser
from groklab.training import prepare, sweep_from

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def gathered(folder):
    spec = importlib.util.spec_from_file_location("pages", ROOT / "docs/pages.py")
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    pages.gather(folder)
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}


def links(text):
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link and not link.startswith("#")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for link in links(path.read_text(encoding="utf-8")):
        assert (path.parent / link.partition("#")[0]).exists(), link


def test_the_site_has_every_page_and_its_links_stay_on_it(tmp_path):
    pages = gathered(tmp_path)
    named = re.findall(
        r"'([^']+\.md)'", str(tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]["nav"])
    )
    assert sorted(named) == sorted(pages)
    for name, text in pages.items():
        for link in links(text):
            assert (tmp_path / name).parent.joinpath(link.partition("#")[0]).exists(), (name, link)


def test_the_reference_has_every_public_name(tmp_path):
    pages = gathered(tmp_path)
    for name, place in groklab._PLACES.items():
        row = next(line for line in pages["reference/index.md"].splitlines() if f"`gl.{name}`" in line)
        assert row.split("|")[2].strip()
        target, _, anchor = links(row)[0].partition("#")
        assert f"::: {anchor or place}\n" in pages[f"reference/{target}"]


def test_the_examples_of_new_parts_work_from_top_to_bottom(monkeypatch, tmp_path):
    """`docs/extend.md` is followed as a reader would, an objective of their own included."""
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/extend.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    scope = {"__name__": "reader"}
    for block in blocks:
        exec(compile(block, "docs/extend.md", "exec"), scope)
    assert scope["results"]["seeds"].sizes["seed"] == 3
    assert np.isfinite(scope["history"].dataset.worst_train_loss).all()


COMMANDS = sorted(
    {
        command.strip()
        for path in PAGES
        for command in re.findall(
            r"^groklab ((?:run|landscape) [^#\n]*[^#\n\\\\])(?:#.*)?$", path.read_text(encoding="utf-8"), re.MULTILINE
        )
        if ".csv" not in command
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_on_the_pages_can_be_carried_out(command):
    name, *words = shlex.split(command)
    module = {"run": run_command, "landscape": landscape_command}[name]
    parser = Parser(f"groklab {name}", "")
    module.configure(parser)
    options = parser.parsed(words)
    if name == "landscape":
        assert landscape_command.grid_of(options).plans()
        return
    given = [f"{name}={value}" for name in ("seed", "steps") if (value := getattr(options, name)) is not None]
    plans = sweep_from(options.task, [*options.overrides, *given]).plans()
    prepare(run_command.changed_on_the_way(plans[0], options.then))


def test_the_citation_is_that_of_this_version():
    assert f"\nversion: {groklab.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_the_lock_names_every_dependency():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[\w-]+", each)[0] for each in project["dependencies"]}
    lines = [
        line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert wanted <= {line.partition("==")[0].lower() for line in lines}
