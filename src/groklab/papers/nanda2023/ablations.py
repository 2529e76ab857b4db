"""What the finished network can do without, and what it cannot (section 4.4)."""

import functools
from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure as Picture

from groklab.errors import InvalidSetting
from groklab.estimates import Estimate, partly_known
from groklab.models.transformer import Transformer
from groklab.papers import words
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most
from groklab.papers.crossings import LEARNT
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023.changes import ONE, WHOLE, losses_after_changes
from groklab.papers.nanda2023.mainline import NAME, evolutions, keys_of, require_circuit, sweeps
from groklab.papers.words import described
from groklab.plots.style import MARK, VALIDATION
from groklab.runner import weights_at
from groklab.store import Run
from groklab.tasks import BinaryTable
from groklab.training import Plan

CHANCE = float(np.log(113))  # nats, on the table of the main run
FITTED = 0.4  # of the neurons at least: a change that replaces hardly any would change nothing


@functools.cache
def losses(plan: Plan, run: Run) -> Mapping[str, float]:
    """Return the loss on all pairs of the finished network and after every change."""
    model = plan.model
    assert isinstance(model, Transformer)
    weights = jax.tree.map(jnp.asarray, weights_at(run))
    examples = plan.task.examples(seed=plan.seeds.split)
    return losses_after_changes(model, weights, examples, words.modulus(plan), keys_of(plan, run))


def require_one_block(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` for networks other than those that the changes are written for."""
    require_circuit(plans)
    task, model = plans[NAME].task, plans[NAME].model
    assert isinstance(model, Transformer)
    assert isinstance(task, BinaryTable)
    if model.depth != 1:
        raise InvalidSetting(f"`depth` must be 1, got {model.depth}: the changes are to a network of one block.")
    if model.norm != "none":
        raise InvalidSetting(f"`norm` must be none, got {model.norm}: what is put in is what goes into the sum.")
    if task.profile != "nanda":
        raise InvalidSetting(f"`profile` must be nanda, got {task.profile}: the changes are to attention over x y =.")


def over_runs(words: str, number: Callable[[Mapping[str, float]], float]) -> Quantity:
    """Return the median over runs of a number told from the losses; nothing is known of a run that has not learnt."""

    def measure(results: Results) -> Estimate:
        values = [number(each) if each[WHOLE] < LEARNT else np.nan for each in _found(results)]
        return partly_known(values, -np.inf, np.inf)

    return Quantity(words, measure)


def ratio(name: str) -> Quantity:
    """Return the loss after a change over that of the whole network."""
    return over_runs("loss / that of the whole network", lambda found: found[name] / found[WHOLE])


def left(name: str) -> Quantity:
    """Return the loss after a change."""
    return over_runs("loss (nats)", lambda found: found[name])


def least_frequency(found: Mapping[str, float]) -> float:
    """Return the loss without the key frequency that is missed least over that of the whole network."""
    return min(found[name] for name in found if name.startswith(ONE)) / found[WHOLE]


def fits(results: Results) -> Estimate:
    """Return the loss with fitted neurons over that of the whole network; unknown where few neurons have a fit."""
    name = "neurons: their fit by one frequency"
    shares = [float(data["neurons_explained"][-1]) for data in evolutions(results)]
    ratios = [
        found[name] / found[WHOLE] if share >= FITTED and found[WHOLE] < LEARNT else np.nan
        for found, share in zip(_found(results), shares, strict=True)
    ]
    return partly_known(ratios, -np.inf, np.inf)


def _found(results: Results) -> list[Mapping[str, float]]:
    return [losses(plan, run) for plan, run in results.runs(NAME)]


def draw(results: Results) -> Picture:
    """Draw the loss after every change, a dot a run; key frequencies are each run's own, the one missed least first."""
    rows = [_in_order(found) for found in _found(results)]
    names = max(rows, key=len)
    picture, axes = plt.subplots(figsize=(7.4, 0.3 * len(names) + 1), layout="constrained")
    for row in rows:
        places = [list(names).index(name) for name in row]
        axes.plot(list(row.values()), places, "o", color=VALIDATION, alpha=0.7, markersize=5)
    chance = float(np.log(words.modulus(results.first(NAME))))
    axes.axvline(chance, color=MARK, linewidth=0.8, linestyle="--")
    axes.text(chance, len(names) - 0.6, "chance ", ha="right", fontsize=8, color=MARK)
    axes.axvspan(*(end(row[WHOLE] for row in rows) for end in (min, max)), color=MARK, alpha=0.15, linewidth=0)
    axes.set_yticks(range(len(names)), list(names))
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("loss on all pairs (nats, log scale)")
    axes.set_title(
        f"{described(results.first('mainline'))}, {words.counted(len(rows), 'seed')}", loc="left", fontsize=9
    )
    return picture


def _in_order(found: Mapping[str, float]) -> dict[str, float]:
    alone = sorted(value for name, value in found.items() if name.startswith(ONE))
    common = {name: value for name, value in found.items() if not name.startswith(ONE)}
    return common | {f"{ONE} no. {number + 1}": value for number, value in enumerate(alone)}


S = "Nanda et al. 2023, section 4.4"
TWO_OF_THREE: Mapping[Scale, str] = {"laptop": "So it is in two of three networks."}
CLAIMS = (
    Claim(
        "sums-are-enough",
        "With nothing but cos and sin of w(a + b) left in the neurons the loss is lower.",
        f"{S}: 5.54e-8 of 2.41e-7",
        ratio("neurons: cos and sin of w(a + b) alone"),
        at_most(1),
        TWO_OF_THREE,
    ),
    Claim(
        "neurons-are-their-fits",
        "Neurons can be replaced by their fits of a single frequency.",
        f"{S}: 2.48e-7 of 2.41e-7; 1.25 and on a laptop 2, our tolerance",
        Quantity("loss / that of the whole network", fits),
        {"paper": at_most(1.25), "laptop": at_most(2)},
        TWO_OF_THREE,
    ),
    Claim(
        "read-directions-are-enough",
        "Of the neurons only the directions that are read at the key frequencies matter.",
        f"{S}: 1.19e-7 of 2.41e-7",
        ratio("neurons: what is read at key frequencies"),
        at_most(1),
        {"laptop": "Other directions still help a little; the paper's network had longer to clean up."},
    ),
    Claim(
        "the-rest-is-worthless",
        "Without these directions the network is worse than chance.",
        f"{S}: 5.27, of ln 113 = 4.73",
        left("neurons: all but that"),
        at_least(CHANCE),
    ),
    Claim(
        "every-key-frequency-counts",
        "Without any one of the key frequencies the loss is far higher.",
        f"{S}: 2.0e-4 to 2.4e-2 of 2.41e-7; a hundredfold, our tolerance",
        over_runs("least loss without one key frequency / that of the whole network", least_frequency),
        at_least(100),
    ),
    Claim(
        "the-skip-hardly-matters",
        "What goes past the feed-forward layer hardly matters.",
        f"{S}: 9.12e-7 of 2.41e-7; tenfold, our tolerance",
        ratio("nothing past the feed-forward layer"),
        at_most(10),
    ),
    Claim(
        "attention-is-needed",
        "Without attention the network is worse than chance.",
        f"{S}: 24.3, of ln 113 = 4.73",
        left("no attention"),
        at_least(CHANCE),
    ),
    Claim(
        "attention-is-nearly-linear",
        "Attention can be replaced by its linear approximation.",
        f"{S}: 2.12e-7 of 2.41e-7; 1.25 and on a laptop 2, our tolerance",
        ratio("linear attention"),
        {"paper": at_most(1.25), "laptop": at_most(2)},
        TWO_OF_THREE,
    ),
    Claim(
        "what-passes-attention-is-needed",
        "With nothing going past attention the network is worse than chance.",
        f"{S}: 19.1, of ln 113 = 4.73",
        left("nothing past attention"),
        at_least(CHANCE),
        {"laptop": "It is one vector, the same for all pairs; here the loss grows a thousandfold only."},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, require_one_block)
