"""`groklab why RUN`: which condition a run lacked to generalize, and whether the change that should help does."""

import argparse
from collections.abc import Iterator

from rich.console import Console

from groklab.cli import as_json, output
from groklab.cli.choice import RUN, add_choice, add_data, chosen, take_data
from groklab.cli.progress import ProgressLine
from groklab.cli.words import number
from groklab.diagnosis import Cost, Diagnosis, Finding, Trial, best_of, cost_of, trial_of, tried, validation_size, why
from groklab.diagnosis.causes.no_rule import CAUSE as NO_RULE
from groklab.diagnosis.why import GENERALIZED, UNFINISHED, UNKNOWN, UNSETTLED
from groklab.runner.compiled import keep_programs
from groklab.store import Store

OUTCOMES = {
    GENERALIZED: "it generalized at step {step:,} and stayed so: nothing is missing",
    UNSETTLED: "it generalized at step {step:,}, and fell below again",
    UNFINISHED: "it is not finished: the command that began it goes on; what can be said so far:",
    UNKNOWN: "it did not generalize, and nothing that is known to prevent that was found",
}
LIKELY = ((0.8, "likely"), (0.6, "maybe"), (0.0, "less likely"))  # weights order causes, and are no probabilities
EPILOG = """examples:
  groklab why --last                 what the run trained last lacked
  groklab why addition-949e --try    the same, and the likeliest cure tried; it says before what that takes at most
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", nargs="?", help=RUN)
    parser.add_argument("--try", dest="is_tried", action="store_true", help="train it with the change that should help")
    parser.add_argument("--json", action="store_true", help="as JSON, for other programs")
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    add_choice(parser)
    add_data(parser)
    parser.epilog = EPILOG


def execute(options: argparse.Namespace) -> int:
    """Say what is missing, and try it if asked to."""
    take_data(options)
    store = Store(options.store)
    run = chosen(store, options.run, is_last=options.last)
    with Console(stderr=True).status("looking at the run …"):
        found = why(run)
    console = output.console()
    if not options.json:
        for line in lines_of(found):
            console.print(line, highlight=False, soft_wrap=True)
    trial = _trial(found, store, options) if options.is_tried and found.outcome != GENERALIZED else None
    if options.json:
        print(as_json.text_of({**found.as_dict(), "trial": trial.as_dict() if trial else None}))
    elif trial is not None:
        console.print(_outcome(found, trial), highlight=False, soft_wrap=True)
    return 0


def lines_of(found: Diagnosis) -> Iterator[str]:
    """Yield what became of a run, and what may have been missing."""
    said = OUTCOMES.get(found.outcome, "it did not generalize; what it lacked, the likeliest first:")
    if found.outcome == UNFINISHED and not found.findings:
        said = said.partition(";")[0] + "; nothing can be said so far"
    yield f"{found.run.name}: {said.format(step=found.generalized_at or 0)}"
    for place, finding in enumerate(found.findings, 1):
        yield f"{place}. {finding.cause} ({_likely(finding)}): {finding.evidence}"
        if finding.change is not None:
            yield f"   what should help: the same with {change_in_words(finding)}"


def _likely(finding: Finding) -> str:
    return next(word for least, word in LIKELY if finding.weight >= least)


def change_in_words(finding: Finding) -> str:
    """Return a change as one would write it, and when it should show."""
    change = finding.change
    assert change is not None
    words = " ".join(f"{name}={value}" for name, value in change.settings.items() if name != "steps")
    steps = f"--steps {change.steps}"
    when = ""
    if change.expected is not None:
        least, middle, most = (number(round(step)) for step in change.expected)
        when = f"; it should generalize near step {middle} ({least} to {most})"
    return f"{words} {steps}".strip() + when


def _trial(found: Diagnosis, store: Store, options: argparse.Namespace) -> Trial:
    """Say what a trial takes at most, and make it."""
    keep_programs()
    plan, finding = trial_of(found)
    what = "a control with its answers shuffled" if finding.cause == NO_RULE else f"trying against {finding.cause}"
    output.say(f"{what}: {_cost(cost_of(found, plan))}")
    with ProgressLine(Console(stderr=True), 1, is_silent=options.quiet or options.json) as progress:
        return tried(found, store, progress)


def _cost(cost: Cost) -> str:
    seconds = "" if cost.seconds is None else f", about {cost.seconds:,.0f} s at the pace of the run"
    return f"at most {cost.steps:,} steps{seconds}"


def _outcome(found: Diagnosis, trial: Trial) -> str:
    generalized = trial.run.status().get("generalized_at")
    took = f"{trial.steps:,} steps of at most {trial.cost.steps:,}"
    if trial.is_control:
        return (
            f"on the same answers shuffled, {trial.run.name} came to a validation accuracy of {trial.best:.1%} at best,"
            f" and the run itself to {best_of(found.run):.1%}{_verdict(found, trial)} ({took})"
        )
    if trial.has_helped:
        return f"it helped: {trial.run.name} generalized at step {generalized:,} ({took})"
    return f"it did not help: {trial.run.name} came to a validation accuracy of {trial.best:.1%} at best ({took})"


def _verdict(found: Diagnosis, trial: Trial) -> str:
    """Say whether a run did better than its control, by more than twice what chance makes of so many cells."""
    own, other = best_of(found.run), trial.best
    cells = max(validation_size(found.run), 1)
    margin = 2 * (2 * max(own, other) * (1 - max(own, other)) / cells) ** 0.5
    return ": no more than where there is nothing to find" if own <= other + margin else ": more than by chance"
