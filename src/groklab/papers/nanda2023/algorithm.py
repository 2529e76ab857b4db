"""By which algorithm the network adds: the heat map of its logits and the evidence for it (section 4)."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.papers.claims import Claim, Quantity, at_least, at_most
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023.mainline import evolutions, keys_of, last, over_runs, require_circuit, sweeps
from groklab.papers.nanda2023.spectrum_of_logits import spectrum

SHOWN = 5  # runs at most: more numbers would touch
EVIDENCE = {
    "logits explained by cos w(a + b − c)": "logits_explained",
    "neurons of one frequency (> 85 %)": "neurons_explained",
    "neurons' variance in one frequency, mean": "neurons_explained.mean",
    "what is read at the key frequencies": "directions_explained",
    "output map in its key dimensions": "output_energy",
    "Gini coefficient of the embedding": "gini.embedding",
    "Gini coefficient of the output map": "gini.output",
    "logits that commute": "commutes",
}


def over_heads(words: str, name: str, summary: Callable[[Sequence[float]], float]) -> Quantity:
    """Return the median over runs of a summary over heads of what was last measured of each."""

    def number(data: xarray.Dataset) -> float:
        return float(summary([float(data[each][-1]) for each in data.data_vars if str(each).startswith(f"{name}.")]))

    return over_runs(words, number)


def draw(results: Results) -> Picture:
    """Draw the Fourier components of the first run's logits over (a, b), and what is explained in every run."""
    plan, run = next(results.runs("mainline"))
    picture, (left, right) = plt.subplots(
        1, 2, figsize=(10.4, 4.6), layout="constrained", gridspec_kw={"width_ratios": (1, 1.25)}
    )
    image = left.imshow(spectrum(plan, run), cmap="magma", origin="lower")
    picture.colorbar(image, ax=left, shrink=0.8, label="norm over c")
    left.grid(visible=False)
    left.set_xlabel("component of b: 1, cos, sin, cos 2, …")
    left.set_ylabel("component of a")
    left.set_title(f"logits: frequencies {', '.join(map(str, keys_of(plan, run)))}", loc="left", fontsize=9)
    _table(right, results)
    return picture


def _table(axes: Axes, results: Results) -> None:
    runs = evolutions(results)[:SHOWN]
    rows = [[f"{float(data[column][-1]):.3f}" for data in runs] for column in EVIDENCE.values()]
    axes.axis("off")
    heads = [f"run {at + 1}" for at in range(len(runs))]
    table = axes.table(rows, rowLabels=list(EVIDENCE), colLabels=heads, bbox=(0.55, 0.25, 0.45, 0.65))  # pyright: ignore[reportArgumentType]
    table.auto_set_font_size(False)
    table.set_fontsize(7.5)
    keys = [", ".join(map(str, keys_of(plan, run))) for plan, run in itertools.islice(results.runs("mainline"), SHOWN)]
    lines = [f"run {at + 1}: key frequencies {words}" for at, words in enumerate(keys)]
    axes.text(0.55, 0.18, "\n".join(lines), fontsize=7.5, va="top", transform=axes.transAxes)


S = "Nanda et al. 2023, section 4"
CLAIMS = (
    Claim(
        "logits-are-cosines",
        "The logits are a sum of cos w(a + b − c) over the key frequencies.",
        f"{S}.2: 95 %; 90 % and on a laptop 80 %, our tolerance",
        last("share of the logits' variance explained", "logits_explained"),
        {"paper": at_least(0.9), "laptop": at_least(0.8)},
    ),
    Claim(
        "neurons-have-a-frequency",
        "Most neurons are functions of a single frequency.",
        f"{S}.3: 84.6 % of neurons above 85 %; 60 % and on a laptop 40 % of them, our tolerance",
        last("share of neurons of whose variance one frequency explains more than 85 %", "neurons_explained"),
        {"paper": at_least(0.6), "laptop": at_least(0.4)},
    ),
    Claim(
        "neurons-are-read-as-sums",
        "What is read off the neurons is cos w(a + b) and sin w(a + b).",
        f"{S}.2: 93.2 to 98.2 %; 90 % and on a laptop 80 %, our tolerance",
        last("share explained of all that is read along the key directions", "directions_explained"),
        {"paper": at_least(0.9), "laptop": at_least(0.8)},
    ),
    Claim(
        "attention-is-periodic",
        "The score that a head gives a token is a wave of one frequency.",
        f"{S}.3: 97.9 to 99.1 %; 90 % for the median head, our tolerance",
        over_heads(
            "share of the score's variance that one frequency explains, median over heads",
            "attention_explained",
            np.median,
        ),
        at_least(0.9),
        {"laptop": "It takes longer: at 30 %, after 20,000 steps, it is 0.97 [0.934, 0.979] in three seeds."},
    ),
    Claim(
        "end-is-not-attended",
        "The last position hardly attends to itself.",
        f"{S}.3: 0.1 to 0.4 %; at most 2 %, our tolerance",
        over_heads("mean attention of the last position to itself, greatest over heads", "attention_to_end", np.max),
        at_most(0.02),
    ),
    Claim(
        "fit-does-better",
        "The fitted cosines alone have a lower loss than the network.",
        f"{S}.2: 4.7e-8 against 2.4e-7",
        last("last loss of the fitted cosines / of the logits, on all examples", "trig_loss.all", "full_loss.all"),
        at_most(1),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, require_circuit)
