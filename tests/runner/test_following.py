import pytest
from kinds import small_plan

from groklab.runner import Watch
from groklab.runner.following import Follower
from groklab.runner.job import Job
from groklab.store import Store
from groklab.training import Seeds


class Listener(Watch):
    def __init__(self):
        self.reports = []

    def report(self, report):
        self.reports.append(report)


def saved(store, step, **status):
    """Return a job whose run another process has saved."""
    job = Job(small_plan(seeds=Seeds(step, 0, 0)))
    run = store.run(job.plan.task.name, job.plan.id)
    run.begin({})
    run.save({}, {}, step, 0, status)
    run.release()
    return job


@pytest.mark.parametrize(("status", "width"), [({"width": 64}, 64), ({}, 1)])
def test_the_width_is_that_of_the_program_however_many_runs_are_looked_at(tmp_path, status, width):
    store, watch = Store(str(tmp_path)), Listener()
    Follower(store, watch).look([saved(store, step, train_accuracy=0.5, **status) for step in (3, 4, 5)])
    assert [(report.step, report.train_accuracy, report.width) for report in watch.reports] == [
        (3, 0.5, width), (4, 0.5, width), (5, 0.5, width)
    ]  # fmt: skip
