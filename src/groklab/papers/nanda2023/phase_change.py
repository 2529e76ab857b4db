"""With 95 % of the table, training and test loss fall together: the phase change without any delay."""

from collections.abc import Mapping

from matplotlib.figure import Figure as Picture

from groklab.papers import crossings, words
from groklab.papers.claims import Claim, Scale, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import pictures, setups
from groklab.papers.parts import Part
from groklab.training import Sweep

STEPS = {"paper": 1_000, "laptop": 400}
MOST = Part("most")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run on nearly the whole table."""
    return {"most": setups.STANDARD.sweep(scale, fraction=0.95, steps=STEPS[scale])}


def draw(results: Results) -> Picture:
    """Draw both losses."""
    return pictures.losses({words.table(results.first("most")): results["most"]})


S = "Nanda and Lieberum 2022; the stored run: 150 and 157; the bounds are ours"
CLAIMS = (
    Claim(
        "train-falls",
        "Training loss falls below 0.1 within a few hundred steps.",
        S,
        crossings.time_below.of(MOST, "train_loss"),
        between(80, 300),
    ),
    Claim(
        "test-falls-with-it",
        "Test loss falls below 0.1 in the same few hundred steps.",
        S,
        crossings.time_below.of(MOST, "validation_loss"),
        between(80, 300),
    ),
    Claim(
        "no-delay",
        "Both fall together: there is no grokking.",
        S,
        crossings.delay_ratio.of(MOST),
        at_most(1.5),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
