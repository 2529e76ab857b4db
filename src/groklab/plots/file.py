"""From a figure to a file."""

from pathlib import Path

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from groklab.errors import StoreError


def save(figure: Figure, target: str) -> str:
    """Write a figure, close it whatever comes, and return its path."""
    try:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(target, bbox_inches="tight")
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        raise StoreError(f"`{target}` cannot be written: {cause}. Choose another place.") from error
    except ValueError as error:
        raise StoreError(f"`{target}` must end in a kind of figure, such as .png: {error}.") from None
    finally:
        plt.close(figure)
    return target
