"""`groklab fork RUN --at STEP name=value …`: go on from a step of a run, with something changed."""

import argparse

from groklab.cli import output
from groklab.cli.choice import RUN, add_choice, add_data, chosen, take_data
from groklab.cli.run_command import SETTINGS_HELP, train_and_tell
from groklab.cli.tracking import add_tracking
from groklab.errors import InvalidSetting
from groklab.plots import draw
from groklab.runner import ENGINES, plan_of
from groklab.runner.compiled import keep_programs
from groklab.store import Run, Store
from groklab.training import sweep_from
from groklab.training.forks import forked

MOMENTS = {"memorized": "memorized_at", "generalized": "generalized_at", "settled": "settled_at", "end": "step"}
EPILOG = """The fork has the run's weights, and what its optimizer remembers, at that step: up to it the two are equal,
bit for bit. The way there is trained again, once for all forks, where the run does not end there.

examples:
  groklab fork division-94d2 --at 500 weight_decay=0          decay ends at step 500
  groklab fork division-94d2 --at memorized batch_size=64,full  noise, or none, once it has memorized
  groklab fork division-94d2 --at end --steps 50000           go on for longer
  groklab fork division-94d2 --at 500 --reset --scale 2       an optimizer that has forgotten, and twice the weights
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("run", nargs="?", help=RUN)
    parser.add_argument("overrides", nargs="*", metavar="name=value", help=SETTINGS_HELP)
    parser.add_argument("--at", help="the step: a number, memorized, generalized, settled or end")
    parser.add_argument("--reset", action="store_true", help="have the optimizer begin anew")
    parser.add_argument("--scale", type=float, default=1.0, help="factor on all weights there (default 1)")
    parser.add_argument("--seed", help="all three seeds: a number, or several as 0,1,2 or 0..4")
    parser.add_argument("--steps", help="the last step, counted from the beginning of the run")
    add_choice(parser)
    add_data(parser)
    parser.add_argument("--engine", choices=ENGINES, default="local", help="where runs are trained (default local)")
    add_tracking(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress line")
    parser.add_argument("--no-figure", action="store_true", help="draw nothing")
    parser.epilog = EPILOG


def execute(options: argparse.Namespace) -> int:
    """Train the forks that the store lacks, print a short table, and draw them over their parent."""
    keep_programs()
    take_data(options)
    store, words = Store(options.store), [options.run, *options.overrides]
    named = [word for word in words if word and "=" not in word]
    if len(named) > 1:
        raise InvalidSetting(f"`run` must be one, got {named[0]} and {named[1]}. Settings have the form name=value.")
    parent = chosen(store, named[0] if named else None, is_last=options.last)
    plan, at = plan_of(parent), step_of(parent, options.at)
    given = [f"{name}={value}" for name in ("seed", "steps") if (value := getattr(options, name)) is not None]
    grid = sweep_from(plan, [*(word for word in words if word and "=" in word), *given])
    how = {"reset": options.reset, "scale": options.scale}
    runs = train_and_tell([forked(plan, each, at, **how) for each in grid.plans()], store, options)
    if not options.no_figure:
        output.console().print(f"figure: {draw([parent, *runs])}", soft_wrap=True, highlight=False)
    return 0


def step_of(run: Run, text: str | None) -> int:
    """Return the step that a number or a word means of a run; raise `InvalidSetting` where it has not come to it."""
    status = run.status()
    if text is None:
        raise InvalidSetting(f"`--at` must be the step to fork at, got none: a number, or {', '.join(MOMENTS)}.")
    if text in MOMENTS:
        found = status.get(MOMENTS[text])
        if found is None:
            raise InvalidSetting(f"`--at` must be a moment that {run.name} came to, got {text}. Give a step.")
        return max(int(found), 1)
    if not text.isdecimal() or int(text) < 1:
        raise InvalidSetting(f"`--at` must be a step from 1 on, or {', '.join(MOMENTS)}, got {text!r}.")
    if int(text) > status["step"]:
        raise InvalidSetting(f"`--at` must be at most {status['step']:,}, the step that {run.name} is at, got {text}.")
    return int(text)
