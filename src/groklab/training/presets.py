"""Plans by a word: main runs of papers whose task is not a table of Power et al. 2022, and small ones like them."""

from groklab.models import (
    LSTM,
    MLP,
    BiasFree,
    EmbeddingSum,
    GraphConvolution,
    NearlyLinear,
    Polynomial,
    Quadratic,
    Transformer,
)
from groklab.objectives import BinaryCrossEntropy, Hinge, OneHotSquaredError, SquaredError
from groklab.optimizers import Adam, Clipped, Optimizer, adamw, sgd
from groklab.tasks import (
    BinaryTable,
    Curve,
    DigitAddition,
    Digits8,
    Imdb,
    KernelEigenvector,
    LinearTeacher,
    Mnist,
    Mnist5000,
    Modular,
    Parity,
    PolynomialTeacher,
    Qm9,
    Repeats,
    SkipTrigrams,
    StandInMolecules,
    StandInReviews,
    TeacherStudent,
    VectorAddition,
    operation_named,
)
from groklab.training.plan import Plan, Precision, Record


def _without_norm(**settings: object) -> Transformer:
    """The transformer of Nanda and Lieberum 2022: no layer normalization, learned positions, normal matrices."""
    common = {"depth": 1, "norm": "none", "positions": "learned", "initial": "normal", "bias": "feed-forward"}
    return Transformer().replace(**common | settings)


def _decayed(**settings: object) -> Optimizer:
    return adamw(warmup="official", **settings)


def _plain(**settings: object) -> Optimizer:
    """AdamW as PyTorch has it, without warm-up."""
    return adamw(**{"rule": Adam(b2=0.999), "warmup": "none", **settings})


EXACT = Precision(parameters="float64", products="float64", loss="float64")
PRECISION = Precision(loss="float64")  # in float32 small losses are quantized, and spikes follow

MAINLINE = Plan(
    task=BinaryTable(Modular("addition", 113), fraction=0.3, profile="nanda"),
    model=_without_norm(),
    optimizer=_decayed(),
    steps=40_000,
    batch_size="full",
    precision=PRECISION,
)
DIGITS = Plan(
    task=DigitAddition(),
    model=_without_norm(width=512, hidden=2048),
    optimizer=_decayed(learning_rate=1e-4, weight_decay=0.1),
    steps=3_000,
    batch_size=64,
    precision=PRECISION,
)
REPEATS = Plan(
    task=Repeats(validation=128),  # each is a sequence of 85 tokens: 512 would cost more than the steps between
    model=_without_norm(depth=2, width=48, feed_forward=False, bias="none", initial="normal-heads"),
    optimizer=_decayed(rule=Adam(b2=0.999), warmup_steps=100),
    steps=6_000,
    batch_size=128,
)
SKIP_TRIGRAMS = Plan(
    task=SkipTrigrams(),
    model=_without_norm(width=32, heads=1, head_width=8, feed_forward=False, bias="none"),
    optimizer=_decayed(weight_decay=0.1),
    steps=3_000,
    batch_size=256,
    precision=PRECISION,
)
TEACHER_STUDENT = Plan(
    task=TeacherStudent(),
    model=MLP(hidden=100, depth=2, activation="tanh", initial_bias="uniform"),
    optimizer=_plain(learning_rate=3e-4, weight_decay=0.05),
    objective=SquaredError(),
    alpha=2.0,
    batch_size="full",
)
# In float32 training loss would be lost below 1e-12.
LINEAR_TEACHER = Plan(
    task=LinearTeacher(),
    model=BiasFree(),
    optimizer=sgd(learning_rate=0.01),
    objective=SquaredError(tolerance=1e-3),
    steps=40_000,
    batch_size="full",
    record=Record(memorized_from=0.95, generalized_from=0.95),
    precision=EXACT,
)
QUADRATIC = Plan(
    task=BinaryTable(Modular("addition", 97), fraction=0.49),
    model=Quadratic(),
    optimizer=sgd(learning_rate=485_000.0),  # the paper's 10, times pN, by which answers are divided
    objective=OneHotSquaredError(),
    steps=10_000,
    batch_size="full",
)
POLYNOMIAL_TEACHER = Plan(
    task=PolynomialTeacher(),
    model=NearlyLinear(curvature=0.1),
    optimizer=sgd(learning_rate=2_500.0),  # five times N/α²
    objective=SquaredError(tolerance=0.05),
    steps=10_000,
    batch_size="full",
    record=Record(memorized_from=0.95, generalized_from=0.95),
)
CURVE = Plan(
    task=Curve(),
    model=Polynomial(),
    optimizer=sgd(learning_rate=0.05),
    objective=SquaredError(tolerance=0.1),
    steps=10_000,
    batch_size="full",
    precision=EXACT,
)
DIGITS8 = Plan(
    task=Digits8(),
    model=MLP(hidden=100, depth=2, initial_bias="uniform"),
    optimizer=_plain(weight_decay=0.1),
    objective=OneHotSquaredError(),
    alpha=8.0,
    steps=15_000,
    batch_size="full",
    record=Record(memorized_from=0.95, generalized_from=0.8),
)
MNIST = Plan(
    task=Mnist(),
    model=MLP(hidden=200, depth=2, initial_bias="uniform"),
    optimizer=_plain(weight_decay=0.01),
    objective=OneHotSquaredError(),
    alpha=8.0,
    batch_size=200,
    record=Record(memorized_from=0.95, generalized_from=0.6),
)
PARITY = Plan(
    task=Parity(size=1000, validation=1000),
    model=MLP(hidden=1000, initial_bias="uniform"),
    optimizer=sgd(weight_decay=0.01),
    objective=Hinge(),
    steps=20_000,
    batch_size=32,
)
VECTOR_ADDITION = Plan(
    task=VectorAddition(),
    model=EmbeddingSum(),
    optimizer=_plain(rule=Adam(b2=0.99), learning_rate=1e-3),
    objective=SquaredError(tolerance=0.5),
    batch_size="full",
    steps=10_000,
)
IMDB = Plan(
    task=Imdb(),
    model=LSTM(),
    optimizer=_plain(learning_rate=3e-4, filter=Clipped(5.0)),
    objective=BinaryCrossEntropy(),
    alpha=6.0,
    steps=75_000,
    batch_size=50,
    record=Record(growth=1.1, generalized_from=0.58),
)
STAND_IN_REVIEWS = IMDB.replace(
    task=StandInReviews(),
    model=LSTM(width=16, hidden=32),
    optimizer=IMDB.optimizer.replace(learning_rate=1e-3),
    steps=1_500,
)
QM9 = Plan(
    task=Qm9(),
    model=GraphConvolution(),
    optimizer=_plain(weight_decay=0.0),
    objective=SquaredError(tolerance=1.0),
    alpha=3.0,
    batch_size=32,
)
STAND_IN_MOLECULES = QM9.replace(task=StandInMolecules())
PRESETS = {
    "mainline": MAINLINE,
    "digits": DIGITS,
    "repeats": REPEATS,
    "skip-trigrams": SKIP_TRIGRAMS,
    "teacher-student": TEACHER_STUDENT,
    "linear-teacher": LINEAR_TEACHER,
    "quadratic": QUADRATIC,
    "polynomial-teacher": POLYNOMIAL_TEACHER,
    "kernel-eigenvector": POLYNOMIAL_TEACHER.replace(task=KernelEigenvector()),
    "curve": CURVE,
    "digits8": DIGITS8,
    "mnist": MNIST,
    "mnist5000": MNIST.replace(task=Mnist5000()),
    "parity": PARITY,
    "vector-addition": VECTOR_ADDITION,
    "stand-in-reviews": STAND_IN_REVIEWS,
    "imdb": IMDB,
    "stand-in-molecules": STAND_IN_MOLECULES,
    "qm9": QM9,
}


def plan_named(text: str) -> Plan:
    """Return the plan that a word stands for: a preset, or the standard plan on an operation's table."""
    return PRESETS[text] if text in PRESETS else Plan(task=BinaryTable(operation_named(text, also=tuple(PRESETS))))
