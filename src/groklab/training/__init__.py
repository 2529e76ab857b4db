"""The laboratory's heart: plans, and the pure functions that carry them out."""

from groklab.training.history import History, train
from groklab.training.landscape import landscape
from groklab.training.member import Member, Setup, State, prepare
from groklab.training.plan import KINDS, Plan, Precision, Record, Seeds, decode, encode
from groklab.training.program import Program
from groklab.training.sweep import Axis, Sweep, sweep_from, sweep_of
from groklab.training.trajectory import Moment, trajectory

__all__ = [
    "KINDS",
    "Axis",
    "History",
    "Member",
    "Moment",
    "Plan",
    "Precision",
    "Program",
    "Record",
    "Seeds",
    "Setup",
    "State",
    "Sweep",
    "decode",
    "encode",
    "landscape",
    "prepare",
    "sweep_from",
    "sweep_of",
    "train",
    "trajectory",
]
