"""Reviews of IMDb, from files on disk (figure 4)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import reviews, setups
from groklab.papers.omnigrok2023.two_sizes import Sizes, sweeps_of
from groklab.training.presets import IMDB

PAPER = IMDB
# As many reviews as in the paper: after 200 of them a network of either kind tells few others. Half of the words, an
# eighth of their number in a review, a network a quarter as wide.
LAPTOP = PAPER.replace(
    task=PAPER.task.replace(validation=1000, words=500, length=64),
    model=PAPER.model.replace(width=16, hidden=32),
    optimizer=PAPER.optimizer.replace(learning_rate=1e-3),
    steps=1_500,
)
SETUP = setups.repeated({"paper": PAPER, "laptop": LAPTOP})
ON_MAP = setups.repeated({"paper": reviews.on_map(PAPER, 3_750), "laptop": reviews.on_map(LAPTOP, 300)})
SIZES: Mapping[Scale, Sizes] = {
    "paper": Sizes((0.1, 0.316, 1.0, 3.16, 10.0), 750, 37_500),
    "laptop": Sizes((0.3, 1.0, 3.0), 200, 2000),
}

FIGURE = Figure(sweeps_of(reviews.ARMS, SETUP, ON_MAP, SIZES), reviews.CLAIMS, reviews.draw)
