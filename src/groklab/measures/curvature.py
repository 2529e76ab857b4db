"""How the training loss curves around the weights."""

import jax.numpy as jnp

from groklab.errors import InvalidSetting
from groklab.measures import hessian
from groklab.measures.base import Measure, Observation
from groklab.settings import setting
from groklab.trees import in_a_row
from groklab.types import Scalar


class Curvature(Measure):
    """Largest eigenvalue of the Hessian of the mean training loss (`hessian_top`) and its trace (`hessian_trace`).

    The eigenvalue is Lanczos's; `hessian_top_error` is ‖Hv − λv‖, which some eigenvalue is not further away than. The
    trace is Hutchinson's, and `hessian_trace_error` its standard error. A product with the Hessian costs about two
    gradients, and there are `iterations` + 1 + `probes`.
    """

    iterations: int = setting(20, "products with the Hessian for the largest eigenvalue", at_least=2)
    probes: int = setting(8, "products with the Hessian for its trace", at_least=2)

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        product, flat = hessian.hessian(seen.slope, seen.weights)
        top = hessian.sharpest(product, flat, directions=1, iterations=self.iterations)
        trace, error = hessian.trace(product, flat, probes=self.probes)
        return {
            "hessian_top": top.values[0],
            "hessian_top_error": top.errors[0],
            "hessian_trace": trace,
            "hessian_trace_error": error,
        }


class UpdateSharpness(Measure):
    """uᵀHu / ‖u‖² along the update u that the next step makes (Thilak et al. 2022), and the share of it that is steep.

    `update_sharpness` is one product with the Hessian of the mean training loss. With `directions` above 0,
    `update_in_top` is the share of ‖u‖² in so many eigenvectors of the largest eigenvalues: the rest moves along what
    is flat.
    """

    directions: int = setting(0, "eigenvectors that the update is compared with; 0: none", at_least=0)
    iterations: int = setting(40, "products with the Hessian for these", at_least=2)

    needs_update = True

    def validate(self) -> None:
        if self.directions > self.iterations:
            raise InvalidSetting(
                f"`iterations` must be at least {self.directions}, the directions sought, got {self.iterations}. "
                f"Try iterations={4 * self.directions}."
            )

    def __call__(self, seen: Observation) -> dict[str, Scalar]:
        product, _ = hessian.hessian(seen.slope, seen.weights)
        update = in_a_row(seen.update)
        square = jnp.square(update).sum()
        numbers = {"update_sharpness": (update * product(update)).sum() / square}
        if self.directions:
            top = hessian.sharpest(product, update, directions=self.directions, iterations=self.iterations)
            numbers["update_in_top"] = jnp.square(top.vectors @ update).sum() / square
        return numbers
