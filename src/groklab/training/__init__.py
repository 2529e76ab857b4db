"""The laboratory's heart: plans, and the pure functions that carry them out."""

from groklab.training.history import History, train
from groklab.training.member import Member, Setup, State, prepare
from groklab.training.plan import KINDS, Plan, Precision, Record, Seeds, decode, encode
from groklab.training.program import Program
from groklab.training.trajectory import Moment, trajectory

__all__ = [
    "KINDS",
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
    "decode",
    "encode",
    "prepare",
    "train",
    "trajectory",
]
