"""A linear map of features that are not trained: all of its training can be known beforehand."""

import abc
from typing import Any

from jaxtyping import Array, Float

from groklab.models.base import Model, ModelInputs
from groklab.models.products import product
from groklab.types import PRNGKey, Shape


class OnFeatures(Model):
    """Answers with φ(x)·A, where only A is trained."""

    @abc.abstractmethod
    def feature_map(self, batch: ModelInputs, dtype: Any, matmul_dtype: str) -> Float[Array, "batch features"]:
        """Return φ(x) of the inputs of a batch."""

    def outputs(
        self,
        weights: Float[Array, "features outputs"],
        batch: ModelInputs,
        shape: Shape,
        *,
        matmul_dtype: str,
        key: PRNGKey | None = None,
    ) -> Float[Array, "batch scored outputs"]:
        return product(self.feature_map(batch, weights.dtype, matmul_dtype), weights, matmul_dtype)[:, None]
