"""Small instances of every kind; the shared tests go through these lists."""

from groklab.measures import Accuracy, InContext, Loss, PartialLosses, UpdateNorm, WeightNorm
from groklab.models import MLP, Transformer
from groklab.optimizers import Momentum, Optimizer, adam, adamw, sgd
from groklab.tasks import BinaryTable, DigitAddition, Given, Group, Modular, Repeats, SkipTrigrams
from groklab.training import Plan, Record

SMALL = {"depth": 2, "width": 8, "heads": 2}

OPERATIONS = (
    Modular("division", 7),
    Modular("addition", 6),
    Group("S3"),
    Given.from_function(lambda x, y: min(x, y), range(5), sign="min"),
)

TASKS = (
    *(BinaryTable(operation) for operation in OPERATIONS),
    BinaryTable(Modular("addition", 97), fraction=0.01, profile="official"),
    BinaryTable(Modular("multiplication", 7), outliers=3),
    BinaryTable(Modular("subtraction", 7), profile="nanda"),
)

STREAMS = (
    DigitAddition(digits=2, validation=8),
    SkipTrigrams(trigrams=3, noise=2, length=4, validation=8),
    Repeats(vocabulary=6, length=13, stretch=3, validation=8),
    Repeats(vocabulary=6, length=13, stretch=3, validation=8, scored="everything", released=True),
    DigitAddition(digits=2, size=12, validation=8),
)

MODELS = (
    Transformer(**SMALL),
    Transformer(**SMALL, norm="pre", activation="gelu", bias="all"),
    Transformer(**SMALL, norm="none", positions="learned", tied=True, bias="feed-forward"),
    Transformer(**SMALL, norm="none", positions="learned", initial="normal", feed_forward=False, head_width=3),
    Transformer(**SMALL, norm="none", initial="normal-heads", smeared=True),
    Transformer(**SMALL, norm="none", feed_forward=False, doubled=True),
    Transformer(**SMALL, positions="none", activation="quadratic", initial_scale=0.5),
    Transformer(depth=1, width=8, heads=1, hidden=12),
    Transformer(**SMALL, dropout=0.2),
    Transformer(**SMALL, dropout=0.2, dropout_at="mlp"),
    Transformer(**SMALL, weight_noise=0.01),
    MLP(width=8, hidden=16),
    MLP(inputs="one-hot", hidden=16, depth=2, weight_noise=0.01),
)

OPTIMIZERS = (
    adam(),
    adamw(),
    sgd(),
    sgd(rule=Momentum(0.9)),
    Optimizer(decay="initialization"),
    Optimizer(decay="coupled", weight_decay=0.1),
    Optimizer(update_noise=1.0),
    Optimizer(update_noise=1.0, noise_form="official", warmup="official"),
)

MEASURES = (
    Accuracy(),
    Loss(),
    WeightNorm(),
    UpdateNorm(),
    PartialLosses(),
    PartialLosses(by="answer"),
    InContext(parts=2),
)


def small_plan(**changes):
    """Return a plan that trains in a moment."""
    plan = Plan(
        task=BinaryTable(Modular("addition", 7)),
        model=Transformer(**SMALL),
        steps=20,
        batch_size=8,
        record=Record(growth=1.5),
    )
    return plan.replace(**changes)
