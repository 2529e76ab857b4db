from groklab.milestones import milestones, milestones_in

STEPS = [0, 1, 2, 4, 8, 16]


def test_crossings_by_hand():
    found = milestones(STEPS, [0, 0.5, 0.99, 1, 1, 1], [0, 0, 0, 0.995, 0.5, 0.99])
    assert found == (2, 4, 16, 16, None)
    assert found.delay == 2
    assert found.delay_ratio == 2


def test_a_run_that_never_crosses_is_censored_at_its_budget():
    found = milestones(STEPS, [0, 0, 0, 1, 1, 1], [0] * 6)
    assert found == (4, None, None, 16, None)
    assert found.delay is None
    assert found.delay_ratio is None


def test_settled_needs_the_last_recording():
    assert milestones(STEPS, [1] * 6, [0, 1, 1, 1, 1, 0.9]).settled_at is None


def test_a_run_right_from_the_start_has_no_ratio():
    assert milestones(STEPS, [1] * 6, [1] * 6).delay_ratio is None


def test_no_recordings_at_all():
    assert milestones([], [], []) == (None, None, None, 0, None)


def test_an_accuracy_that_was_not_recorded_never_crossed():
    assert milestones_in({"step": STEPS, "validation_accuracy": [0, 0, 0, 1, 1, 1]}) == (None, 4, 4, 16, None)
    assert milestones_in({"step": STEPS}) == (None, None, None, 16, None)


def test_levels_of_one_s_own():
    found = milestones(
        STEPS, [0, 0.5, 0.9, 1, 1, 1], [0, 0.4, 0.5, 0.5, 0.6, 0.7], memorized_from=0.9, generalized_from=0.5
    )
    assert found == (2, 2, 2, 16, None)
