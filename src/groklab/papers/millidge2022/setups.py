"""A quadratic network on addition by gradient descent, whose noise is what one gives it."""

from groklab.measures import Accuracy, Curvature, GradientNoise, Loss, UpdateNorm, UpdateSharpness, WeightNorm
from groklab.papers.setup import Setup
from groklab.tasks import BinaryTable, Modular
from groklab.training import Record
from groklab.training.presets import QUADRATIC

P = "Millidge 2022"
# Smaller than Gromov's, and without momentum or decay: a run takes less than a second.
SMALL = QUADRATIC.replace(
    task=BinaryTable(Modular("addition", 23), fraction=0.65),
    model=QUADRATIC.model.replace(hidden=128),
    optimizer=QUADRATIC.optimizer.replace(learning_rate=10_000.0),
    steps=3_000,
    record=Record(stop_after=3),
    measures=(Accuracy(), Loss(), WeightNorm()),
)
LARGE = QUADRATIC.replace(measures=SMALL.measures, record=Record(stop_after=3))
NOISY = Setup({"paper": LARGE, "laptop": SMALL}, first_seed=100, seeds={"paper": 100, "laptop": 100})
DECAY = 3e-8  # times the rate: 3·10⁻⁴ of every weight at each step

# Weights are kept every five steps: how they move is worked out from these.
SEEN = {
    "record": Record(growth=1e6, every=5, snapshots=1.0001, stop_after=3),
    "measures": (*SMALL.measures, UpdateNorm(), GradientNoise(), Curvature(12, 4), UpdateSharpness(10, 24)),
}
MOVING = Setup(
    {"paper": LARGE.replace(**SEEN), "laptop": SMALL.replace(**SEEN)}, first_seed=100, seeds={"paper": 8, "laptop": 8}
)
