"""The network and the task of the paper, which are small enough for a laptop."""

from collections.abc import Mapping

from groklab.papers.claims import Scale
from groklab.papers.setup import Setup
from groklab.training import Plan
from groklab.training.presets import POLYNOMIAL_TEACHER, PRESETS

RATE = float(POLYNOMIAL_TEACHER.optimizer.learning_rate)  # at α = 1; it goes as 1/α²
STANDARD = POLYNOMIAL_TEACHER.replace(record=POLYNOMIAL_TEACHER.record.replace(growth=1.05, snapshots=1e9))
EIGENVECTOR = STANDARD.replace(task=PRESETS["kernel-eigenvector"].task, steps=3_000)
PLANS: Mapping[Scale, Plan] = {"paper": STANDARD, "laptop": STANDARD}
SETUP = Setup(PLANS, first_seed=100, seeds={"paper": 3, "laptop": 3})
EIGENVECTORS = SETUP._replace(plans={"paper": EIGENVECTOR, "laptop": EIGENVECTOR})


def lazy(alpha: float) -> dict[str, float]:
    """Return the settings of a laziness α: the rate falls with its square."""
    return {"laziness": alpha, "learning_rate": RATE / alpha**2}
