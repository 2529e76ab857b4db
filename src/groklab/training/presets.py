"""Plans by a word: the main runs of papers whose task is not a table of Power et al. 2022."""

from groklab.models import Transformer
from groklab.optimizers import Adam, Optimizer, adamw
from groklab.tasks import BinaryTable, DigitAddition, Modular, Repeats, SkipTrigrams, operation_named
from groklab.training.plan import Plan, Precision


def _without_norm(**settings: object) -> Transformer:
    """The transformer of Nanda and Lieberum 2022: no layer normalization, learned positions, normal matrices."""
    common = {"depth": 1, "norm": "none", "positions": "learned", "initial": "normal", "bias": "feed-forward"}
    return Transformer().replace(**common | settings)


def _decayed(**settings: object) -> Optimizer:
    return adamw(warmup="official", **settings)


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
PRESETS = {"mainline": MAINLINE, "digits": DIGITS, "repeats": REPEATS, "skip-trigrams": SKIP_TRIGRAMS}


def plan_named(text: str) -> Plan:
    """Return the plan that a word stands for: a preset, or the standard plan on an operation's table."""
    return PRESETS[text] if text in PRESETS else Plan(task=BinaryTable(operation_named(text, also=tuple(PRESETS))))
