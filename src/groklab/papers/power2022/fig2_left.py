"""Nine ways to train: weight decay needs the least data (figure 2 left, section 3.3)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, bootstrap
from groklab.papers import words
from groklab.papers.claims import Bound, Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.power2022 import pictures, quantities, setups
from groklab.training import Sweep

FRACTIONS = {
    "paper": (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    "laptop": (0.6, 0.8, 0.9),
}
LEAVES = 3  # times chance, our choice: from there on an intervention does something that can be compared
CHANGES = {"paper": {"operation": setups.S5}, "laptop": {"operation": "subtraction", "steps": 3_000}}


def arms(scale: Scale) -> dict[str, dict[str, Any]]:
    """Return the nine interventions of appendix A.1.2; the last two rates are 0.3 and 3 times the standard one."""
    rate = setups.STANDARD[scale].optimizer.learning_rate
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


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return every intervention at every fraction."""
    axes = {"intervention": arms(scale), "fraction": FRACTIONS[scale], "seed": setups.seeds(scale)}
    return {"interventions": setups.sweep(scale, axes, **CHANGES[scale])}


def arm(results: Results, name: str) -> xarray.Dataset:
    """Return the runs of one intervention."""
    return results["interventions"].sel(intervention=name)


def ahead(left: str, right: str):
    """Return a measure: how much greater the area under the curve of one intervention is than under another's.

    Where neither leaves chance there is nothing to compare, and the measure is refused.
    """

    def measure(results: Results) -> Estimate:
        bound = LEAVES / words.answers(results.first("interventions"))
        medians = [float(np.median(best_at_largest(results, name))) for name in (left, right)]
        if max(medians) <= bound:
            raise InvalidSetting(
                f"`{left}` or `{right}` must exceed {bound:.1%} validation accuracy at the largest fraction, "
                f"{LEAVES} times chance (our choice), got medians of {medians[0]:.1%} and {medians[1]:.1%}."
            )
        return quantities.area_difference(arm(results, left), arm(results, right))

    return measure


def data_saved(results: Results) -> Estimate:
    """Return the fraction AdamW needs for 99 % over the median of what the others without decay need.

    Both are medians over seeds. A method that needs more than the largest fraction has no such number: where the
    others do, the ratio is at most that of AdamW's to the largest fraction, and this upper bound is the value.
    """
    data = results["interventions"]
    others = [str(name) for name in data.intervention.values if name not in DECAYED]
    ours = quantities.needed(arm(results, "AdamW"))
    theirs = np.stack([quantities.needed(arm(results, name)) for name in others], axis=1)
    return quantities.ratio_of_needs(ours, theirs, float(data.fraction.max()))


def at_largest(name: str):
    """Return a measure: the best validation accuracy of one intervention at the largest fraction."""
    return lambda results: bootstrap(best_at_largest(results, name))


def best_at_largest(results: Results, name: str) -> np.ndarray:
    """Return the best validation accuracy of every run of an intervention at the largest fraction."""
    return quantities.flat(quantities.best(arm(results, name).isel(fraction=-1)))


def draw(results: Results) -> Picture:
    """Draw the best validation accuracy against the fraction: interventions with weight decay full, others dashed."""
    data = results["interventions"]
    picture, _ = pictures.best_against_fraction(data, "intervention", full=DECAYED, colors="tab10")
    picture.legend(loc="outside right upper", fontsize=8)
    return picture


P = "Power et al. 2022, section 3.3"
AT_CHANCE = (
    "Without weight decay towards the origin the small table is not generalized within 3,000 steps; figure 1 left "
    "shows the same for 16,000."
)
AREA = "difference of best validation accuracy, mean over fractions"


def claim_of_order(name: str, says: str, left: str, right: str) -> Claim:
    """Return the claim that one intervention does better than another, where either leaves chance."""
    rules: dict[Scale, Bound] = both(at_least(0))
    quantity = f"{left} − {right}: {AREA}"
    source = f"{P}; measured if the median of either exceeds {LEAVES} times chance at the largest fraction, our choice"
    return Claim(name, says, source, quantity, ahead(left, right), rules, {"laptop": AT_CHANCE})


CLAIMS = (
    Claim(
        "weight-decay-halves-data",
        "Weight decay more than halves the data needed, against most other interventions.",
        P,
        "fraction for 99 % with AdamW / median of those without decay; an upper bound where those need more than all",
        data_saved,
        both(at_most(0.5)),
        {
            "laptop": "AdamW itself needs four fifths of the small table and more, and the others need more than "
            "there is: the ratio cannot be told."
        },
    ),
    Claim(
        "adamw-needs-30-percent",
        "With weight decay about 30 % of the S5 table suffice.",
        "figure 2 left, as read off by a replication; ± 5 points",
        "fraction for 99 % with AdamW",
        lambda results: bootstrap(quantities.needed(arm(results, "AdamW"))),
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
        "best validation accuracy of full-batch Adam at the largest fraction",
        at_largest("Adam, full batch"),
        {"paper": at_least(10 / 120), "laptop": at_least(10 / 31)},
        {"laptop": AT_CHANCE},
    ),
    Claim(
        "all-memorize",
        "All reach 100 % training accuracy.",
        f"{P}; 99 % of accuracy by 90 % of runs, our choice",
        "share of runs with 99 % training accuracy",
        lambda results: quantities.memorized(results["interventions"]),
        both(at_least(0.9)),
    ),
)

FIGURE = Figure(
    "Data efficiency of nine interventions",
    "Power et al. 2022, figure 2 left",
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": "x ∘ y in S5, 2 blocks of width 128, rate 1e-3, 100,000 steps",
        "laptop": f"x − y, {setups.SETTING['laptop']}, 3,000 steps",
    },
    setups.require_adam,
)
