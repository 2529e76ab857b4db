"""Why a run did not generalize: causes told from its record, and the change that should help, tried."""

from groklab.diagnosis.finding import Change, Finding
from groklab.diagnosis.trying import Cost, Trial, best_of, cost_of, trial_of, tried, validation_size
from groklab.diagnosis.why import Diagnosis, why

__all__ = [
    "Change",
    "Cost",
    "Diagnosis",
    "Finding",
    "Trial",
    "best_of",
    "cost_of",
    "trial_of",
    "tried",
    "validation_size",
    "why",
]
