"""The runs that show grokking and double descent at once (Davies, Langosco and Krueger 2023)."""

from groklab.models import Transformer
from groklab.optimizers import adamw
from groklab.papers.setup import Setup
from groklab.tasks import BinaryTable, Modular
from groklab.training import Plan, Record

PAPER = Plan(
    task=BinaryTable(Modular("division", 97)),
    model=Transformer(heads=1),
    optimizer=adamw(weight_decay=1e-5),
    steps=400_000,
    record=Record(growth=1.05),
)
# A quarter of the table, of which four fifths are shown, and some decay: within 12,000 steps a width of 64 generalizes.
LAPTOP = PAPER.replace(
    task=BinaryTable(Modular("division", 47), fraction=0.8),
    optimizer=adamw(weight_decay=0.3),
    steps=12_000,
    batch_size=256,
    record=Record(growth=1.1),
)
SETUP = Setup({"paper": PAPER, "laptop": LAPTOP}, first_seed=100, seeds={"paper": 3, "laptop": 3})
WIDEST = {"paper": 128, "laptop": 64}
