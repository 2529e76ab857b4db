"""Conditions that may be missing. A new one is a file here and its function in `CAUSES`."""

from groklab.diagnosis.causes.batches import single_example_batch
from groklab.diagnosis.causes.budget import budget_too_short
from groklab.diagnosis.causes.collapse import softmax_collapse
from groklab.diagnosis.causes.data import too_little_data
from groklab.diagnosis.causes.decay import coupled_decay, decay_too_strong, decay_too_weak
from groklab.diagnosis.causes.lazy import lazy_scale
from groklab.diagnosis.causes.no_rule import no_rule
from groklab.diagnosis.causes.rate import rate_too_high
from groklab.diagnosis.causes.spikes import slingshot_loop

CAUSES = (
    too_little_data,
    decay_too_weak,
    decay_too_strong,
    rate_too_high,
    coupled_decay,
    softmax_collapse,
    slingshot_loop,
    lazy_scale,
    no_rule,
    budget_too_short,
    single_example_batch,
)
UNSETTLING = (rate_too_high, coupled_decay, slingshot_loop, single_example_batch)  # what a run can be thrown back by
