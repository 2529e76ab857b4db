"""The rows of an output layer, one an answer token: less their mean, and placed in the plane."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from groklab.errors import InvalidSetting
from groklab.models import Transformer
from groklab.store import Run
from groklab.tasks import BinaryTable
from groklab.training import Plan

PLANE = 2  # dimensions of a picture


def output_rows(plan: Plan, run: Run) -> Float[np.ndarray, "answers width"]:
    """Return the rows of the output layer of a finished run, one for each answer of its table, in the table's order."""
    saved = run.checkpoint()
    if saved is None or "weights.head" not in saved[0]:
        raise InvalidSetting(f"`{run.name}` has no output layer of its own: its head is tied or it was not trained.")
    assert isinstance(plan.task, BinaryTable)
    token = {word: number for number, word in enumerate(plan.task.vocabulary())}
    rows = np.asarray(saved[0]["weights.head"], float).T
    return rows[[token[word] for word in plan.task.operation.cells().answers]]


def require_output_rows(plans: Mapping[str, Plan]) -> None:
    """Raise `InvalidSetting` for networks without an output layer that has a row for each token."""
    for plan in plans.values():
        if not isinstance(plan.model, Transformer) or plan.model.tied or plan.model.width < PLANE:
            raise InvalidSetting(
                "`model` must be a transformer with a head of its own, at least 2 wide: model=transformer tied=false."
            )


def centered(rows: Float[np.ndarray, "tokens width"]) -> Float[np.ndarray, "tokens width"]:
    """Return rows less their mean. Raises `InvalidSetting` for rows that are not finite or all the same."""
    if infinite := np.count_nonzero(~np.isfinite(rows).all(axis=1)):
        raise InvalidSetting(f"`rows` must be finite, got {infinite} of {len(rows)} that are not. Did the run diverge?")
    if (rows == rows[0]).all():
        raise InvalidSetting(f"`rows` must differ, got {len(rows)} that are the same. Has the model been trained?")
    return rows.astype(np.float64) - rows.mean(axis=0, dtype=np.float64)


def embed(
    rows: Float[np.ndarray, "tokens width"], *, seed: int = 0, perplexity: float = 30.0
) -> Float[np.ndarray, "tokens 2"]:
    """Place rows in the plane by t-SNE, started from their principal components.

    A perplexity above (tokens − 1)/3 is taken as that.
    """
    from sklearn.manifold import TSNE  # takes a second to import
    from threadpoolctl import threadpool_limits

    at_most = (len(rows) - 1) / 3
    chart = TSNE(init="pca", learning_rate="auto", random_state=seed, perplexity=min(perplexity, at_most))
    # So few points are placed in a second by one thread; several wait for each other, ten times as long on busy cores.
    with threadpool_limits(1):
        return chart.fit_transform(rows)
