"""The paper's perceptron on addition, and what stands for it on a laptop."""

from groklab.measures import Accuracy, AlongWeights, Collapse, Loss, WeightNorm
from groklab.models import MLP, Transformer
from groklab.optimizers import Adam, Free, Frozen, Optimizer
from groklab.papers.setup import Setup
from groklab.tasks import BinaryTable, Modular, Parity
from groklab.training import Plan, Record

P = "Prieto et al. 2025"
# The network has no biases: they begin at 0 here, and stay there.
NO_BIAS = Frozen(parts="layers.0.bias+layers.1.bias+layers.2.bias")
PAPER = Plan(
    task=BinaryTable(Modular("addition", 113), fraction=0.4),
    model=MLP(inputs="one-hot", hidden=200, depth=2),
    optimizer=Optimizer(
        rule=Adam(b2=0.99, epsilon=1e-25), learning_rate=0.01, weight_decay=0.0, warmup="none", constraint=NO_BIAS
    ),
    batch_size="full",
    steps=1_500,
    record=Record(stop_after=3),
    measures=(Accuracy(), Loss(), WeightNorm(), Collapse()),
)
LAPTOP = PAPER.replace(task=BinaryTable(Modular("addition", 47), fraction=0.6))
ADDITION = Setup({"paper": PAPER, "laptop": LAPTOP}, first_seed=100, seeds={"paper": 5, "laptop": 5})

MORE = (*PAPER.measures, AlongWeights())
ALONG = Setup(
    {"paper": PAPER.replace(measures=MORE), "laptop": LAPTOP.replace(measures=MORE)},
    first_seed=100,
    seeds={"paper": 3, "laptop": 3},
)

# Figure 6: a transformer, of the paper's size only; on small tables none of these arms generalizes soon.
TRANSFORMER = PAPER.replace(
    model=Transformer(depth=1, hidden=2048, dropout=0.1),
    optimizer=PAPER.optimizer.replace(learning_rate=1e-3, constraint=Free()),
    steps=5_000,
)
TRANSFORMERS = Setup({"paper": TRANSFORMER, "laptop": TRANSFORMER}, first_seed=100, seeds={"paper": 3, "laptop": 3})

# The smallest table on which powers in the place of exponentials generalize within minutes.
LONG = PAPER.replace(optimizer=PAPER.optimizer.replace(rule=Adam(b2=0.999, epsilon=1e-25)), steps=80_000)
LONG_SMALL = LONG.replace(
    task=BinaryTable(Modular("addition", 31), fraction=0.8),
    model=PAPER.model.replace(hidden=100),
    steps=30_000,
    record=Record(stop_after=3),
)
LATE = Setup({"paper": LONG, "laptop": LONG_SMALL}, first_seed=100, seeds={"paper": 3, "laptop": 3})

# Bits of which three decide: here plain cross-entropy generalizes by itself, as far as its precision reaches.
BITS = LONG.replace(
    task=Parity(bits=20, relevant=3, size=500, validation=500),
    model=MLP(hidden=200, depth=2),
    steps=15_000,
    record=Record(),
)
PARITY = Setup({"paper": BITS, "laptop": BITS}, first_seed=100, seeds={"paper": 3, "laptop": 3})

# How soon softmax collapses, at the paper's lower rate: of addition there, where 70 % of the table is shown.
SLOWLY = {"learning_rate": 5e-4}
PRECISE = Setup(
    {
        "paper": LONG.replace(
            task=BinaryTable(Modular("addition", 113), fraction=0.7),
            optimizer=LONG.optimizer.replace(**SLOWLY),
            steps=20_000,
            record=Record(),
        ),
        "laptop": BITS.replace(optimizer=BITS.optimizer.replace(**SLOWLY)),
    },
    first_seed=100,
    seeds={"paper": 3, "laptop": 3},
)
