"""Small instances of every kind; the shared tests go through these lists."""

from groklab.measures import Accuracy, InContext, Loss, PartialAccuracies, PartialLosses, UpdateNorm, WeightNorm
from groklab.models import LSTM, MLP, BiasFree, Quadratic, RandomFeatures, Transformer
from groklab.objectives import (
    BinaryCrossEntropy,
    Collapsed,
    CrossEntropy,
    Hinge,
    OneHotSquaredError,
    SquaredError,
    StableMax,
)
from groklab.optimizers import Adagrad, Clipped, Momentum, Optimizer, RMSProp, Sphere, adam, adamw, sgd
from groklab.tasks import (
    BinaryTable,
    Curve,
    DigitAddition,
    Digits8,
    Given,
    Group,
    KernelEigenvector,
    LinearTeacher,
    Modular,
    Parity,
    Repeats,
    SkipTrigrams,
    TeacherStudent,
)
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

NUMBERS = (
    TeacherStudent(inputs=3, outputs=2, hidden=4, size=6, validation=5),
    LinearTeacher(inputs=4, outputs=2, hidden=3, slope=0.5, noise=0.1, size=6, validation=5),
    Curve(size=6, validation=5),
    KernelEigenvector(inputs=3, which=2, size=6, validation=5),
    Digits8(size=20, flipped=0.3),
    Parity(bits=6, size=12, validation=9),
    Parity(bits=6, validation=9),
)

OBJECTIVES = (
    CrossEntropy(),
    SquaredError(tolerance=0.1),
    OneHotSquaredError(),
    BinaryCrossEntropy(),
    Hinge(),
    StableMax(),
    Collapsed(),
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
    LSTM(width=4, hidden=4),
    MLP(width=8, hidden=16),
    MLP(inputs="one-hot", hidden=16, depth=2, weight_noise=0.01),
    Quadratic(hidden=12),
)

NUMBER_MODELS = (
    MLP(hidden=8),
    MLP(hidden=8, depth=2, activation="tanh", initial_bias="uniform", weight_noise=0.01),
    RandomFeatures(features=16),
    BiasFree(),
    BiasFree(depth=2, hidden=6, slope=2.0),
)

OPTIMIZERS = (
    adam(),
    adamw(),
    sgd(),
    sgd(rule=Momentum(0.9)),
    sgd(rule=RMSProp()),
    sgd(rule=Adagrad()),
    Optimizer(decay="initialization"),
    Optimizer(decay="coupled", weight_decay=0.1),
    Optimizer(update_noise=1.0),
    Optimizer(update_noise=1.0, noise_form="official", warmup="official"),
    Optimizer(filter=Clipped(0.1)),
    Optimizer(constraint=Sphere()),
)

MEASURES = (
    Accuracy(),
    Loss(),
    WeightNorm(),
    UpdateNorm(),
    PartialLosses(),
    PartialLosses(by="answer"),
    PartialAccuracies(by="answer"),
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


def number_plan(task, **changes):
    """Return a small plan on a task of numbers, with an objective that suits it."""
    of_numbers = dict.fromkeys((TeacherStudent, LinearTeacher, Curve, KernelEigenvector), SquaredError())
    objective = (of_numbers | {Digits8: OneHotSquaredError(), Parity: Hinge()})[type(task)]
    return small_plan(**{"task": task, "model": NUMBER_MODELS[1], "objective": objective, "batch_size": 5, **changes})
