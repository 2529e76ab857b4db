"""What the lessons share: bets on when a run generalizes and their score, figures, and questions with answers."""

from groklab.store.words import percent
from groklab.teaching.classroom import training, unless
from groklab.teaching.game import Game
from groklab.teaching.pages import figure, folded, lesson_plan, question, spoken, text
from groklab.teaching.pictures import accuracies, losses, steps_axis, times
from groklab.teaching.wagers import Bet, best_bet, bets_in, covers, interval_score

__all__ = [
    "Bet",
    "Game",
    "accuracies",
    "best_bet",
    "bets_in",
    "covers",
    "figure",
    "folded",
    "interval_score",
    "lesson_plan",
    "losses",
    "percent",
    "question",
    "spoken",
    "steps_axis",
    "text",
    "times",
    "training",
    "unless",
]
