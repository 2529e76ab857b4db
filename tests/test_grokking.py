"""Grokking itself, on the smallest tasks that show it: skip trigrams and images of 8 by 8 pixels."""

import os
import subprocess
import sys

import numpy as np
import pytest

from groklab.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.whole]
CHANCE = np.log(10)
LEVELS = (("train", 0.95), ("validation", 0.8))  # those of the plan `digits8`


def trained(tmp_path, *settings, task="skip-trigrams"):
    """Train as a user would: compiled in full, which the other tests are not."""
    command = [
        sys.executable,
        "-m",
        "groklab",
        "run",
        task,
        *settings,
        "growth=1.05",
        "--quiet",
        "--no-figure",
    ]
    whole = os.environ | {"JAX_DISABLE_MOST_OPTIMIZATIONS": "0"}
    subprocess.run([*command, "--store", str(tmp_path)], env=whole, check=True, capture_output=True)
    (run,) = Store(str(tmp_path)).runs()
    return run.metrics()


def test_endless_examples_make_a_phase_change(tmp_path):
    seen = trained(tmp_path, "--steps", "400", "validation=256")
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


def test_images_are_grokked_from_large_weights_and_not_from_usual_ones(tmp_path):
    """Liu et al. 2023, figure 3, in small: with α = 8 training data is memorized long before digits are understood.

    The bounds were written from a prototype of one seed, which memorized at 2,400 and came to 80 % at 7,500.
    """
    large = trained(tmp_path / "large", "--steps", "12000", "stop_after=1", task="digits8")
    memorized, generalized = (np.flatnonzero(large[f"{part}_accuracy"] >= level)[0] for part, level in LEVELS)
    assert 1000 < large["step"][memorized] < 5000
    assert large["validation_accuracy"][memorized] < 0.5
    assert large["step"][generalized] > 2 * large["step"][memorized]
    usual = trained(tmp_path / "usual", "alpha=1", "--steps", "200", task="digits8")
    memorized, generalized = (np.flatnonzero(usual[f"{part}_accuracy"] >= level)[0] for part, level in LEVELS)
    assert usual["step"][generalized] <= 1.2 * usual["step"][memorized] < 150
