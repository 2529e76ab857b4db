"""Carry out what a figure asks for, draw it and judge its claims."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from groklab.papers import catalogue, ledger
from groklab.papers.claims import Claim, Judged, Made, Scale, Sentence, Verdict, judge
from groklab.papers.figure import Figure, Results, nothing, plans_of
from groklab.papers.variation import check, file_part, varied
from groklab.papers.words import described
from groklab.plots import style
from groklab.plots.file import save
from groklab.runner import Watch, dataset, execute, origin
from groklab.store import Store


class Reproduced(NamedTuple):
    """What came of a figure: its verdicts, where its picture is, and what it concludes, if anything."""

    verdicts: list[Verdict]
    picture: str
    conclusion: str


def reproduce(
    paper: str,
    name: str,
    store: Store,
    *,
    scale: Scale = "laptop",
    changes: Sequence[str] = (),
    engine: str = "local",
    watch: Watch | None = None,
) -> Reproduced:
    """Train what the store lacks for a figure, judge its claims, enter the verdicts in the ledger, and draw it.

    `changes` such as `weight_decay=0.3` hold for all its runs, as `varied` tells. Then its claims are judged by the
    bounds of the figure as it is, and not entered: they were not written for such runs.
    """
    figure = varied(catalogue.load(paper, name), changes)
    results = carry_out(figure, store, scale, engine=engine, watch=watch)
    verdicts = judged(figure, results, paper, name)
    if verdicts and not changes:
        ledger.enter(store, verdicts)  # before drawing, which may lack a package or a place to write
    picture = draw(figure, results, _place(store, f"{paper}.{name}.{scale}{file_part(changes)}.png"))
    return Reproduced(verdicts, picture, figure.concludes(results))


def planned(paper: str, name: str, scale: Scale, changes: Sequence[str] = ()) -> int:
    """Return the number of runs that a figure asks for; refuse changes that it does not allow."""
    sweeps = varied(catalogue.load(paper, name), changes).sweeps(scale)
    if changes:
        check(sweeps)
    return len(plans_of(sweeps))


def carry_out(
    figure: Figure, store: Store, scale: Scale, *, engine: str = "local", watch: Watch | None = None
) -> Results:
    """Carry out the sweeps of a figure, and what it calculates."""
    sweeps = figure.sweeps(scale)
    plans = plans_of(sweeps)
    runs = {plan.id: run for plan, run in zip(plans, execute(plans, store, engine=engine, watch=watch), strict=True)}
    data = {name: dataset(sweep, [runs[plan.id] for plan in sweep.plans()]) for name, sweep in sweeps.items()}
    began = time.perf_counter()
    if figure.calculated is not nothing and watch is not None:
        watch.calculating()
    calculated = figure.calculated(scale)
    seconds = time.perf_counter() - began if calculated else 0.0
    return Results(scale, {**data, **calculated}, store, {runs[plan.id].name: plan for plan in plans}, seconds)


def judged(figure: Figure, results: Results, paper: str, name: str) -> list[Verdict]:
    """Return the verdicts on the claims that have a form at the scale of the results."""
    made = _made(results)
    every = [(claim, judge(claim, results.scale, results)) for claim in figure.claims]
    return [
        Verdict(paper, name, results.scale, _sentence(claim, one), one.found, one.verdict, why, made)
        for claim, one in every
        if one is not None
        for why in [_why(claim, one, results.scale)]
    ]


def draw(figure: Figure, results: Results, target: str) -> str:
    """Draw a figure into a file and return its path."""
    with style.use():
        return save(figure.draw(results), target)


def _sentence(claim: Claim, one: Judged) -> Sentence:
    return Sentence(claim.name, claim.says, claim.source, claim.quantity.words, str(one.bound))


def _why(claim: Claim, one: Judged, scale: Scale) -> str:
    return "" if one.verdict == "holds" else f"{one.why} {claim.because.get(scale, '')}".strip()


def _made(results: Results) -> Made:
    """Say what the runs are, what they cost in seconds, on what hardware and by which version they were made."""
    runs = [results.store.named(name) for name in results.plans]
    about = [run.plan() for run in runs] if runs else [origin()]
    settings = dict.fromkeys(_setting(results, name) for name in results.data)
    return Made(
        setting="; ".join(settings),
        resolution=max((plan.record.growth for plan in results.plans.values()), default=1.0),
        seconds=round(results.seconds + sum(run.status().get("seconds", 0.0) for run in runs), 3),
        commit=_joined(each.get("commit", "") for each in about),
        hardware=_joined(_machine(each["hardware"]) for each in about),
        every=_furthest([plan.record.every for plan in results.plans.values()]),
    )


def _furthest(every: Sequence[int]) -> int:
    """Return how far apart recordings are at most; 0 where any run has no limit."""
    return max(every) if every and all(every) else 0


def _setting(results: Results, name: str) -> str:
    said = results[name].attrs.get("setting")
    return said or described(*(plan for plan, _ in results.runs(name)))


def _machine(hardware: Mapping[str, Any]) -> str:
    return f"{hardware['device']} ({hardware['processor']}, {hardware['cores']} cores)"


def _joined(words: Iterator[str]) -> str:
    return ", ".join(sorted({word for word in words if word}))


def _place(store: Store, name: str) -> str:
    return f"{store.folder.local_path or '.'}/figures/{name}"
