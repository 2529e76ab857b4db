"""Names of settings, and words of the command line from the names of classes."""

import re

SEEDS = ("seeds.init", "seeds.split", "seeds.order")


def word_of(name: str) -> str:
    """Return the word by which a class is chosen: `squared-error` for `SquaredError`, `mlp` for `MLP`."""
    return re.sub("(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
