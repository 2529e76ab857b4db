"""Fourier spectra of the embedding and of the map to the logits: before, during and after (figures 3 and 5)."""

import numpy as np
import xarray
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from groklab.papers.claims import Claim, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.nanda2023.mainline import (
    evolutions,
    keys_of,
    last,
    over_runs,
    phases_of,
    require_circuit,
    sweeps,
)
from groklab.papers.words import described
from groklab.plots.style import MARK, VALIDATION

MOMENTS = ("at the start", "where test loss begins to fall", "at the end")
PARTS = {"embedding": "embedding", "output": "neurons to logits"}


def norms(data: xarray.Dataset, part: str, step: float) -> np.ndarray:
    """Return the norm of every frequency at a step at which weights were kept."""
    row = data.sel(step=step)
    return np.array([float(row[f"{part}_norm.{k}"]) for k in range(1, data.attrs["p"] // 2 + 1)])


def draw(results: Results) -> Picture:
    """Draw the norm of every frequency of the first run at three moments."""
    data = evolutions(results)[0]
    keys = keys_of(*next(results.runs("mainline")))
    turned = phases_of(data).turned
    wanted = (0.0, min(turned, float(data.step[-1])), float(data.step[-1]))
    steps = [float(data.step.sel(step=step, method="nearest")) for step in wanted]
    picture, rows = plt.subplots(2, 3, figsize=(10, 4.6), sharex=True, sharey="row", layout="constrained")
    for row, (part, word) in zip(rows, PARTS.items(), strict=True):
        for axes, step in zip(row, steps, strict=True):
            _bars(axes, norms(data, part, step), keys)
        row[0].set_ylabel(f"norm, {word}")
    moments = MOMENTS if np.isfinite(turned) else (MOMENTS[0], "at the end, test loss has not fallen", MOMENTS[2])
    for axes, step, moment in zip(rows[0], steps, moments, strict=True):
        axes.set_title(f"{moment} (step {step:,.0f})", loc="left", fontsize=9)
    for axes in rows[-1]:
        axes.set_xlabel("frequency k")
    picture.suptitle(f"{described(results.first('mainline'))}: key frequencies {', '.join(map(str, keys))}", fontsize=9)
    return picture


def _bars(axes: Axes, values: np.ndarray, keys: tuple[int, ...]) -> None:
    k = np.arange(1, len(values) + 1)
    axes.set_axisbelow(True)
    axes.grid(visible=False, axis="x")
    axes.bar(k, values, width=0.8, color=[VALIDATION if number in keys else MARK for number in k])


S = "Nanda et al. 2023, sections 4.1 and 5.2"
CLAIMS = (
    Claim(
        "start-is-spread",
        "At the start all frequencies of the embedding are alike.",
        f"{S}; 0.04 recomputed, at most 0.1 is our tolerance",
        over_runs("first Gini coefficient of the embedding", lambda data: float(data["gini.embedding"][0])),
        at_most(0.1),
    ),
    Claim(
        "output-becomes-sparse",
        "In the end the map from neurons to logits is sparse in the Fourier basis.",
        f"{S}; 0.58 to 0.76 recomputed from stored weights, 0.5 and on a laptop 0.4 are our tolerance",
        last("last Gini coefficient of the map from neurons to logits", "gini.output"),
        {"paper": at_least(0.5), "laptop": at_least(0.4)},
    ),
    Claim(
        "few-frequencies",
        "A handful of frequencies is left, three to five in the paper.",
        f"{S} and appendix C.2; 2 to 8 allowed, our choice",
        last("frequencies above a quarter of the greatest norm", "key_frequencies"),
        between(2, 8),
    ),
    Claim(
        "low-rank",
        "The map to the logits has two dimensions for each key frequency.",
        f"{S}: residual of 0.55 %; 98 % and on a laptop 90 % of its energy, our tolerance",
        last("share of squared singular values in the first two for each key frequency", "output_energy"),
        {"paper": at_least(0.98), "laptop": at_least(0.9)},
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw, require_circuit)
