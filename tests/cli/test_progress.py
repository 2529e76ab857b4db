import io

from rich.console import Console

from groklab.cli.progress import LINES, Progress
from groklab.runner import Report


def report(run, step, width=1):
    return Report(f"run-{run}", step, 100, 0.5, 0.1, step == 100, width)


def lines(progress):
    return [task.description for task in progress._bars.tasks if task.description.startswith("run-")]


def test_a_few_runs_have_a_line_each_until_they_end():
    progress = Progress(Console(file=io.StringIO()), 6, is_silent=True)
    for run in range(6):
        progress.report(report(run, 10))
    assert lines(progress) == [f"run-{run}" for run in range(LINES)]
    progress.report(report(1, 100))
    progress.report(report(5, 20))
    assert lines(progress) == ["run-0", "run-2", "run-3", "run-5"]
    assert progress.seen == {f"run-{run}" for run in range(6)}


def test_many_side_by_side_have_no_lines():
    progress = Progress(Console(file=io.StringIO()), 64, is_silent=True)
    for run in range(3):
        progress.report(report(run, 10, width=64))
    assert lines(progress) == []
