"""Induction heads form while the network learns in context, in its last block (arguments 1 and 4)."""

from collections.abc import Callable, Mapping

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.estimates import Estimate, bootstrap, partly_known
from groklab.measures.circuits.heads import copying_eigenvalues
from groklab.models import Transformer
from groklab.papers.claims import Claim, Scale, at_least, at_most, both
from groklab.papers.figure import Figure, Results
from groklab.papers.members import columns_of, each
from groklab.papers.olsson2022 import depth, setups
from groklab.runner import weights_at
from groklab.store import Columns, Run
from groklab.training import Plan, Sweep

PAIRED = 20  # colors in pairs, one for each block
RISES = 0.3  # of prefix matching: less is no change


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return networks of one, two and three blocks."""
    return depth.sweeps(scale)


def best(score: str, blocks: int, layers: tuple[int, ...]):
    """Return a measure: the greatest last score of any head of some layers, the median over runs."""
    return lambda results: bootstrap(setups.last_of_best(depth.of_depth(results, blocks), score, layers))


def apart(results: Results) -> Estimate:
    """Return how far apart score and prefix matching make half of their way, as a share of all steps, two blocks.

    Unknown of a network that did not learn in context, or none of whose heads came to match prefixes.
    """
    found = []
    for run in each(depth.of_depth(results, 2)):
        columns = columns_of(run)
        score, matching = columns[setups.SCORE], setups.best_head(columns, "prefix_matching", (1,))
        middles = [np.mean(setups.change(columns["step"], values)) for values in (score, -matching)]
        is_known = score[-1] <= setups.LEARNT and matching.max() - matching[0] >= RISES
        found.append(abs(float(middles[0] - middles[1])) / float(run.budget) if is_known else np.nan)
    return partly_known(found, 0, np.inf)


def of_best_match(results: Results, score: Callable[[xarray.Dataset, Columns], np.ndarray]) -> Estimate:
    """Return a score of the head of the second of two blocks that matches prefixes best, the median over runs."""
    found = []
    for run in each(depth.of_depth(results, 2)):
        columns = columns_of(run)
        matching = [values[-1] for values in setups.heads_of(columns, "prefix_matching", (1,)).values()]
        found.append(score(run, columns)[int(np.argmax(matching))])
    return partly_known(found, -1, 1)


def copying(results: Results) -> Estimate:
    """Return the copying score of the head that matches prefixes best."""
    return of_best_match(
        results, lambda _, run: np.array([values[-1] for values in setups.heads_of(run, "copying", (1,)).values()])
    )


def eigenvalues(results: Results) -> Estimate:
    """Return Σλ / Σ|λ| of the map from tokens to logits of the head that matches prefixes best."""
    return of_best_match(results, lambda run, _: copying_of_block(*results.run(str(run.run.item()))))


def copying_of_block(plan: Plan, run: Run) -> np.ndarray:
    """Return Σλ / Σ|λ| of every head of the second block of a finished network."""
    assert isinstance(plan.model, Transformer)
    weights = weights_at(run)
    block = weights.blocks[1]
    return copying_eigenvalues(weights.embedding, block.value, block.output, weights.head, plan.model.heads)


def draw(results: Results) -> Picture:
    """Draw the scores of every head of the first network of two blocks below its in-context-learning score."""
    run = columns_of(each(depth.of_depth(results, 2))[0])
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
        "prefix matching of the best head, one block",
        best("prefix_matching", 1, (0,)),
        both(at_most(0.2)),
    ),
    Claim(
        "induction-in-the-last-of-two",
        "With two blocks, heads of the last match prefixes.",
        f"{S}, figure 5: 0.8 to 0.9; at least 0.5, our tolerance",
        "prefix matching of the best head of the second block",
        best("prefix_matching", 2, (1,)),
        both(at_least(0.5)),
    ),
    Claim(
        "induction-above-the-first-of-three",
        "With three blocks, heads above the first match prefixes.",
        f"{S}, figure 5; at least 0.5, our tolerance",
        "prefix matching of the best head above the first block",
        best("prefix_matching", 3, (1, 2)),
        both(at_least(0.5)),
    ),
    Claim(
        "a-previous-token-head-helps",
        "A head of the first block attends to the previous token.",
        f"{S}, figure 2; at least 0.5, our tolerance",
        "attention to the previous token of the best head of the first block, two blocks",
        best("previous_token", 2, (0,)),
        both(at_least(0.5)),
        {"laptop": ELSEWHERE},
    ),
    Claim(
        "both-at-once",
        "Heads begin to match prefixes when the network learns in context.",
        f"{S}, argument 1; within a tenth of all steps, our choice",
        "distance of the middles of both changes / all steps, two blocks",
        apart,
        both(at_most(0.1)),
    ),
    Claim(
        "induction-heads-copy",
        "Heads that match prefixes also copy.",
        f"{S}, argument 4; above 0, our choice",
        "copying score of the head of the second block that matches prefixes best, −1 to 1",
        copying,
        both(at_least(0)),
        {"laptop": TOGETHER},
    ),
    Claim(
        "their-weights-copy",
        "So say their weights: the eigenvalues of their map from tokens to logits are positive.",
        f"{S}, argument 4; at least 0.5, our choice",
        "sum of the eigenvalues / sum of their absolute values, of the same head",
        eigenvalues,
        both(at_least(0.5)),
    ),
)

FIGURE = Figure(
    "Induction heads", f"{S}, figures 3 and 5", sweeps, CLAIMS, draw, setups.SETTING, setups.require_all_scored
)
