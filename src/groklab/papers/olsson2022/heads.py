"""Induction heads form while the network learns in context, in its last block (arguments 1 and 4)."""

from collections.abc import Callable

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, partly_known
from groklab.measures.circuits.heads import copying_eigenvalues
from groklab.models import Transformer
from groklab.papers.claims import Claim, Quantity, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.olsson2022 import depth, setups
from groklab.papers.parts import Part, measure
from groklab.runner import weights_at
from groklab.store import Run
from groklab.training import Plan

PAIRED = 20  # colors in pairs, one for each block
RISES = 0.3  # of prefix matching: less is no change


@measure("distance of the middles of both changes / all steps")
def apart(data: xarray.Dataset) -> Estimate:
    """Return how far apart score and prefix matching of two blocks make half of their way, as a share of all steps.

    Unknown of a network that did not learn in context, or none of whose heads came to match prefixes.
    """
    found = []
    for run in each(data):
        columns = columns_of(run)
        score, matching = columns[setups.SCORE], setups.best_head(columns, "prefix_matching", (1,))
        middles = [np.mean(setups.change(columns["step"], values)) for values in (score, -matching)]
        is_known = score[-1] <= setups.LEARNT and matching.max() - matching[0] >= RISES
        found.append(abs(float(middles[0] - middles[1])) / float(run.budget) if is_known else np.nan)
    return partly_known(found, 0, np.inf)


def of_best_match(results: Results, score: Callable[[xarray.Dataset], np.ndarray]) -> Estimate:
    """Return a score of the head of the second of two blocks that matches prefixes best, the median over runs."""
    runs = each(depth.TWO(results))
    return partly_known([float(score(run)[np.argmax(_last(run, "prefix_matching"))]) for run in runs], -1, 1)


def copying(results: Results) -> Estimate:
    """Return the copying score of the head that matches prefixes best."""
    return of_best_match(results, lambda run: _last(run, "copying"))


def eigenvalues(results: Results) -> Estimate:
    """Return Σλ / Σ|λ| of the map from tokens to logits of the head that matches prefixes best."""
    return of_best_match(results, lambda run: copying_of_block(*results.run(str(run.run.item()))))


def _last(run: xarray.Dataset, score: str) -> np.ndarray:
    """Return the last score of each head of the second block."""
    return np.array([values[-1] for values in setups.heads_of(columns_of(run), score, (1,)).values()])


def copying_of_block(plan: Plan, run: Run) -> np.ndarray:
    """Return Σλ / Σ|λ| of every head of the second block of a finished network."""
    assert isinstance(plan.model, Transformer)
    weights = weights_at(run)
    block = weights.blocks[1]
    return copying_eigenvalues(weights.embedding, block.value, block.output, weights.head, plan.model.heads)


def draw(results: Results) -> Picture:
    """Draw the scores of every head of the first network of two blocks below its in-context-learning score."""
    run = columns_of(each(depth.TWO(results))[0])
    picture, rows = plt.subplots(3, 1, figsize=(6.4, 7), sharex=True, layout="constrained")
    rows[0].plot(run["step"], run[setups.SCORE], color="black")
    rows[0].set_ylabel("in-context-learning\nscore (nats)")
    for axes, score, word in zip(
        rows[1:],
        ("prefix_matching", "previous_token"),
        ("prefix matching", "attention to the previous token"),
        strict=True,
    ):
        shown = setups.heads_of(run, score, (0, 1))
        palette = plt.colormaps["tab20"] if len(shown) <= PAIRED else plt.colormaps["turbo"].resampled(len(shown))
        for name, values in shown.items():
            _, layer, head = name.split(".")
            color = palette(2 * int(head) + int(layer) % 2)
            axes.plot(run["step"], values, color=color, label=f"block {int(layer) + 1}, head {int(head) + 1}")
        axes.set_ylim(-0.02, 1.02)
        axes.set_ylabel(word)
    rows[1].legend(fontsize=7, ncols=2)
    rows[-1].set_xscale("log")
    rows[-1].set_xlim(left=10)
    rows[-1].set_xlabel("optimizer step (log scale)")
    return picture


S = "Olsson et al. 2022"
ELSEWHERE = (
    "One head or two do, at 0.6 to 0.99, but only in the first third of the sequence, where the stretch that is copied "
    "later lies: positions are learned. The score is a mean over all positions."
)
TOGETHER = (
    "The attended token is raised half as much as all others of the sequence together, as several heads copy at once; "
    "one that copies nothing would score −0.7. What weights say is judged beside it."
)
CLAIMS = (
    Claim(
        "no-induction-in-one-block",
        "No head of a network of one block matches prefixes.",
        f"{S}, figure 5; at most 0.2, our tolerance",
        setups.last_of_best.of(depth.ONE, "prefix_matching", (0,)),
        at_most(0.2),
    ),
    Claim(
        "induction-in-the-last-of-two",
        "With two blocks, heads of the last match prefixes.",
        f"{S}, figure 5: 0.8 to 0.9; at least 0.5, our tolerance",
        setups.last_of_best.of(Part("depths", "second of 2 blocks", depth=2), "prefix_matching", (1,)),
        at_least(0.5),
    ),
    Claim(
        "induction-above-the-first-of-three",
        "With three blocks, heads above the first match prefixes.",
        f"{S}, figure 5; at least 0.5, our tolerance",
        setups.last_of_best.of(Part("depths", "above the first of 3 blocks", depth=3), "prefix_matching", (1, 2)),
        at_least(0.5),
    ),
    Claim(
        "a-previous-token-head-helps",
        "A head of the first block attends to the previous token.",
        f"{S}, figure 2; at least 0.5, our tolerance",
        setups.last_of_best.of(Part("depths", "first of 2 blocks", depth=2), "previous_token", (0,)),
        at_least(0.5),
        {"laptop": ELSEWHERE},
    ),
    Claim(
        "both-at-once",
        "Heads begin to match prefixes when the network learns in context.",
        f"{S}, argument 1; within a tenth of all steps, our choice",
        apart.of(depth.TWO),
        at_most(0.1),
    ),
    Claim(
        "induction-heads-copy",
        "Heads that match prefixes also copy.",
        f"{S}, argument 4; above 0, our choice",
        Quantity("copying score of the head of the second block that matches prefixes best, −1 to 1", copying),
        at_least(0),
        {"laptop": TOGETHER},
    ),
    Claim(
        "their-weights-copy",
        "So say their weights: the eigenvalues of their map from tokens to logits are positive.",
        f"{S}, argument 4; at least 0.5, our choice",
        Quantity("sum of the eigenvalues / sum of their absolute values, of the same head", eigenvalues),
        at_least(0.5),
    ),
)

FIGURE = Figure(depth.sweeps, CLAIMS, draw, setups.require_all_scored)
