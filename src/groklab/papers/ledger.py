"""The ledger: the latest verdict on every claim judged in a store. Nothing here imports JAX."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from groklab.errors import RunDamaged
from groklab.estimates import CALCULATED, Estimate
from groklab.papers.claims import LEAST_RUNS, SCALES, Made, Sentence, Verdict
from groklab.store import Folder, Store, from_json, to_json

FOLDER = "claims"
OURS = re.compile(rf"[\w-]+\.[\w-]+\.({'|'.join(SCALES)})\.json")  # what `enter` writes
MARKS = {"holds": "✓", "fails": "✗", "undecided": "?"}


def enter(store: Store, verdicts: Sequence[Verdict]) -> None:
    """Write the verdicts of one figure at one scale; those reached before are replaced."""
    first = verdicts[0]
    folder = store.folder.folder(FOLDER)
    folder.create()
    name = f"{first.paper}.{first.figure}.{first.scale}.json"
    folder.write(name, to_json({"verdicts": _plain(verdicts)}))


def read(store: Store) -> list[Verdict]:
    """Return all verdicts in a store, by paper, figure and scale."""
    folder = store.folder.folder(FOLDER)
    names = [name for name in folder.names() if OURS.fullmatch(name)]
    return [verdict for name in names for verdict in _verdicts(folder, name)]


def as_json(verdicts: Sequence[Verdict]) -> str:
    """Return verdicts as JSON; what is infinite or unknown is text."""
    return json.dumps(_plain(verdicts), indent=1, ensure_ascii=False)


def as_markdown(verdicts: Sequence[Verdict]) -> str:
    """Return the ledger as a page: a count, and a table for each paper and scale."""
    lines = ["# Claims", "", *_preface(verdicts)]
    for paper, scale in dict.fromkeys((verdict.paper, verdict.scale) for verdict in verdicts):
        chosen = [verdict for verdict in verdicts if (verdict.paper, verdict.scale) == (paper, scale)]
        lines += ["", f"## {paper}, {scale} scale", "", *_settings(chosen), "", *_table(chosen), *_reasons(chosen)]
    return "\n".join(lines) + "\n"


def marked(verdict: Verdict) -> str:
    """Return the word of a verdict with its mark."""
    return f"{MARKS[verdict.verdict]} {verdict.verdict}"


def in_words(verdict: Verdict) -> str:
    """Write a measured number with its interval and the number of runs."""
    value, low, high, count = verdict.found
    if count == 0 or math.isnan(value):
        return "not measured"
    if count == CALCULATED:
        return f"{short(value)} (calculated)"
    interval = "" if low == high == value else f" [{short(low)}, {short(high)}]"
    return f"{short(value)}{interval} (n = {count})"


def short(value: float) -> str:
    """Write a number in a few characters."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def counted(verdicts: Sequence[Verdict]) -> str:
    """Say how many claims hold, fail and are undecided."""
    counts = {word: sum(verdict.verdict == word for verdict in verdicts) for word in MARKS}
    return f"{len(verdicts)} claims: " + ", ".join(f"{count} {word}" for word, count in counts.items())


def _preface(verdicts: Sequence[Verdict]) -> list[str]:
    return [
        "What the papers say, and what was measured. Made by `make claims`; not edited by hand.",
        "",
        f"{counted(verdicts)}. A claim *holds* or *fails* if the whole interval of what was measured lies on one",
        f"side of what is expected. It is *undecided* otherwise, and where fewer than {LEAST_RUNS} runs were measured.",
        "A figure that is reproduced again is judged again; the verdicts here are the latest.",
        "",
        "Intervals are nominally 95 %. With three runs they are no more than the range of what was seen, which covers",
        "the median three times in four. Times are Kaplan–Meier medians, and slopes of times are fitted to all runs: a",
        "run that never got there within its budget is censored, not left out; ∞ means that the median run did not.",
        "Shares of runs have Wilson intervals, all else bootstrap intervals; what runs leave unknown opens them.",
        "A run has memorized where its training accuracy, and generalized where its validation accuracy first is 99 %,",
        "unless its setting says otherwise.",
        "n counts runs, or seeds where a number takes several runs of each, on both sides of a comparison together.",
    ]


def _settings(verdicts: Sequence[Verdict]) -> list[str]:
    figures = {verdict.figure: verdict.made for verdict in verdicts}
    about = sorted({(made.hardware, made.commit) for made in figures.values()})
    made = "; ".join(f"{hardware}{f', commit {commit}' if commit else ''}" for hardware, commit in about)
    rows = [
        f"| {name} | {_cell(made.setting)} | {_spacing(made)} | {made.seconds:,.0f} s |"
        for name, made in figures.items()
    ]
    head = ["| figure | setting | recorded every | cost |", "| --- | --- | --- | --- |"]
    return [f"Made on {made}. The cost is that of training; runs that figures share count in each.", "", *head, *rows]


def _cell(text: str) -> str:
    """Return text that does not end a cell of a table."""
    return text.replace("|", "\\|")


def _spacing(made: Made) -> str:
    if made.resolution <= 1:
        return "–"  # nothing was trained
    return f"{(made.resolution - 1):.0%}{f', at most {made.every} steps' if made.every else ''}"


def _table(verdicts: Sequence[Verdict]) -> list[str]:
    rows = [
        f"| {marked(each)} | {each.figure}/{claim.name} | {claim.says} | {claim.quantity} | {claim.expected} | "
        f"{in_words(each)} | {claim.source} |"
        for each, claim in ((each, each.claim) for each in verdicts)
    ]
    return ["| verdict | claim | it says | quantity | expected | measured | source |", "| --- " * 7 + "|", *rows]


def _reasons(verdicts: Sequence[Verdict]) -> list[str]:
    reasons = [f"- **{each.figure}/{each.claim.name}**: {each.because}" for each in verdicts if each.because]
    return ["", "Why, as far as we know:", "", *reasons] if reasons else []


def _verdicts(folder: Folder, name: str) -> list[Verdict]:
    try:
        rows = from_json(folder.read(name), name)["verdicts"]
        return [_verdict(**row) for row in rows]
    except (RunDamaged, KeyError, TypeError, ValueError):
        raise RunDamaged(
            f"`{folder.url}/{name}` is damaged or of another version. Delete it and reproduce the figure again; "
            "nothing is trained anew."
        ) from None


def _verdict(claim: Mapping[str, Any], found: Mapping[str, Any], made: Mapping[str, Any], **rest: str) -> Verdict:
    estimate = Estimate(**found)
    interval = dict(zip(("value", "low", "high"), map(float, estimate), strict=False))  # text where not finite
    return Verdict(claim=Sentence(**claim), found=estimate._replace(**interval), made=Made(**made), **rest)


def _plain(value: Any) -> Any:
    """Return what JSON can say: tuples with names as objects, and numbers that are not finite as text."""
    if hasattr(value, "_asdict"):
        return {name: _plain(each) for name, each in value._asdict().items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
