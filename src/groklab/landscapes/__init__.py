"""Losses as functions of the norm that weights are held to, and of any other setting (Liu et al. 2023, section 2).

Read from the dataset of a sweep, without JAX. The reduced loss at a norm w is f(w*(w)) with w*(w) = argmin of the
training loss over ‖w‖ = w: runs held to a sphere (`constraint=sphere`, no decay) come close to it.
"""

from groklab.landscapes.critical import critical_alpha as critical_alpha
from groklab.landscapes.critical import least_fitting_alpha as least_fitting_alpha
from groklab.landscapes.flow import Path as Path
from groklab.landscapes.flow import reduced_flow as reduced_flow
from groklab.landscapes.phases import PHASES as PHASES
from groklab.landscapes.phases import learning_phases as learning_phases
from groklab.landscapes.reduced import reduced as reduced
