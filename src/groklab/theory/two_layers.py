"""Two linear layers f(x) = S₁ᵀS₀ᵀx, teacher and student alike: one layer at another rate, and the whole flow.

Entries of the first layer have variance 1/(2 d_in d_h), of the second 1/(2 d_h d_out) (Levi et al. 2024, section 4).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from groklab.theory import domain
from groklab.theory.crossings import Times
from groklab.theory.delays import LEVEL, times
from groklab.theory.linear import LinearStudent, Losses, losses

Matrix = Float[np.ndarray, "*shape"]


class TwoLayers(NamedTuple):
    """What decides the losses of the two-layer student."""

    ratio: float  # λ = d_in / N
    hidden: int  # d_h
    outputs: int = 5  # d_out
    learning_rate: float = 0.01  # η
    second: float = 0.5  # ‖S₁‖², which multiplies the gradient of the product; 1/2 by the initialization

    def frozen(self) -> LinearStudent:
        """Return the one-layer problem with the same shape of losses, where ‖S₁‖² stays as it is and d_h ≫ d_out.

        Its rate is that of eq. 19, η‖S₁‖²/d_out². Its losses are 2 d_h times those of the two layers.
        """
        domain.above("hidden", self.hidden, 0)
        domain.above("second", self.second, 0)
        rate = self.learning_rate * self.second / self.outputs
        return LinearStudent(self.ratio, outputs=self.outputs, learning_rate=rate).checked()


def frozen_losses(problem: TwoLayers, steps: ArrayLike) -> Losses:
    """Return both losses with a frozen kernel, (‖D₀‖²/d_out) E[q e^(−4η'νt)] with ‖D₀‖² = 1/(2d_h)."""
    return Losses(*(np.asarray(each / (2 * problem.hidden)) for each in losses(problem.frozen(), steps)))


def frozen_times(problem: TwoLayers, tolerance: ArrayLike, level: float = LEVEL) -> Times:
    """Return when accuracies come to a level, with a frozen kernel."""
    larger = 2 * problem.hidden * np.asarray(tolerance, float)  # as the losses are smaller
    return times(problem.frozen(), larger, level)


class Layers(NamedTuple):
    """Weights of a student, or of a teacher."""

    first: Float[np.ndarray, "inputs hidden"]
    second: Float[np.ndarray, "hidden outputs"]


def flow(
    covariance: Float[np.ndarray, "inputs inputs"],
    student: Layers,
    teacher: Float[np.ndarray, "inputs outputs"],
    steps: Float[np.ndarray, "steps"],
    learning_rate: float = 0.01,
) -> tuple[Losses, Float[np.ndarray, "steps"]]:
    """Return both losses along the exact flow of a given data set, and ‖S₁‖² along it.

    dS₀ = −(2η/d_out) ΣD S₁ᵀ and dS₁ = −(2η/d_out) S₀ᵀΣD, integrated to a relative error of 1e-8. The mean of both
    squared norms obeys dh/dt = −(4η/d_out) Tr[(T + D)ᵀΣD]: the paper's eq. 18 has −8η, and no 1/d_out.
    """
    from scipy.integrate import solve_ivp

    domain.above("learning_rate", learning_rate, 0)
    domain.at_least("steps", steps, 0)
    shapes, outputs = (student.first.shape, student.second.shape), teacher.shape[1]
    rate = 2 * learning_rate / outputs

    def apart(packed: Matrix) -> Layers:
        cut = shapes[0][0] * shapes[0][1]
        return Layers(packed[:cut].reshape(shapes[0]), packed[cut:].reshape(shapes[1]))

    def change(_: float, packed: Matrix) -> Matrix:
        now = apart(packed)
        pull = -rate * covariance @ (now.first @ now.second - teacher)
        return np.concatenate([(pull @ now.second.T).ravel(), (now.first.T @ pull).ravel()])

    start = np.concatenate([student.first.ravel(), student.second.ravel()])
    ends = (0.0, float(np.max(steps)))
    found = solve_ivp(change, ends, start, t_eval=steps, method="LSODA", rtol=1e-8, atol=1e-12)
    path = [apart(each) for each in found.y.T]
    wrong = np.stack([now.first @ now.second - teacher for now in path])
    train = np.einsum("sio,ij,sjo->s", wrong, covariance, wrong) / outputs
    validation = (wrong**2).sum((1, 2)) / outputs
    return Losses(train, validation), np.array([(now.second**2).sum() for now in path])
