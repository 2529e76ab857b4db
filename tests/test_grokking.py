"""Grokking itself, on the smallest task that shows it: skip trigrams, with endless and with few examples."""

import subprocess
import sys

import numpy as np
import pytest

from groklab.store import Store

pytestmark = pytest.mark.slow
CHANCE = np.log(10)


def trained(tmp_path, *settings):
    """Train as a user would: compiled in full, which the other tests are not."""
    command = [
        sys.executable,
        "-m",
        "groklab",
        "run",
        "skip-trigrams",
        *settings,
        "growth=1.05",
        "--quiet",
        "--no-figure",
    ]
    subprocess.run([*command, "--store", str(tmp_path)], check=True, capture_output=True)
    (run,) = Store(str(tmp_path)).runs()
    return run.metrics()


def test_endless_examples_make_a_phase_change(tmp_path):
    seen = trained(tmp_path, "--steps", "600", "validation=256")
    early = seen["step"] <= 100
    assert np.all(seen["validation_loss"][early] > 0.9 * CHANCE)
    assert seen["validation_loss"][-1] < 0.01
    assert np.allclose(seen["train_loss"][-1], seen["validation_loss"][-1], atol=0.01)


def test_few_examples_are_memorized_first_and_understood_later(tmp_path):
    seen = trained(tmp_path, "--steps", "3000", "size=50", "batch_size=full")
    memorized = np.flatnonzero(seen["train_loss"] < 0.01)[0]
    assert seen["step"][memorized] < 600
    assert seen["validation_loss"][memorized] > 1
    assert seen["validation_loss"][-1] < 0.6 * seen["validation_loss"][memorized]
