"""The laboratory's heart: plans, and the pure functions that carry them out."""

from groklab.train.history import History, train
from groklab.train.member import Member, Setup, State, prepare
from groklab.train.plan import KINDS, Plan, Precision, Record, Seeds, decode, encode
from groklab.train.program import Program
from groklab.train.trajectory import Moment, trajectory

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
