"""With smeared keys one block is enough: what it lacked was a view of the token before (argument 2)."""

from collections.abc import Mapping

from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate
from groklab.papers import crossings
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.olsson2022 import pictures, setups
from groklab.papers.parts import Part
from groklab.plots.style import MARK
from groklab.training import Sweep

ARMS = {
    "1 block": {"depth": 1},
    "1 block, smeared": {"depth": 1, "smeared": True},
    "2 blocks": {"depth": 2},
    "2 blocks, smeared": {"depth": 2, "smeared": True},
}
SMEARED = Part("arms", "one block with smeared keys", arm="1 block, smeared")


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of one and two blocks, without and with smeared keys."""
    return {"arms": setups.STANDARD.sweep(scale, {"arm": ARMS})}


def sooner(results: Results) -> Estimate:
    """Return how many times later two blocks learn in context with plain keys than with smeared ones."""
    arms = [results.part("arms", arm=name) for name in ("2 blocks", "2 blocks, smeared")]
    plain, smeared = (flat(crossings.first_below(data, setups.SCORE, setups.LEARNT)) for data in arms)
    return crossings.times_later(plain, smeared, flat(arms[0].budget))


def draw(results: Results) -> Picture:
    """Draw the in-context-learning score of all four."""
    picture, axes = plt.subplots(figsize=(5.8, 3.8), layout="constrained")
    pictures.scores(axes, {name: results.part("arms", arm=name) for name in ARMS})
    axes.axhline(setups.LEARNT, color=MARK, linewidth=0.6, linestyle="--")
    axes.legend()
    return picture


S = "Olsson et al. 2022, argument 2"
CLAIMS = (
    Claim(
        "one-block-suffices",
        "With smeared keys a network of one block learns in context.",
        f"{S}; 1 nat, our choice",
        setups.last_score.of(SMEARED),
        at_most(setups.LEARNT),
    ),
    Claim(
        "one-block-matches-prefixes",
        "Then its heads match prefixes.",
        f"{S}; at least 0.5, our choice",
        setups.last_of_best.of(SMEARED, "prefix_matching", (0,)),
        at_least(0.5),
    ),
    Claim(
        "two-blocks-are-sooner",
        "With two blocks the change comes sooner than without smearing.",
        f"{S}; by a tenth, our choice: recordings are 5 % apart",
        Quantity("step of a score of −1 nat, plain / smeared, two blocks", sooner),
        at_least(1.1),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, setups.require_all_scored)
