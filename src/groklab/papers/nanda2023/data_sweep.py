"""Much data: no delay; medium data: grokking, the later the less there is; little data: memorizing only."""

from collections.abc import Mapping

from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, repeated_rank_correlation
from groklab.papers import crossings
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import along
from groklab.papers.nanda2023 import pictures, setups
from groklab.papers.parts import Part
from groklab.training import Sweep

# Steps allowed at each fraction: more than the stored run took until its test loss fell.
BUDGETS: Mapping[Scale, dict[float, int]] = {
    "paper": {
        0.2: 40_000,
        0.25: 50_000,
        0.28: 40_000,
        0.3: 40_000,
        0.4: 10_000,
        0.5: 5_000,
        0.6: 3_000,
        0.7: 2_500,
        0.8: 2_500,
        0.9: 2_500,
        0.95: 1_000,
    },
    "laptop": {0.4: setups.BUDGET["laptop"], 0.5: 3_500, 0.6: 2_200, 0.95: 400},
}
# First steps with test loss < 0.1 of the runs that the paper's repository stores, one run each.
STORED = {0.95: 157, 0.9: 222, 0.8: 252, 0.7: 222, 0.6: 440, 0.5: 956, 0.4: 3109, 0.3: 7930, 0.28: 15037, 0.25: 21848}
LAPTOP = (0.4, 0.5, 0.6, 0.95)
AXIS = "fraction:steps:stop_after"


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return the main run at several fractions of the table; at its own it goes on after it has generalized."""
    until = setups.STANDARD.plans[scale].record.stop_after
    points = [
        (share, steps, 0 if share == setups.FRACTION[scale] else until) for share, steps in BUDGETS[scale].items()
    ]
    return {"fractions": setups.STANDARD.sweep(scale, {AXIS: points})}


def at(fraction: float) -> Part:
    """Return the runs at one fraction."""
    return Part("fractions", f"at {100 * fraction:.0f} %", fraction=fraction)


def falls(results: Results) -> Estimate:
    """Return the rank correlation of fraction and delay ratio over all runs, a run without end being latest."""
    data = results["fractions"].transpose("seed", AXIS, "step")
    train, test = (crossings.first_below(data, f"{name}_loss") for name in ("train", "validation"))
    return repeated_rank_correlation(data.fraction.values.astype(float), (test / train).values)


def draw(results: Results) -> Picture:
    """Draw both losses at every fraction, and the steps they take against it."""
    return pictures.sweep_of_fractions(results["fractions"], AXIS, STORED)


S = "Nanda et al. 2023, the stored runs of its repository, one at each fraction"


def claim_of_time(fraction: float) -> Claim:
    """Return the claim that test loss falls when it did in the stored run, up to a factor."""
    expected = STORED[fraction]
    bound = between(expected / 2, expected * 2)
    return Claim(
        f"test-falls-at-{fraction * 100:.0f}-percent",
        f"With {100 * fraction:.0f} % of the table test loss falls below 0.1 near step {expected:,}.",
        f"{S}; up to a factor of 2, our tolerance for seeds",
        crossings.time_below.of(at(fraction), "validation_loss"),
        bound if fraction in LAPTOP else {"paper": bound},
        setups.LATE if fraction == setups.FRACTION["laptop"] else {},
    )


CLAIMS = (
    *(claim_of_time(fraction) for fraction in STORED),
    Claim(
        "memorizing-stays",
        "However much data there is, training loss falls below 0.1 near step 150.",
        f"{S}: 134 to 217; 100 to 300, our tolerance",
        Quantity(
            "median step of training loss < 0.1 at the worst fraction",
            lambda results: [
                crossings.time_below(data, "train_loss") for data in along(results["fractions"], "fraction")
            ],
        ),
        between(100, 300),
    ),
    Claim(
        "much-data-no-delay",
        "With 60 % and more, generalizing is nearly immediate.",
        f"{S}: 2.9; at most 4, our tolerance",
        Quantity(
            "step of validation loss < 0.1 / step of training loss < 0.1, at the worst fraction from 60 % on",
            lambda results: [crossings.delay_ratio(data) for data in along(results["fractions"], "fraction", 0.6)],
        ),
        at_most(4),
    ),
    Claim(
        "medium-data-groks",
        "With 40 % it groks: test loss falls more than ten times later than training loss.",
        f"{S}: 20",
        crossings.delay_ratio.of(at(0.4)),
        at_least(10),
        setups.LATE,
    ),
    Claim(
        "less-data-more-delay",
        "The less data, the longer the delay.",
        f"{S}; −0.8, our tolerance",
        Quantity("rank correlation of fraction and step of validation loss < 0.1 / step of training loss < 0.1", falls),
        at_most(-0.8),
    ),
    Claim(
        "little-data-no-grokking",
        "With 20 % it does not generalize within 40,000 steps.",
        "Nanda et al. 2023: 10 to 20 %",
        crossings.time_below.of(at(0.2), "validation_loss"),
        {"paper": at_least(40_000)},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
