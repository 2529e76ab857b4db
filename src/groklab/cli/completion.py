"""What may come next on the command line, for a shell to complete. It answers at once: nothing here imports JAX."""

import argparse
import glob
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import argcomplete

from groklab.cli import catalogue, declared
from groklab.cli.commands import COMMANDS
from groklab.cli.declared import Argument
from groklab.naming import word_of
from groklab.papers import PAPERS
from groklab.papers.catalogue import figures, title

Words = Mapping[str, str]  # what may come, and a line of help for each: fish and zsh show it
EVERYTHING = ("tasks", "models", "objectives", "optimizers", "training")
PACKAGES = {
    "task": "tasks",
    "model": "models",
    "objective": "objectives",
    "optimizer": "optimizers",
}  # where settings of a dotted name are
PARTS = {
    "model": "what learns",
    "optimizer": "how it learns",
    "rule": "how a gradient becomes a direction",
    "objective": "what counts as wrong",
    "filter": "what gradients go through before the rule",
    "constraint": "what weights are held to after every update",
}
SKIP = ("Given",)  # its settings are a table, not words
PLACES = ("--store", "--out", "--output", "--export")
LISTS = {  # options whose value is a list, and where its words are
    "--track": ("groklab.tracking", "TRACKERS"),
    "--track-only": ("groklab.tracking", "USUAL"),
}
STORE = "./runs"  # that of groklab.store, which takes a fifth of a second to import


class Line(NamedTuple):
    """What stands before the word to be completed."""

    options: dict[str, Argument]
    given: dict[str, str]  # options, and the values that they have
    words: list[str]  # that are neither options nor their values
    positionals: list[Argument]


def complete() -> None:
    """Answer the shell and end the process, where it is the shell that asks; argcomplete knows how it does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    rest = parser.add_argument("words", nargs=argparse.REMAINDER)
    rest.completer = _completer  # pyright: ignore[reportAttributeAccessIssue]
    argcomplete.autocomplete(parser, always_complete_options=False)


def candidates(words: Sequence[str], prefix: str) -> Words:
    """Return what may stand in the place of `prefix` after the words of a command line, not all of which begin so."""
    if not words:
        return COMMANDS
    if words[0] not in COMMANDS:
        return {}
    line = _read(words[0], words[1:])
    if prefix.startswith("-"):
        name, sign, value = prefix.partition("=")
        if sign:
            return {f"{name}={each}": text for each, text in _values_of(line, name, value).items()}
        return {name: each.help for name, each in line.options.items() if name not in line.given}
    if line.options.get(words[-1], Argument((), (), False, "")).takes_value:
        return _values_of(line, words[-1], prefix)
    return NEXT[words[0]](line, prefix) if words[0] in NEXT else _chosen(line)


def _completer(prefix: str, parsed_args: argparse.Namespace, **_: object) -> Words:
    return candidates(parsed_args.words or [], prefix)


def _read(command: str, words: Sequence[str]) -> Line:
    found = declared.arguments(command)
    help = {"--help": Argument((), (), False, "show what the command takes and exit")}
    options = {name: each for each in found for name in each.names} | help
    line = Line(options, {}, [], [each for each in found if not each.names])
    before = ""  # the option whose value comes next
    for word in words:
        name, _, value = word.partition("=")
        if before:
            line.given[before], before = word, ""
        elif name in options:
            line.given[name] = value
            before = name if options[name].takes_value and name == word else ""
        else:
            line.words.append(word)
    return line


def _values_of(line: Line, name: str, prefix: str) -> Words:
    if name in PLACES:
        return _paths(prefix, ("",))
    if name in LISTS:
        *before, _ = prefix.split(",")
        fresh = [each for each in declared.words(*LISTS[name]) if each not in before]
        return dict.fromkeys((",".join([*before, each]) for each in fresh), "")
    return dict.fromkeys(line.options[name].choices, "") if name in line.options else {}


def _chosen(line: Line) -> Words:
    """Return the choices of the positional argument that comes next."""
    rest = line.positionals[len(line.words) :]
    return dict.fromkeys(rest[0].choices, "") if rest else {}


def _training(line: Line, prefix: str) -> Words:
    return _task_or_settings(line, prefix, _tasks(), EVERYTHING)


def _table(line: Line, prefix: str) -> Words:
    return _task_or_settings(line, prefix, _operations(), ("tasks",))


def _task_or_settings(line: Line, prefix: str, tasks: Words, packages: Sequence[str]) -> Words:
    """Return settings; before them a task may stand, and where nothing is typed yet, it alone is offered."""
    settings = _settings(line, prefix, packages) if line.words or prefix else {}
    return settings if line.words else {**tasks, **_files(prefix), **settings}


def _ruled(line: Line, prefix: str) -> Words:
    """Return runs and tables; after a table, a second one."""
    return _files(prefix) if line.words else {**_run(line, prefix), **_files(prefix)}


def _files(prefix: str) -> Words:
    return _paths(prefix, tuple(declared.words("groklab.tasks.table_file", "ENDINGS")))


def _figures(line: Line, prefix: str) -> Words:
    """Return papers, figures once the paper is named, and settings."""
    paper = prefix.partition("/")[0]
    if prefix != paper and paper in PAPERS:
        return {f"{paper}/{each.name}": each.summary for each in figures(paper)}
    papers = {f"{name}{slash}": title(name) for name in PAPERS for slash in ("", "/")}
    return {**papers, **(_settings(line, prefix, EVERYTHING) if line.words else {})}


def _run(line: Line, prefix: str) -> Words:
    return {} if line.words or "--last" in line.given else _runs(line)


def _several(line: Line, prefix: str) -> Words:
    return {name: text for name, text in _runs(line).items() if name not in line.words}


def _forking(line: Line, prefix: str) -> Words:
    return _settings(line, prefix, EVERYTHING) if line.words else _runs(line)


def _measuring(line: Line, prefix: str) -> Words:
    """Return runs, then measures and the settings of the last one."""
    named = line.words if "--last" in line.given else line.words[1:]
    if not line.words and "--last" not in line.given:
        return _runs(line)
    kinds = {word_of(kind.name): kind for kind in catalogue.kinds("measures")}
    names = declared.words("groklab.measures", "KINDS")
    found = {name: kinds[name].summary for name in names if name in kinds and name not in named}
    last = next((kinds[name] for name in reversed(named) if name in kinds), None)
    settings = {name: text for name, _, text in last.fields} if last else {}
    return {**found, **_assigned(settings, ("measures",), prefix)}


NEXT: dict[str, Callable[[Line, str], Words]] = {
    "run": _training,
    "landscape": _training,
    "table": _table,
    "quiz": _table,
    "reproduce": _figures,
    "show": _run,
    "rule": _ruled,
    "why": _run,
    "export": _run,
    "plot": _several,
    "page": _several,
    "fork": _forking,
    "measure": _measuring,
}


def _tasks() -> dict[str, str]:
    presets = declared.words("groklab.training.presets", "PRESETS")
    return _operations() | dict.fromkeys(presets, "a plan of a paper")


def _operations() -> dict[str, str]:
    groups = declared.words("groklab.tasks.group", "EXAMPLES")
    return dict(catalogue.operations()) | dict.fromkeys(groups, "composition in a group")


def _settings(line: Line, prefix: str, packages: Sequence[str]) -> Words:
    """Return settings that are not given yet, or the values of the one that `prefix` has begun to give."""
    owner, dot, _ = prefix.partition("=")[0].rpartition(".")
    packages = (PACKAGES.get(owner.partition(".")[0], "training"),) if dot else packages
    kinds = [kind for package in packages for kind in catalogue.kinds(package, SKIP)]
    found = {name: text for kind in kinds for name, default, text in kind.fields if default != catalogue.PART}
    if not dot:
        found |= {"operation": "what fills the table", "seed": "all three seeds"}
    if not dot and "models" in packages:
        found |= PARTS
    given = {word.partition("=")[0] for word in line.words}
    fresh = {f"{owner}{dot}{name}": text for name, text in found.items() if f"{owner}{dot}{name}" not in given}
    return _assigned(fresh, packages, prefix)


def _assigned(settings: Words, packages: Iterable[str], prefix: str) -> Words:
    """Return `name=`, or, once the sign is there, `name=` with each of its choices, also after a comma."""
    name, sign, text = prefix.partition("=")
    if not sign:
        return {f"{each}=": help for each, help in settings.items()}
    *before, _ = text.split(",")
    fresh = [each for each in _choices(name, packages) if name in settings and each not in before]
    return {f"{name}={','.join([*before, each])}": "" for each in fresh}


def _choices(name: str, packages: Iterable[str]) -> Sequence[str]:
    if name in ("operation", "task.operation"):
        return [*_operations()]
    parts = {
        "model": declared.words("groklab.models", "KINDS"),
        "objective": declared.words("groklab.objectives", "KINDS"),
        "optimizer": declared.words("groklab.optimizers", "PRESETS"),
        "rule": declared.words("groklab.optimizers", "RULES"),
        "filter": declared.words("groklab.optimizers", "FILTERS"),
        "constraint": declared.words("groklab.optimizers", "CONSTRAINTS"),
        "batch_size": ("512-or-half", "full"),
    }
    last = name.rpartition(".")[2]
    return parts.get(last) or [each for package in packages for each in declared.choices(package).get(last, ())]


def _runs(line: Line) -> dict[str, str]:
    """Return the runs of a store on this machine; a remote one would keep the shell waiting."""
    store = line.given.get("--store") or os.environ.get("GROKLAB_STORE") or STORE
    return {path.parent.name: "" for path in sorted(Path(store).expanduser().glob("*/plan.json"))}


def _paths(prefix: str, endings: tuple[str, ...]) -> dict[str, str]:
    """Return folders and files with certain endings that begin with `prefix`: zsh and fish do not look for them."""
    found = sorted(glob.glob(f"{glob.escape(prefix)}*"))
    folders = {f"{path}/": "" for path in found if os.path.isdir(path)}
    return folders | {path: "" for path in found if path.endswith(endings) and os.path.isfile(path)}
