"""What can be solved on paper: closed forms and quadratures, without training. NumPy and SciPy in float64.

SciPy is imported where it is used: it takes longer to import than most commands take to answer.
"""

from groklab.theory.accuracy import accuracy as accuracy
from groklab.theory.accuracy import loss_at as loss_at
from groklab.theory.crossings import Times as Times
from groklab.theory.delays import delay as delay
from groklab.theory.delays import times as times
from groklab.theory.linear import LinearStudent as LinearStudent
from groklab.theory.linear import Losses as Losses
from groklab.theory.linear import losses as losses
from groklab.theory.plateaus import critical_weight_decay as critical_weight_decay
from groklab.theory.plateaus import plateau as plateau
from groklab.theory.spectral import DataSet as DataSet
from groklab.theory.spectral import Descent as Descent
from groklab.theory.spectral import Modes as Modes
from groklab.theory.spectral import modes_of as modes_of
