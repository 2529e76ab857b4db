"""The options that hand numbers to trackers while runs are trained."""

import argparse
import contextlib
from collections.abc import Iterator, Sequence

from groklab.cli import output
from groklab.errors import InvalidSetting
from groklab.runner import Watch
from groklab.store import Store
from groklab.tracking import USUAL, Tracking, refuse_missing


def add_tracking(parser: argparse.ArgumentParser) -> None:
    """Declare the options that say which trackers get which numbers."""
    parser.add_argument(
        "--track",
        metavar="TRACKER",
        action="append",
        default=[],
        help="also write the numbers to tensorboard, wandb, mlflow or trackio; several as a,b",
    )
    parser.add_argument(
        "--track-only",
        metavar="NAME",
        action="append",
        default=[],
        help="the numbers that trackers get, several as a,b, or all; else losses and accuracies",
    )


def trackers_of(options: argparse.Namespace) -> list[str]:
    """Return the trackers that are asked for; raise `InvalidSetting` or `MissingExtra` where one cannot be had."""
    trackers, only = _listed(options.track), _listed(options.track_only)
    for name in trackers:
        refuse_missing(name)
    if options.track and not trackers:
        raise InvalidSetting("`--track` must name a tracker, got none. Try --track tensorboard.")
    if options.track_only and not only:
        raise InvalidSetting("`--track-only` must name recorded numbers, got none. Try --track-only train_loss.")
    if only and not trackers:
        raise InvalidSetting(
            f"`--track-only` needs a tracker, got none. Try --track tensorboard --track-only {only[0]}."
        )
    return trackers


@contextlib.contextmanager
def tracked(watch: Watch, options: argparse.Namespace, store: Store) -> Iterator[Watch]:
    """Give a watch that also hands numbers to the trackers that are asked for: `watch` itself where none is."""
    trackers = trackers_of(options)
    if not trackers:
        yield watch
        return
    only = _listed(options.track_only) or USUAL
    with Tracking(watch, trackers, store, only=only, say=output.say) as tracking:
        yield tracking


def _listed(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for text in texts for word in text.split(",") if word.strip()))
