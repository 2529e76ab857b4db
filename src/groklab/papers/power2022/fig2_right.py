"""Thirteen operations: symmetric ones need less data, one is never generalized (figure 2 right, section 3.2)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure as Picture

from groklab.estimates import bootstrap, difference
from groklab.papers import quantities
from groklab.papers.claims import Claim, Quantity, Scale, at_least, at_most, between
from groklab.papers.figure import Figure, Results
from groklab.papers.members import flat
from groklab.papers.parts import Part
from groklab.papers.power2022 import needs, pictures, setups
from groklab.training import Sweep

MODULAR = {
    "x + y": "addition",
    "x − y": "subtraction",
    "x · y": "multiplication",
    "x / y": "division",
    "x / y or x − y": "mixed",
    "x² + y²": "sum_of_squares",
    "x² + xy + y²": "quadratic_form",
    "x² + xy + y² + x": "quadratic_form_plus_x",
    "x³ + xy": "cubic_xy",
    "x³ + xy² + y": "cubic_xy2",
}
WORDS = {"x ∘ y": "xy", "x ∘ y ∘ x⁻¹": "xyx^-1", "x ∘ y ∘ x": "xyx"}
GROUP = {"paper": "S5", "laptop": "D16"}
SYMMETRIC = ("x + y", "x · y", "x² + y²", "x² + xy + y²")
FRACTIONS = {
    "paper": (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8, 0.95),
    "laptop": (0.5, 0.6, 0.8, 0.9),
}
LARGEST = {scale: fractions[-1] for scale, fractions in FRACTIONS.items()}


def operations(scale: Scale) -> dict[str, dict[str, Any]]:
    """Return the thirteen operations; a laptop has the dihedral group D16 of order 32."""
    words = {f"{word}, {GROUP[scale]}": form for word, form in WORDS.items()}
    group = setups.S5.replace(group=GROUP[scale])
    modular: dict[str, Any] = {sign: {"operation": name} for sign, name in MODULAR.items()}
    return modular | {sign: {"operation": group.replace(form=form)} for sign, form in words.items()}


def operation(name: str, words: str = "", **at: Any) -> Part:
    """Return the runs of one operation."""
    return Part("operations", words, operation=name, **at)


def sweeps(scale: Scale) -> Mapping[str, Sweep]:
    """Return every operation at every fraction."""
    changes = {"steps": 4_000} if scale == "laptop" else {}
    axes = {"operation": operations(scale), "fraction": FRACTIONS[scale]}
    return {"operations": setups.STANDARD.sweep(scale, axes, **changes)}


def more_needed(left: str, right: str) -> Quantity:
    """Return by how much more data the first operation needs than the second, as a share of the table."""
    more, less = operation(left), operation(right)
    return Quantity(
        f"{left} less {right}: difference of the fractions needed for 99 %",
        lambda results: difference(needs.needed(more(results)), needs.needed(less(results))),
    )


def anywhere(name: str) -> Quantity:
    """Return every seed's best validation accuracy at any fraction, the median over seeds."""
    return operation(name).quantity(
        "best validation accuracy at any fraction", lambda data: bootstrap(flat(needs.best(data).max("fraction")))
    )


def draw(results: Results) -> Picture:
    """Draw the best validation accuracy against the fraction: symmetric operations full, others dashed."""
    picture, axes = pictures.best_against_fraction(results["operations"], "operation", full=SYMMETRIC)
    shares = np.linspace(*axes.get_xlim(), 50)
    axes.plot(shares, shares, color="#999999", linewidth=0.8, linestyle=":", label="mirrored cells looked up")
    picture.legend(loc="outside right upper", fontsize=8)
    return picture


P = "Power et al. 2022, section 3.2"
CLAIMS = (
    Claim(
        "addition-before-subtraction",
        "x + y needs less data than x − y, as symmetric operations do.",
        f"{P}; any step of the grid",
        more_needed("x − y", "x + y"),
        at_least(0.04),
    ),
    Claim(
        "multiplication-before-division",
        "x · y needs less data than x / y.",
        f"{P}; any step of the grid",
        more_needed("x / y", "x · y"),
        at_least(0.04),
    ),
    Claim(
        "subtraction-like-division",
        "x − y and x / y need about the same, as their tables are one another relabelled but for zeros.",
        f"{P}; 5 points, at laptop scale 10, the smaller step of its grid",
        more_needed("x − y", "x / y"),
        {"paper": between(-0.051, 0.051), "laptop": between(-0.11, 0.11)},
        {"laptop": "The medians agree; a run that generalized nowhere on the grid leaves the interval open."},
    ),
    Claim(
        "one-more-term",
        "x² + xy + y² needs less data than x² + xy + y² + x.",
        f"{P}; any step of the grid",
        more_needed("x² + xy + y² + x", "x² + xy + y²"),
        at_least(0.04),
        {"laptop": "Neither is generalized at up to 90 % of the small table; the first only has its mirrored cells."},
    ),
    Claim(
        "mixed-generalizes",
        "x / y for odd y, else x − y, is generalized too.",
        P,
        quantities.best.of(operation("x / y or x − y", "at the largest fraction", fraction=LARGEST)),
        at_least(0.99),
        {"laptop": "A table mod 31 shows each of the two rules in some 400 cells, a tenth of what one mod 97 shows."},
    ),
    Claim(
        "one-never-generalizes",
        "x³ + xy² + y is not generalized at any fraction up to 95 %.",
        f"{P}; the levels are ours, and a laptop goes up to 90 %",
        anywhere("x³ + xy² + y"),
        {"paper": at_most(0.1), "laptop": at_most(0.25)},
    ),
    Claim(
        "it-is-memorized",
        "Yet x³ + xy² + y is memorized.",
        f"{P}; by 40 % of the runs, our choice",
        quantities.memorized.of(operation("x³ + xy² + y")),
        at_least(0.4),
    ),
)

FIGURE = Figure(sweeps, CLAIMS, draw)
