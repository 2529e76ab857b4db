import io
import signal

import pytest
from rich.console import Console

from groklab.cli import leave
from groklab.cli.progress import LINES, ProgressLine
from groklab.runner import Report


def report(run, step, width=1):
    return Report(f"run-{run}", step, 100, 0.5, 0.1, step == 100, width)


def lines(progress):
    return [task.description for task in progress._bars.tasks if task.description.startswith("run-")]


def test_a_few_runs_have_a_line_each_until_they_end():
    progress = ProgressLine(Console(file=io.StringIO()), 6, is_silent=True)
    for run in range(6):
        progress.report(report(run, 10))
    assert lines(progress) == [f"run-{run}" for run in range(LINES)]
    progress.report(report(1, 100))
    progress.report(report(5, 20))
    assert lines(progress) == ["run-0", "run-2", "run-3", "run-5"]
    assert progress.seen == {f"run-{run}" for run in range(6)}


def test_many_side_by_side_have_no_lines():
    progress = ProgressLine(Console(file=io.StringIO()), 64, is_silent=True)
    for run in range(3):
        progress.report(report(run, 10, width=64))
    assert lines(progress) == []


def test_a_program_that_is_compiled_is_said_until_the_run_moves():
    progress = ProgressLine(Console(file=io.StringIO()), 1, is_silent=True)
    progress.compiling("run-0")
    (task,) = (task for task in progress._bars.tasks if task.description == "run-0")
    assert task.fields["text"] == "compiling …"
    progress.report(report(0, 10))
    (task,) = (task for task in progress._bars.tasks if task.description == "run-0")
    assert task.fields["text"].startswith("step 10")


def test_leaving_says_that_all_is_saved(monkeypatch):
    out, left = io.StringIO(), []
    monkeypatch.setattr("groklab.cli.progress.leave", lambda: left.append(1))
    ProgressLine(Console(file=out), 1, is_silent=True).leave()
    assert (out.getvalue(), left) == ("Stopped and saved. The same command goes on from here.\n", [1])


def test_ctrl_c_has_a_sentence_also_where_something_is_calculated(monkeypatch):
    before, out, left = signal.signal(signal.SIGINT, leave), io.StringIO(), []
    try:
        with ProgressLine(Console(file=out), 1, is_silent=True) as progress:
            progress.calculating()
            assert progress._bars.tasks[-1].description == "calculating"
            monkeypatch.setattr("groklab.cli.progress.leave", lambda: left.append(1))
            signal.raise_signal(signal.SIGINT)
            monkeypatch.setattr("groklab.cli.progress.leave", leave)
        assert signal.getsignal(signal.SIGINT) is leave
    finally:
        signal.signal(signal.SIGINT, before)
    assert (out.getvalue(), left) == ("Stopped and saved. The same command goes on from here.\n", [1])


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_only_ctrl_c_says_that_all_is_saved(error):
    out = io.StringIO()
    with pytest.raises(error), ProgressLine(Console(file=out), 1, is_silent=True):
        raise error
    assert ("Stopped and saved" in out.getvalue()) == (error is KeyboardInterrupt)
