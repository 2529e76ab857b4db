"""Landscapes from Python: runs on spheres, all in one program."""

import numpy as np

import groklab as gl
from groklab.models import MLP
from groklab.runner.job import Job, programs_of
from groklab.runner.landscaping import ALPHAS, on_sphere
from groklab.tasks import TeacherStudent
from groklab.training import Record, sweep_of
from groklab.training.presets import TEACHER_STUDENT

SMALL = TEACHER_STUDENT.replace(
    task=TeacherStudent(inputs=3, outputs=2, hidden=4, size=6, validation=5),
    model=MLP(hidden=4, initial_bias="uniform"),
    record=Record(growth=1.5),
)


def test_fifty_members_share_one_program():
    axes = {"alpha": np.geomspace(0.1, 10, 10), "seed": range(5)}
    jobs = [Job(plan) for plan in sweep_of(on_sphere(SMALL), axes).plans()]
    assert len(jobs) == 50
    assert programs_of(jobs) == 1


def test_a_landscape_has_the_last_and_the_best_losses_over_its_axes(tmp_path):
    found = gl.landscape(SMALL, {"learning_rate": [0.01, 0.1]}, steps=8, store=str(tmp_path), seed=range(2))
    assert dict(found.train_loss.sizes) == {"alpha": len(ALPHAS), "learning_rate": 2, "seed": 2}
    assert (found.best_validation_loss <= found.validation_loss).all()
    one = found.norm / found.alpha
    assert np.allclose(one, one.isel(alpha=0), rtol=1e-3)
