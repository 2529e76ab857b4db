"""Families of forks in a figure."""

from kinds import small_plan

from groklab.plots import picture
from groklab.plots.overlay import steps_of_forks
from groklab.plots.picture import draw, recorded, since_fork
from groklab.runner import execute
from groklab.store import Store
from groklab.training import fork


def test_a_fork_is_drawn_from_where_it_leaves_its_parent(tmp_path, monkeypatch):
    plan = small_plan(steps=40)
    forks = [fork(plan, at, weight_decay=0.25) for at in (14, 20)]
    parent, *children = execute([plan, *forks], Store(str(tmp_path)))
    every = [parent, *children]
    for child, at in zip(children, (14, 20), strict=True):
        steps = since_fork(child, recorded(child), every)["step"]
        assert steps[0] <= at < steps[1]
        assert len(since_fork(child, recorded(child), children)["step"]) == len(recorded(child)["step"])
    assert steps_of_forks(every) == [14, 20]
    assert steps_of_forks(children) == []
    drawn = []
    original = picture.overlay
    monkeypatch.setattr(picture, "overlay", lambda *given: drawn.append(original(*given)) or drawn[0])
    draw(every, str(tmp_path / "family.png"))
    above = drawn[0].axes[0]
    assert above.get_title(loc="left").endswith("full: validation, dashed: training, dotted: forks")
    assert sum(line.get_linestyle() == ":" for line in above.get_lines()) == 2
