"""What is measured of a part of a figure's runs, said and done in one place."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec

import xarray

from groklab.estimates import Estimate, exact
from groklab.papers.claims import Quantity
from groklab.papers.figure import Results

Given = ParamSpec("Given")
SPOKEN = {
    "memorized_at": "memorizing",
    "generalized_at": "generalizing",
    "train_loss": "training loss",
    "train_accuracy": "training accuracy",
    "previous_token": "attention to the previous token",
}


class Part:
    """Some runs of a figure: those of one sweep at which some settings have one value, and how they are called."""

    def __init__(self, sweep: str, words: str = "", **at: Any) -> None:
        self.sweep = sweep
        self.words = words
        self.at = at

    def __call__(self, results: Results) -> xarray.Dataset:
        """Return their dataset."""
        return results.part(self.sweep, **self.at)

    def quantity(self, words: str, measure: Callable[[xarray.Dataset], Estimate]) -> Quantity:
        """Return what is measured of them as a quantity of the figure."""
        return Quantity(f"{words}, {self.words}" if self.words else words, lambda results: measure(self(results)))


@dataclass(frozen=True)
class Measure(Generic[Given]):
    """What can be measured of runs. Its words may name what it is given, such as `{level}`."""

    words: str
    function: Callable[Concatenate[xarray.Dataset, Given], Estimate]

    def __call__(self, data: xarray.Dataset, *args: Given.args, **kwargs: Given.kwargs) -> Estimate:
        """Measure it of the runs of a dataset."""
        return self.function(data, *args, **kwargs)

    def of(self, part: Part, *args: Given.args, **kwargs: Given.kwargs) -> Quantity:
        """Return it as a quantity of a part of a figure's runs."""
        given = inspect.signature(self.function).bind(None, *args, **kwargs)
        given.apply_defaults()
        words = self.words.format_map({name: _spoken(value) for name, value in given.arguments.items()})
        return part.quantity(words, lambda data: self.function(data, *args, **kwargs))


def measure(words: str) -> Callable[[Callable[Concatenate[xarray.Dataset, Given], Estimate]], Measure[Given]]:
    """Say in words what a function measures."""
    return lambda function: Measure(words, function)


def calculated(words: str, number: Callable[[], float]) -> Quantity:
    """Return a number that needs no runs as a quantity."""
    return Quantity(words, lambda results: exact(number()))


def _spoken(value: Any) -> Any:
    return SPOKEN.get(value, value.replace("_", " ")) if isinstance(value, str) else value
