"""The network of the paper, and what stands for it on a laptop."""

from groklab.measures import Participation
from groklab.papers.setup import Setup
from groklab.tasks import Modular
from groklab.training.presets import QUADRATIC

PAPER = QUADRATIC.replace(measures=(*QUADRATIC.measures, Participation()))
# A smaller table, of which more must be shown; a rate twice as large diverges.
LAPTOP = PAPER.replace(
    task=PAPER.task.replace(operation=Modular("addition", 31), fraction=0.6),
    model=PAPER.model.replace(hidden=200),
    optimizer=PAPER.optimizer.replace(learning_rate=20_000.0),
    steps=6_000,
)
SETUP = Setup({"paper": PAPER, "laptop": LAPTOP}, first_seed=100, seeds={"paper": 3, "laptop": 3})
