"""With 95 % of the table, training and test loss fall together: the phase change without any delay."""

from collections.abc import Mapping

from matplotlib.figure import Figure as Picture

from groklab.papers import crossings, words
from groklab.papers.claims import SCALES, Claim, Scale, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023 import pictures, setups
from groklab.training import Sweep

STEPS = 1_000


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run on nearly the whole table."""
    steps = STEPS if scale == "paper" else 400
    return {"most": setups.sweep(scale, {"seed": setups.seeds(scale)}, fraction=0.95, steps=steps)}


def draw(results: Results) -> Picture:
    """Draw both losses."""
    return pictures.losses({words.table(results.first("most")): results["most"]})


S = "Nanda and Lieberum 2022; the stored run: 150 and 157; the bounds are ours"
CLAIMS = (
    Claim(
        "train-falls",
        "Training loss falls below 0.1 within a few hundred steps.",
        S,
        "median step of training loss < 0.1",
        lambda results: crossings.time_below(results["most"], "train_loss"),
        both(between(80, 300)),
    ),
    Claim(
        "test-falls-with-it",
        "Test loss falls below 0.1 in the same few hundred steps.",
        S,
        "median step of validation loss < 0.1",
        lambda results: crossings.time_below(results["most"], "validation_loss"),
        both(between(80, 300)),
    ),
    Claim(
        "no-delay",
        "Both fall together: there is no grokking.",
        S,
        "step of validation loss < 0.1 / step of training loss < 0.1",
        lambda results: crossings.delay_ratio(results["most"]),
        both(at_most(1.5)),
    ),
)

FIGURE = Figure(
    "A phase change in training and test loss",
    "Nanda and Lieberum 2022",
    sweeps,
    CLAIMS,
    draw,
    {scale: setups.described(sweeps(scale)["most"].first) for scale in SCALES},
)
