"""Networks of two and three blocks learn in context, abruptly; those of one hardly do (figure 3 and argument 1)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, difference, partly_known
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.olsson2022 import pictures, setups
from groklab.papers.parts import Part, measure
from groklab.training import Sweep

DEPTHS = (1, 2, 3)
ONE, TWO, THREE = (Part("depths", words.counted(depth, "block"), depth=depth) for depth in DEPTHS)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of one, two and three blocks."""
    return {"depths": setups.STANDARD.sweep(scale, {"depth": DEPTHS})}


@measure("steps of the change / all steps")
def window(data: xarray.Dataset) -> Estimate:
    """Return the share of training in which networks make half of their way, the median over runs."""
    shares = []
    for run in each(data):
        columns = columns_of(run)
        begin, end = setups.change(columns["step"], columns[setups.SCORE])
        has_learnt = columns[setups.SCORE][-1] <= setups.LEARNT
        shares.append((end - begin) / float(run.budget) if has_learnt else np.nan)
    return partly_known(shares, 0, np.inf)


def ratio(part: Part, over: Part) -> Quantity:
    """Return the last score of one depth over that of another which learnt, the median over seeds."""

    def measured(results: Results) -> Estimate:
        above, below = (setups.last(each(results)) for each in (part, over))
        return partly_known(np.where(below <= setups.LEARNT, above / below, np.nan), -np.inf, np.inf)

    return Quantity(f"last in-context-learning score, {part.words} / {over.words}", measured)


def gap(results: Results) -> Estimate:
    """Return by how much the last score of one block lies above that of two."""
    return difference(setups.last(ONE(results)), setups.last(TWO(results)))


def draw(results: Results) -> Picture:
    """Draw score and best prefix matching while training, and in the end the loss along the sequence, by depth."""
    arms = {part.words: part(results) for part in (ONE, TWO, THREE)}
    picture, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    pictures.scores(left, arms)
    best = {word: pictures.best_heads(data, "prefix_matching") for word, data in arms.items()}
    pictures.curves_of(middle, best, "prefix matching of the best head")
    middle.set_ylim(-0.02, 1.02)
    _along(right, arms)
    left.legend()
    return picture


def _along(axes: Axes, arms: Mapping[str, xarray.Dataset]) -> None:
    """Draw the last loss at every position, the median over seeds."""
    for color, (word, data) in zip(pictures.colors(len(arms)), arms.items(), strict=True):
        count = sum(str(name).startswith("validation_loss.") for name in data.data_vars)
        losses = [np.median(setups.last(data, f"validation_loss.{at}")) for at in range(count)]
        axes.plot(np.arange(1, count + 1), losses, color=color, label=word)
    axes.set_xlabel("position of the token that is told")
    axes.set_ylabel("validation loss in the end (nats)")


S = "Olsson et al. 2022, figure 3"


LEARNS = f"{S}: −0.4 on text; 1 nat on repeated tokens, our tolerance"
CLAIMS = (
    Claim(
        "two-blocks-learn-in-context",
        "A network of two blocks learns in context.",
        LEARNS,
        setups.last_score.of(TWO),
        at_most(setups.LEARNT),
    ),
    Claim(
        "three-blocks-learn-in-context",
        "So does one of three.",
        LEARNS,
        setups.last_score.of(THREE),
        at_most(setups.LEARNT),
    ),
    Claim(
        "one-block-lags",
        "A network of one block learns in context far less.",
        f"{S}: −0.1 of −0.4; at most half, our tolerance",
        ratio(ONE, TWO),
        at_most(0.5),
    ),
    Claim(
        "the-gap-is-wide",
        "The second block makes the difference.",
        f"{S}; at least 1 nat, our tolerance",
        Quantity("last in-context-learning score, one block less two (nats)", gap),
        at_least(1),
    ),
    Claim(
        "all-end-alike",
        "After the change the score hardly depends on the size of the network.",
        f"{S}: about −0.4 for all; within a fifth, our tolerance",
        ratio(THREE, TWO),
        between(0.8, 1.25),
    ),
    Claim(
        "the-change-is-abrupt",
        "The change takes a small part of training.",
        f"{S}: a part of training; at most 20 %, from a quarter to three quarters of the way, our choice",
        window.of(TWO),
        at_most(0.2),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, setups.require_all_scored)
