"""Division: memorized within a thousand steps, generalized up to a thousand times later (figures 1 left and 4)."""

from collections.abc import Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.papers import words
from groklab.papers.claims import Claim, Scale, at_least, at_most, between, both
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each, milestones_of
from groklab.papers.power2022 import quantities, setups
from groklab.plots import curves
from groklab.training import Sweep

ARMS = {
    "paper": {"without": {"weight_decay": 0.0, "steps": 1_000_000}, "with": {"weight_decay": 1.0}},
    # Without decay the small table is never generalized; with a fifth of it, after a long plateau.
    "laptop": {
        "without": {"weight_decay": 0.0, "steps": 16_000},
        "weak": {"weight_decay": 0.2, "steps": 20_000, "stop_after": 4},
        "with": {"weight_decay": 1.0, "stop_after": 4},
    },
}
DELAYED = {"paper": "without", "laptop": "weak"}
FRACTION = {"paper": 0.5, "laptop": 0.8}
WORDS = {"without": "Adam, λ = 0", "weak": "AdamW, λ = 0.2", "with": "AdamW, λ = 1"}


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return division without and with weight decay."""
    return {"decay": setups.sweep(scale, {"decay": ARMS[scale], "seed": setups.seeds(scale)}, fraction=FRACTION[scale])}


def delayed(results: Results) -> xarray.Dataset:
    """Return the runs that show the delay at the scale of the results."""
    return results["decay"].sel(decay=DELAYED[results.scale])


def arm(results: Results, name: str) -> xarray.Dataset:
    """Return the runs of one weight decay."""
    return results["decay"].sel(decay=name)


def draw(results: Results) -> Picture:
    """Draw accuracy, and loss beneath it, one column for each weight decay."""
    data = results["decay"]
    count = data.sizes["decay"]
    picture, rows = plt.subplots(
        2, count, figsize=(4 * count, 5.4), sharex="col", sharey="row", squeeze=False, layout="constrained"
    )
    for column, name in enumerate(data.decay.values):
        _column(rows[:, column], arm(results, name), WORDS[str(name)])
    picture.legend(*rows[0, 0].get_legend_handles_labels(), loc="outside lower left", ncols=2)
    for axes in rows[:, 1:].reshape(-1):
        axes.set_ylabel("")
    picture.suptitle(
        f"{words.table(results.first('decay'))}: median and range of {words.counted(data.sizes['seed'], 'seed')}",
        fontsize=10,
    )
    return picture


def _column(axes: np.ndarray, data: xarray.Dataset, title: str) -> None:
    runs = [columns_of(run) for run in each(data)]
    axes[0].set_title(f"{title}\n\n", fontsize=10)  # two lines of room for the milestones
    curves.draw_curves(axes[0], runs, "accuracy")
    curves.draw_curves(axes[1], runs, "loss")
    curves.mark_delay(axes[0], [milestones_of(run) for run in each(data)])
    curves.threshold(axes[0])
    axes[1].set_xlabel("optimizer step (log scale)")


P = "Power et al. 2022"
CLAIMS = (
    Claim(
        "fast-memorization",
        "Training accuracy is near perfect in less than a thousand steps.",
        f"{P}, figure 1 left",
        "median step of 99 % training accuracy, without decay",
        lambda results: quantities.time(arm(results, "without"), "memorized_at"),
        both(at_most(1_000)),
    ),
    Claim(
        "plateau",
        "Long after that, validation accuracy is still near chance.",
        f"{P}, section 3.1; the factor 10 and the level are ours",
        "validation accuracy at 10 times the step of memorizing, or at the end of a run settled before, without decay",
        lambda results: quantities.accuracy_at(arm(results, "without"), 10),
        both(at_most(0.2)),
    ),
    Claim(
        "delayed-generalization",
        "Validation accuracy rises long after training accuracy did, about a thousand times later.",
        f"{P}, section 3.1; 50 is the least of the replications; at laptop scale λ = 0.2 and 10, our choice",
        "generalized_at / memorized_at",
        lambda results: quantities.delay_ratio(delayed(results)),
        {"paper": at_least(50), "laptop": at_least(10)},
    ),
    Claim(
        "when",
        "Without decay, validation accuracy is near perfect between 10⁵ and 10⁶ steps.",
        f"{P}, figure 1 left; the lower end as replicated, 2·10⁴",
        "median step of 99 % validation accuracy, without decay",
        lambda results: quantities.time(arm(results, "without"), "generalized_at"),
        {"paper": between(2e4, 1e6)},
    ),
    Claim(
        "decay-collapses-the-delay",
        "With weight decay 1 the same network generalizes within a few thousand steps.",
        "replications with AdamW: 1,230 to 2,000 steps; the bound is ours",
        "median step of 99 % validation accuracy, λ = 1",
        lambda results: quantities.time(arm(results, "with"), "generalized_at"),
        both(at_most(5_000)),
        {
            "laptop": "With three times the paper's rate, λ = 1 is rough: accuracy dips again and again, and one of "
            "three seeds did not reach 99 % within 8,000 steps."
        },
    ),
    Claim(
        "first-ascent",
        "Before the network generalizes, validation loss rises far above its start.",
        f"{P}, figure 4; replications: 11 to 13.6 from 4.6",
        "greatest validation loss until generalizing / first, without decay",
        lambda results: quantities.loss_peak(arm(results, "without")),
        both(at_least(2)),
    ),
    Claim(
        "second-descent",
        "Later it falls again, to near nothing.",
        f"{P}, figure 4; at laptop scale λ = 0.2",
        "last validation loss (nats)",
        lambda results: quantities.last_loss(delayed(results)),
        both(at_most(0.5)),
        {"laptop": "One of the three runs ended in one of the short dips of accuracy that the figure shows."},
    ),
    Claim(
        "peak-before-generalization",
        "The peak of the validation loss comes before the network generalizes.",
        f"{P}, figure 4; at laptop scale λ = 0.2",
        "step of the peak / generalized_at",
        lambda results: quantities.peak_before(delayed(results)),
        both(at_most(1)),
    ),
)

FIGURE = Figure(
    "Delayed generalization and double descent",
    f"{P}, figures 1 left and 4",
    sweeps,
    CLAIMS,
    draw,
    {
        "paper": f"division, 50 %, {setups.SETTING['paper']}",
        "laptop": f"division, 80 %, {setups.SETTING['laptop']}",
    },
    setups.require_adam,
)
