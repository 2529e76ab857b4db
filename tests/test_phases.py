"""The three phases, told from curves made by hand."""

import numpy as np

from groklab.phases import phases

STEPS = np.array([0, 1, 2, 4, 8, 16, 32, 64])
TRAIN = np.array([4.7, 2.0, 0.5, 0.04, 0.01, 0.01, 0.01, 0.01])
TEST = np.array([4.7, 6.0, 9.0, 10.0, 9.8, 5.0, 0.5, 0.001])


def test_phases_of_a_run_that_groks():
    assert phases(STEPS, TRAIN, TEST, chance=4.7) == (4, 16, 64)


def test_a_dip_that_does_not_last_is_no_turn():
    dipped = TEST.copy()
    dipped[4], dipped[5] = 8.0, 9.9
    assert phases(STEPS, TRAIN, dipped, chance=4.7).turned == 32


def test_a_run_that_never_generalizes_stays_in_its_phase():
    rising = np.maximum.accumulate(TEST)
    assert phases(STEPS, TRAIN, rising, chance=4.7) == (4, np.inf, np.inf)
    assert phases(STEPS, np.full(8, 4.7), TEST, chance=4.7).memorized == np.inf
