"""What the lessons share: bets on when a run generalizes and their score, figures, and questions with answers."""

from groklab.store.words import percent as percent
from groklab.teaching.pages import RULE as RULE
from groklab.teaching.pages import figure as figure
from groklab.teaching.pages import folded as folded
from groklab.teaching.pages import lesson_plan as lesson_plan
from groklab.teaching.pages import question as question
from groklab.teaching.pages import scores as scores
from groklab.teaching.pages import spoken as spoken
from groklab.teaching.pages import text as text
from groklab.teaching.pages import verdict as verdict
from groklab.teaching.pictures import accuracies as accuracies
from groklab.teaching.pictures import first_tenth as first_tenth
from groklab.teaching.pictures import losses as losses
from groklab.teaching.pictures import outcome as outcome
from groklab.teaching.pictures import steps_axis as steps_axis
from groklab.teaching.pictures import times as times
from groklab.teaching.wagers import Bet as Bet
from groklab.teaching.wagers import best_bet as best_bet
from groklab.teaching.wagers import bets_in as bets_in
from groklab.teaching.wagers import covers as covers
from groklab.teaching.wagers import interval_score as interval_score
from groklab.teaching.wagers import stake_near as stake_near
from groklab.teaching.wagers import stakes as stakes
