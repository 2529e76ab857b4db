import pytest
from matplotlib import pyplot as plt
from stored import stored

from groklab.errors import StoreError
from groklab.plots import draw, picture, style
from groklab.plots.title import title_of
from groklab.store import Store

NEVER = (0, 0, 0, 0, 0)


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "runs"))


@pytest.fixture
def drawn(monkeypatch):
    """Return what `draw` draws, as a figure."""
    figures = []
    monkeypatch.setattr(picture, "save", lambda figure, target: figures.append(figure) or target)

    def of(runs):
        draw(runs)
        return figures[-1]

    with style.use():
        yield of
    plt.close("all")


def texts(figure):
    return " | ".join(text.get_text() for text in figure.findobj(plt.Text) if text.get_text())


def test_settings_are_never_pooled_and_seeds_are(store, drawn):
    seeds = [stored(store, "weight_decay=1", f"seed={seed}") for seed in (0, 1)]
    other = stored(store, "weight_decay=0", validation=NEVER)
    figure = drawn([*seeds, other])
    above = figure.axes[0]
    assert above.get_legend_handles_labels()[1] == [
        "weight_decay = 1: generalized at 1,000",
        "weight_decay = 0: not generalized within 1,000 steps",
    ]
    assert [line.get_linestyle() for line in above.get_lines()[:4]] == ["--", "-", "--", "-"]
    assert above.get_lines()[3].get_ydata().tolist() == list(NEVER)
    assert len(above.collections) == 2  # the range of two seeds, train and validation
    assert "λ" not in texts(figure)
    assert "full: validation, dashed: training" in texts(figure)


def test_a_long_legend_is_folded(store, drawn):
    many = ["weight_decay=0.5", "learning_rate=1e-4", "steps=900", "batch_size=full", "growth=1.05", "snapshots=1.2"]
    figure = drawn([stored(store), stored(store, *many, "b1=0.8", "b2=0.9", "epsilon=1e-6")])
    lines = [line for word in figure.axes[0].get_legend_handles_labels()[1] for line in word.splitlines()]
    assert len(lines) > 2
    assert max(map(len, lines)) <= 115


def test_seeds_of_one_setting_are_pooled_and_the_tables_say_whose_they_are(store, drawn):
    figure = drawn([stored(store, f"seed={seed}") for seed in (5, 6)])
    assert "median and range of 2 seeds" in texts(figure)
    assert "one of the runs, seed 5" in texts(figure)


def test_the_tables_name_their_sides(store, drawn):
    figure = drawn([stored(store)])
    assert texts(figure).count("x, the row") == 3
    assert texts(figure).count("y, the column") == 3
    assert "one of the runs" not in texts(figure)


def test_where_nothing_was_memorized_there_is_no_hole(store, drawn):
    figure = drawn([stored(store, train=NEVER, validation=NEVER)])
    assert len(figure.axes) == 4  # accuracy, loss, the start and the end
    assert all(axes.axison for axes in figure.axes)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ([], "addition mod 3, 50 % of the table, transformer, width 128, AdamW, λ = 1, seed 0"),
        (["optimizer=adam", "fraction=0.45"], "addition mod 3, 45 % of the table, transformer, width 128, Adam, λ = 0"),
        (["decay=coupled", "weight_decay=0.1"], "Adam, λ = 0.1 (L2), seed 0"),
        (["optimizer=sgd", "model=mlp"], "MLP, width 128, SGD, λ = 0, seed 0"),
        (["optimizer=sgd", "rule=momentum", "momentum=0.9"], "SGD with momentum 0.9, λ = 0, seed 0"),
        (["decay=initialization", "init=3"], "AdamW, λ = 1 (towards the initial weights), seeds 3/0/0"),
    ],
)
def test_the_title_says_it_as_papers_do(store, overrides, words):
    assert words in title_of([[stored(store, *overrides)]])


def test_a_table_with_blanks_is_known_in_part(store, tmp_path):
    (tmp_path / "mine.csv").write_text("+,a,b,c\na,a,b,c\nb,b,c,\nc,c,a,b\n")
    assert "50 % of the known cells" in title_of([[stored(store, task=str(tmp_path / "mine.csv"))]])


@pytest.mark.parametrize("name", ["figure.jpg", "new/figure.PDF"])
def test_figures_are_of_four_kinds(store, tmp_path, name):
    assert draw([stored(store)], str(tmp_path / name)) == str(tmp_path / name)
    assert (tmp_path / name).stat().st_size > 5_000


@pytest.mark.parametrize("name", ["figure.gif", "figure", "folder/"])
def test_other_kinds_are_refused_before_anything_is_drawn(store, tmp_path, name):
    with pytest.raises(
        StoreError, match=r"^`out` must be a file that ends in \.png, \.jpg, \.pdf or \.svg, got '.*'\.$"
    ):
        draw([stored(store)], str(tmp_path / name))


@pytest.mark.parametrize(("place", "words"), [("file/figure.png", "exists"), ("folder.png", "is a directory")])
def test_a_place_that_cannot_be_written_is_one_fitting_sentence(store, tmp_path, place, words):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(StoreError) as caught:
        draw([stored(store)], str(tmp_path / place))
    assert str(caught.value).startswith(f"`{tmp_path / place}` cannot be written: ")
    assert words in str(caught.value)
    assert str(caught.value).endswith(". Choose another place.")
