"""The paper's division without weight decay, and what stands for it on a laptop."""

from groklab.measures import (
    Accuracy,
    Collapse,
    Distance,
    FeatureChange,
    HeadNorm,
    Loss,
    MeanCosine,
    UpdateSharpness,
)
from groklab.models import MLP
from groklab.optimizers import Adam, adam
from groklab.papers.setup import Setup
from groklab.tasks import BinaryTable, Digits8, Modular, Parity
from groklab.training import Plan, Record

P = "Thilak et al. 2022"
SHEET = "Thilak et al. 2022; that it is finite precision: Liu et al. 2026"
MEASURES = (Accuracy(), Loss(), HeadNorm(), Collapse(), MeanCosine())
PAPER = Plan(
    task=BinaryTable(Modular("division", 97), fraction=0.5),
    optimizer=adam(),
    steps=500_000,
    batch_size=512,
    record=Record(every=200),
    measures=MEASURES,
)
# A spike lasts some twenty steps: all are recorded that are five apart.
LAPTOP = PAPER.replace(
    task=BinaryTable(Modular("division", 31), fraction=0.5),
    model=MLP(width=64, hidden=128),
    steps=8_000,
    batch_size="full",
    record=Record(every=5),
)
DIVISION = Setup({"paper": PAPER, "laptop": LAPTOP}, first_seed=100, seeds={"paper": 8, "laptop": 8})
MORE = (*MEASURES, UpdateSharpness(), FeatureChange(), Distance())
CLOSELY = Setup(
    {"paper": PAPER.replace(measures=MORE), "laptop": LAPTOP.replace(measures=MORE)},
    first_seed=100,
    seeds={"paper": 3, "laptop": 3},
)
HEAD = {"paper": "head", "laptop": "layers.1.matrix"}

# Bits of which three decide, as Wu 2024 has them, but fewer: 20 bits are learnt from 500 examples within minutes.
BITS = LAPTOP.replace(
    task=Parity(bits=20, relevant=3, size=500, validation=500),
    model=MLP(hidden=128),
    optimizer=adam(rule=Adam(b2=0.999), learning_rate=1e-2, weight_decay=0.01),
    steps=40_000,
    record=Record(every=10),
)
PARITY = Setup({"paper": BITS, "laptop": BITS}, first_seed=100, seeds={"paper": 8, "laptop": 5})

# 200 images and full batches, as figure 1 of the paper has them, but of 8 × 8 digits.
FEW_DIGITS = LAPTOP.replace(task=Digits8(size=200), model=MLP(hidden=128, depth=2), steps=6_000)
DIGITS = Setup({"paper": FEW_DIGITS, "laptop": FEW_DIGITS}, first_seed=100, seeds={"paper": 3, "laptop": 3})
