"""Generated reviews, a stand-in for IMDb (figure 4 in small)."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.figure import Figure
from groklab.papers.omnigrok2023 import reviews, setups
from groklab.training import Sweep
from groklab.training.presets import STAND_IN_REVIEWS

STANDARD = STAND_IN_REVIEWS
HELD = reviews.on_map(STANDARD, 300)
SETUP, ON_MAP = (setups.repeated({"paper": plan, "laptop": plan}) for plan in (STANDARD, HELD))
SIZES = dict.fromkeys(("paper", "laptop"), reviews.Sizes((0.3, 1.0, 3.0), 200, 2000))


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return large and usual weights, and runs held to several norms with few reviews and with many."""
    return reviews.of(SETUP, ON_MAP, SIZES, scale)


FIGURE = Figure(sweeps, reviews.CLAIMS, reviews.draw)
