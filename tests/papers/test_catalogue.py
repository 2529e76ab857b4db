import functools
import importlib
import json
import math
import string

import pytest

from groklab.errors import InvalidSetting
from groklab.papers import PAPERS, catalogue
from groklab.papers.claims import SCALES, Bound, Claim
from groklab.papers.figure import Figure
from groklab.training import Seeds, Sweep, encode, prepare

ENTRIES = catalogue.named(PAPERS)
every_figure = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.paper}/{entry.name}")
pytestmark = pytest.mark.usefixtures("data_without_files")
every_scale = pytest.mark.parametrize("scale", SCALES)


PREPARED: set[str] = set()


def share(plan):
    return getattr(plan.task, "fraction", 1.0)


@functools.cache
def plans(entry, scale):
    """Return the plans of every sweep of a figure."""
    sweeps = catalogue.load(entry.paper, entry.name).sweeps(scale)
    return {name: sweep.plans() for name, sweep in sweeps.items()}


@functools.cache
def some_plans(entry, scale):
    """Return the plans of every sweep of a figure, of a large one those at both ends of every axis."""
    sweeps = catalogue.load(entry.paper, entry.name).sweeps(scale)
    return {name: (_ends(sweep) if math.prod(sweep.shape) > 200 else sweep).plans() for name, sweep in sweeps.items()}


def _ends(sweep):
    ends = [
        axis._replace(labels=(axis.labels[0], axis.labels[-1]), points=(axis.points[0], axis.points[-1]))
        for axis in sweep.axes
    ]
    return sweep._replace(axes=tuple(ends))


@functools.cache
def train_size(task):
    """Return how many examples a task trains on; several figures have the same task."""
    return task.examples(seed=0).train_size


@every_figure
def test_a_figure_says_what_it_shows(entry):
    assert isinstance(catalogue.load(entry.paper, entry.name), Figure)
    assert entry.summary.endswith(".")


@every_figure
def test_claims_have_names_of_their_own_sources_and_rules(entry):
    claims = catalogue.load(entry.paper, entry.name).claims
    assert claims
    assert len({claim.name for claim in claims}) == len(claims)
    for claim in claims:
        assert isinstance(claim, Claim)
        assert set(claim.name) <= {*string.ascii_lowercase, *string.digits, "-"}, claim.name
        bounds = [bound for bound in map(claim.bound_at, SCALES) if bound is not None]
        assert bounds, claim.name
        assert isinstance(claim.bound, Bound) or set(claim.bound) <= set(SCALES), claim.name
        assert set(claim.because) <= set(SCALES), claim.name
        assert all(bound.low <= bound.high for bound in bounds), claim.name
        for text in (claim.says, claim.source, claim.quantity.words, *claim.because.values()):
            assert text.strip() == text != ""
            assert "|" not in text, "it would end a cell of the ledger's tables"
            assert "\n" not in text


@pytest.mark.slow
@every_scale
@every_figure
def test_every_plan_is_valid(entry, scale):
    figure = catalogue.load(entry.paper, entry.name)
    for name, sweep in figure.sweeps(scale).items():
        assert isinstance(sweep, Sweep)
        plan = min(some_plans(entry, scale)[name], key=share)  # where a batch may not fit
        if (key := json.dumps(encode(plan.replace(seeds=Seeds())))) in PREPARED:
            continue  # several figures take the same runs
        PREPARED.add(key)
        _, member, examples = prepare(plan)
        assert 0 < examples.train_size < examples.known_size
        assert member.order.shape == (len(examples.inputs),)


@every_figure
def test_no_two_points_of_a_sweep_are_the_same_run(entry):
    for found in plans(entry, "laptop").values():
        assert len({plan.id for plan in found}) == len(found)


@every_figure
def test_a_laptop_trains_on_no_tiny_last_batch(entry):
    for found in plans(entry, "laptop").values():
        for plan in {(plan.task, plan.batch_size): plan for plan in found if not plan.task.is_fresh}.values():
            size = plan.batch_of(train_size(plan.task))
            last = train_size(plan.task) % size
            assert last == 0 or last >= min(32, size // 2), plan.task


@every_figure
def test_a_laptop_is_asked_for_no_more_than_the_paper(entry):
    laptop, paper = (
        max((plan.steps for found in some_plans(entry, scale).values() for plan in found), default=0)
        for scale in SCALES
    )
    assert laptop <= paper


@pytest.mark.parametrize(("papers", "count"), [(("power2022",), 20), (("nanda2023", "olsson2022"), 25)])
def test_papers_have_many_claims_on_a_laptop(papers, count):
    claims = [claim for entry in catalogue.named(papers) for claim in catalogue.load(*entry[:2]).claims]
    assert sum(claim.bound_at("laptop") is not None for claim in claims) >= count
    assert sum(claim.bound_at("paper") is not None for claim in claims) >= count


def test_words_stand_for_figures_each_once():
    everything = catalogue.named(["power2022"])
    assert everything == catalogue.figures("power2022")
    assert [entry.name for entry in catalogue.named(["power2022/outliers"])] == ["outliers"]
    assert catalogue.named(["power2022/outliers", "power2022"]).count(everything[-2]) == 1
    assert len(catalogue.named(["power2022/outliers", "power2022"])) == len(everything)


def test_the_title_of_a_paper():
    assert catalogue.title("power2022").startswith('Power et al. 2022, "Grokking')


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("power2021", "`power2021` is not a paper. Did you mean `power2022`?"),
        ("x", f"`x` is not a paper. Known: {', '.join(PAPERS)}."),
        ("power2022/fig1-lft", "`fig1-lft` is not a figure of power2022. Did you mean `fig1-left`?"),
        ("power2022/fig1_left", "`fig1_left` is not a figure of power2022. Did you mean `fig1-left`?"),
        ("power2022/", "`` is not a figure of power2022. Known: fig1-left, "),
        ("power2022/fig1-left/x", "`fig1-left/x` is not a figure of power2022. Did you mean `fig1-left`?"),
    ],
)
def test_a_misspelt_name_is_one_sentence(word, words):
    with pytest.raises(InvalidSetting) as caught:
        catalogue.named([word])
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)


def test_a_figure_shows_what_the_first_line_of_its_file_says():
    for entry in ENTRIES:
        module = importlib.import_module(f"groklab.papers.{entry.paper}.{entry.name.replace('-', '_')}")
        assert entry.summary == (module.__doc__ or "").split("\n")[0]
