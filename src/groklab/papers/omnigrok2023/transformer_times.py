"""When a transformer generalizes sums: in time ∝ 1/γ (appendix C)."""

from collections.abc import Mapping
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.papers import quantities, words
from groklab.papers.claims import Claim, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import along, columns_of, each
from groklab.papers.omnigrok2023 import decays, setups, transformer
from groklab.papers.parts import Part
from groklab.plots.curves import draw_curves
from groklab.training import Record, Sweep

ENDING = Record(growth=1.03, stop_after=1, memorized_from=transformer.LEVEL, generalized_from=transformer.LEVEL)
STANDARD = transformer.PAPER.replace(record=ENDING)
SETUP = setups.repeated({"paper": STANDARD.replace(steps=150_000), "laptop": STANDARD.replace(steps=8_000)})
# 60 % of a small table take as many steps as 30 % of the paper's, each of them thirty times cheaper.
SMALL: Mapping[Scale, dict[str, Any]] = {"paper": {}, "laptop": {"p": 31, "fraction": 0.6}}
DECAYS: Mapping[Scale, tuple[float, ...]] = {"paper": (0.1, 0.3, 1.0, 3.0, 5.0), "laptop": (0.5, 1.0, 2.0, 4.0)}
WITHOUT: Mapping[Scale, int] = {"paper": 15_000, "laptop": 5_000}  # steps allowed without decay


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return free transformers with several decays, and with none."""
    return {
        "decays": SETUP.sweep(scale, {"weight_decay": DECAYS[scale]}, **SMALL[scale]),
        "without": SETUP.sweep(scale, weight_decay=0.0, steps=WITHOUT[scale], **SMALL[scale]),
    }


def draw(results: Results) -> Picture:
    """Draw accuracies with the least decay, and both times against the decay."""
    picture, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    least = along(results["decays"], "weight_decay")[0]
    draw_curves(left, [columns_of(run) for run in each(least)], "accuracy")
    left.set_title(f"γ = {float(least.weight_decay):g}", loc="left", fontsize=9)
    left.set_xlabel("optimizer step (log scale)")
    left.legend()
    decays.draw_times(right, results["decays"])
    right.set_title("steps with 95 % accuracy", loc="left", fontsize=9)
    picture.suptitle(words.described(*[plan for plan, _ in results.runs("decays")]), fontsize=9)
    return picture


P = "Liu et al. 2023, appendix C"
DECAYED, NONE = Part("decays"), Part("without", "γ = 0")
CLAIMS = (
    Claim(
        "time-goes-as-one-over-decay",
        "A transformer generalizes in a time that is inversely proportional to the decay.",
        f"{P}: −1 from 0.1 to 5, seed by seed; ± 0.2, on a laptop, from 0.5 to 4, ± 0.4, our tolerance",
        decays.slope.of(DECAYED, "generalized_at"),
        {"paper": between(-1.2, -0.8), "laptop": between(-1.4, -0.6)},
    ),
    Claim(
        "memorizing-does-not-care",
        "The time of memorizing hardly depends on the decay.",
        "as of section 3 of the paper; a slope of 0, ± 0.2, our tolerance",
        decays.slope.of(DECAYED, "memorized_at"),
        between(-0.2, 0.2),
    ),
    Claim(
        "without-decay-never",
        "Without decay it does not generalize.",
        "section 2 of the paper; at most 95 %, the level of generalizing; on a laptop in 5,000 steps",
        quantities.best.of(NONE),
        at_most(transformer.LEVEL),
    ),
    Claim(
        "without-decay-memorized",
        "Yet it memorizes.",
        "section 2 of the paper; 95 %, the level of memorizing",
        quantities.best.of(NONE, "train_accuracy"),
        at_least(transformer.LEVEL),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
