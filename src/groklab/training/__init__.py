"""The laboratory's heart: plans, and the pure functions that carry them out."""

from groklab.training.forks import fork
from groklab.training.history import History, train
from groklab.training.loss_of_weights import loss_of_weights
from groklab.training.member import Member, Setup, State
from groklab.training.plan import KINDS, Plan, Precision, Record, Seeds, Stage, decode, encode
from groklab.training.prepare import prepare
from groklab.training.presets import plan_named
from groklab.training.program import Program
from groklab.training.sweep import Axis, Sweep, forks_of, sweep_from, sweep_of
from groklab.training.trajectory import BlockEnd, trajectory

__all__ = [
    "KINDS",
    "Axis",
    "BlockEnd",
    "History",
    "Member",
    "Plan",
    "Precision",
    "Program",
    "Record",
    "Seeds",
    "Setup",
    "Stage",
    "State",
    "Sweep",
    "decode",
    "encode",
    "fork",
    "forks_of",
    "loss_of_weights",
    "plan_named",
    "prepare",
    "sweep_from",
    "sweep_of",
    "train",
    "trajectory",
]
