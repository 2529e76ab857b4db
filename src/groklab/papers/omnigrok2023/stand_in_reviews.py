"""Generated reviews, a stand-in for IMDb (figure 4 in small)."""

from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import reviews, setups
from groklab.papers.omnigrok2023.two_sizes import Sizes, sweeps_of
from groklab.training.presets import STAND_IN_REVIEWS

STANDARD = STAND_IN_REVIEWS.replace(steps=600)  # whatever happens has happened by step 150
HELD = reviews.on_map(STANDARD, 300)
SETUP, ON_MAP = (setups.repeated({"paper": plan, "laptop": plan}) for plan in (STANDARD, HELD))
SIZES = dict.fromkeys(("paper", "laptop"), Sizes((0.3, 1.0, 3.0), 200, 2000))

FIGURE = Figure(sweeps_of(reviews.ARMS, SETUP, ON_MAP, SIZES), reviews.CLAIMS, reviews.draw)
