"""Nine ways to train: weight decay needs the least data (figure 2 left, section 3.3)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.parts import Part
from groklab.papers.power2022 import needs, pictures, setups
from groklab.training import Sweep

FRACTIONS = {
    "paper": (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "laptop": (0.6, 0.8, 0.9),
}
LARGEST = {scale: fractions[-1] for scale, fractions in FRACTIONS.items()}
LEAVES = 3  # times chance, our choice: from there on an intervention does something that can be compared
CHANGES = {"paper": {"operation": setups.S5}, "laptop": {"operation": "subtraction", "steps": 3_000}}


def arms(scale: Scale) -> dict[str, dict[str, Any]]:
    """Return the nine interventions of appendix A.1.2; the last two rates are 0.3 and 3 times the standard one."""
    rate = setups.STANDARD.plans[scale].optimizer.learning_rate
    adam: dict[str, Any] = {"weight_decay": 0.0}
    full = adam | {"batch_size": "full"}
    return {
        "Adam, full batch": full,
        "Adam": adam,
        "Adam, full batch, update noise": full | {"update_noise": 1.0},
        "Adam, dropout 0.1": adam | {"dropout": 0.1},
        "AdamW": {},
        "AdamW towards initialization": {"decay": "initialization"},
        "Adam, 0.3 × rate": adam | {"learning_rate": 0.3 * rate},
        "Adam, 3 × rate": adam | {"learning_rate": 3 * rate},
        "Adam, weight noise 0.01": adam | {"weight_noise": 0.01},
    }


DECAYED = ("AdamW", "AdamW towards initialization")
ADAMW = Part("interventions", intervention="AdamW")
FULL = Part(
    "interventions", "full-batch Adam at the largest fraction", intervention="Adam, full batch", fraction=LARGEST
)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return every intervention at every fraction."""
    axes = {"intervention": arms(scale), "fraction": FRACTIONS[scale]}
    return {"interventions": setups.STANDARD.sweep(scale, axes, **CHANGES[scale])}


def ahead(results: Results, *names: str) -> Estimate:
    """Return how much greater the area under the curve of one intervention is than under another's.

    Raises `InvalidSetting` where neither leaves chance: there is nothing to compare.
    """
    bound = LEAVES / words.answers(results.first("interventions"))
    arms = [results.part("interventions", intervention=name) for name in names]
    medians = [float(np.median(flat(needs.best(data.isel(fraction=-1))))) for data in arms]
    if max(medians) <= bound:
        raise InvalidSetting(
            f"`{names[0]}` or `{names[1]}` must exceed {bound:.1%} validation accuracy at the largest fraction, "
            f"{LEAVES} times chance (our choice), got medians of {medians[0]:.1%} and {medians[1]:.1%}."
        )
    return needs.area_difference(*arms)


def data_saved(results: Results) -> Estimate:
    """Return the fraction AdamW needs for 99 % over the median of what the others without decay need.

    Both are medians over seeds. A method that needs more than the largest fraction has no such number: where the
    others do, the ratio is at most that of AdamW's to the largest fraction, and this upper bound is the value.
    """
    data = results["interventions"]
    others = [name for name in data.intervention.values if name not in DECAYED]
    theirs = np.stack([needs.needed(data.sel(intervention=name)) for name in others], axis=1)
    return needs.ratio_of_needs(needs.needed(ADAMW(results)), theirs, float(data.fraction.max()))


def draw(results: Results) -> Picture:
    """Draw the best validation accuracy against the fraction: interventions with weight decay full, others dashed."""
    data = results["interventions"]
    picture, _ = pictures.best_against_fraction(data, "intervention", full=DECAYED, colors="tab10")
    picture.legend(loc="outside right upper", fontsize=8)
    return picture


P = "Power et al. 2022, section 3.3"
AT_CHANCE: Mapping[Scale, str] = {
    "laptop": "Without weight decay towards the origin the small table is not generalized within 3,000 steps; figure 1 "
    "left shows the same for 16,000. Which of these networks leave chance at all, at 3 to 10 %, changes with the "
    "rounding of a processor, and so do verdicts on them."
}


def claim_of_order(name: str, says: str, left: str, right: str) -> Claim:
    """Return the claim that one intervention does better than another, where either leaves chance."""
    quantity = f"{left} − {right}: difference of best validation accuracy, mean over fractions"
    source = f"{P}; measured if the median of either exceeds {LEAVES} times chance at the largest fraction, our choice"
    measure = Quantity(quantity, lambda results: ahead(results, left, right))
    return Claim(name, says, source, measure, at_least(0), AT_CHANCE)


CLAIMS = (
    Claim(
        "weight-decay-halves-data",
        "Weight decay more than halves the data needed, against most other interventions.",
        P,
        Quantity(
            "fraction for 99 % with AdamW / median of those without decay; an upper bound where those need more than "
            "all",
            data_saved,
        ),
        at_most(0.5),
        {
            "laptop": "AdamW itself needs four fifths of the small table and more, and the others need more than "
            "there is: the ratio cannot be told."
        },
    ),
    Claim(
        "adamw-needs-30-percent",
        "With weight decay about 30 % of the S5 table suffice.",
        "figure 2 left, as read off by a replication; ± 5 points",
        Quantity("fraction for 99 % with AdamW", lambda results: bootstrap(needs.needed(ADAMW(results)))),
        {"paper": between(0.25, 0.35)},
    ),
    claim_of_order(
        "origin-beats-initialization",
        "Decay towards the initial weights helps, but less than towards the origin.",
        *DECAYED,
    ),
    claim_of_order(
        "initialization-beats-none", "Decay towards the initial weights is better than none.", DECAYED[1], "Adam"
    ),
    claim_of_order("minibatch-noise-helps", "The noise of minibatches helps.", "Adam", "Adam, full batch"),
    claim_of_order(
        "update-noise-helps", "Noise on the updates helps.", "Adam, full batch, update noise", "Adam, full batch"
    ),
    claim_of_order("weight-noise-helps", "Noise on the weights helps.", "Adam, weight noise 0.01", "Adam"),
    claim_of_order(
        "rate-too-low",
        "The learning rate has a narrow window: 0.3 times the rate does worse.",
        "Adam",
        "Adam, 0.3 × rate",
    ),
    claim_of_order(
        "rate-too-high", "The learning rate has a narrow window: 3 times the rate does worse.", "Adam", "Adam, 3 × rate"
    ),
    Claim(
        "full-batch-generalizes",
        "Even full-batch Adam without any noise generalizes somewhat, given much data.",
        f"{P}; ten times chance, our choice",
        quantities.best.of(FULL),
        {"paper": at_least(10 / 120), "laptop": at_least(10 / 31)},
        AT_CHANCE,
    ),
    Claim(
        "all-memorize",
        "All reach 100 % training accuracy.",
        f"{P}; 99 % of accuracy by 90 % of runs, our choice",
        quantities.memorized.of(Part("interventions")),
        at_least(0.9),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, setups.require_adam)
