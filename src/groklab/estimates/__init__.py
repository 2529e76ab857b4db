"""Numbers with 95 % intervals: median times and slopes with censored runs, shares, correlations, differences.

An estimate depends on its values alone: the bootstrap has a fixed seed, and the order of the values does not matter.
SciPy is imported where it is used, since it takes longer to import than most commands take to answer.
"""

from groklab.estimates.base import CALCULATED as CALCULATED
from groklab.estimates.base import Estimate as Estimate
from groklab.estimates.base import exact as exact
from groklab.estimates.correlation import rank_correlation as rank_correlation
from groklab.estimates.correlation import repeated_rank_correlation as repeated_rank_correlation
from groklab.estimates.regression import censored_slope as censored_slope
from groklab.estimates.resampling import bootstrap as bootstrap
from groklab.estimates.resampling import bounded as bounded
from groklab.estimates.resampling import difference as difference
from groklab.estimates.resampling import of_rows as of_rows
from groklab.estimates.resampling import partly_known as partly_known
from groklab.estimates.shares import success as success
from groklab.estimates.survival import median_time as median_time
