import json
import math

import pytest

from groklab.errors import RunDamaged
from groklab.estimates import Estimate
from groklab.papers import ledger
from groklab.papers.claims import Made, Sentence, Verdict
from groklab.store import Store

INF, NAN = math.inf, math.nan


def verdict(claim="first", word="holds", seconds=90.0, **changes):
    says = Sentence(claim, "It says.", "section 3", "steps", "≤ 1,000")
    made = Made("division, 80 %", 1.07, seconds, "abc123", "cpu (x86_64, 2 cores)")
    found = Estimate(312.0, 270.0, 400.0, 3)
    return Verdict("power2022", "fig1-left", "laptop", says, found, word, "", made)._replace(**changes)


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "runs"))


def test_a_round_trip(store):
    entered = [verdict(), verdict("second", "fails", because="Too small a table.")]
    ledger.enter(store, entered)
    assert ledger.read(store) == entered


def test_the_page_says_how_densely_runs_were_recorded():
    assert "| 7% | 90 s |" in ledger.as_markdown([verdict()])
    dense = verdict()._replace(made=verdict().made._replace(every=5))
    assert "| 7%, at most 5 steps | 90 s |" in ledger.as_markdown([dense])
    barred = verdict()._replace(made=verdict().made._replace(setting="g / |g|"))
    assert "| g / \\|g\\| | 7% |" in ledger.as_markdown([barred])
    assert "| – | 90 s |" in ledger.as_markdown([verdict()._replace(made=verdict().made._replace(resolution=1.0))])


def test_what_is_infinite_or_unknown_comes_back(store):
    ledger.enter(
        store,
        [
            verdict(found=Estimate(INF, 270.0, INF, 3)),
            verdict("second", found=Estimate(NAN, -INF, INF, 0)),
        ],
    )
    first, second = ledger.read(store)
    assert first.found[:3] == (INF, 270.0, INF)
    assert math.isnan(second.found.value)
    assert second.found[1:3] == (-INF, INF)
    # what other programs read has no bare NaN or Infinity, which JSON lacks
    (name,) = store.folder.folder(ledger.FOLDER).names()
    text = store.folder.folder(ledger.FOLDER).read(name)
    assert json.loads(text, parse_constant=lambda word: pytest.fail(word))["verdicts"][0]["found"]["value"] == "inf"


def test_judging_again_replaces_that_figure_at_that_scale_alone(store):
    others = [verdict(figure="outliers"), verdict(scale="paper"), verdict(paper="another2023")]
    for each in (verdict(), *others):
        ledger.enter(store, [each])
    ledger.enter(store, [verdict(word="fails"), verdict("second")])
    found = ledger.read(store)
    assert [each for each in found if each in others] == sorted(others)
    assert [(each.claim.name, each.verdict) for each in found if each not in others] == [
        ("first", "fails"),
        ("second", "holds"),
    ]


def test_an_empty_store_has_no_verdicts(store):
    assert ledger.read(store) == []
    assert ledger.counted([]) == "0 claims: 0 holds, 0 fails, 0 undecided"
    assert json.loads(ledger.as_json([])) == []
    assert ledger.as_markdown([]).startswith("# Claims\n")


@pytest.mark.parametrize("content", [b"", b"[{", b"\xff\xfe", b"3", b'["text"]', b'{"a": 1}', b'[{"paper": "x"}]'])
def test_a_damaged_file_is_named_in_one_sentence_and_the_rest_is_kept(store, content):
    ledger.enter(store, [verdict()])
    ledger.enter(store, [verdict(figure="outliers")])
    folder = store.folder.folder(ledger.FOLDER)
    folder.write("power2022.outliers.laptop.json", content)
    with pytest.raises(RunDamaged) as caught:
        ledger.read(store)
    assert "claims/power2022.outliers.laptop.json` is damaged or of another version. Delete it" in str(caught.value)
    assert "\n" not in str(caught.value)
    folder.remove("power2022.outliers.laptop.json")
    assert ledger.read(store) == [verdict()]


def test_other_files_are_left_alone(store):
    ledger.enter(store, [verdict()])
    store.folder.folder(ledger.FOLDER).write("notes.txt", b"mine")
    assert ledger.read(store) == [verdict()]


def test_a_run_is_not_mistaken_for_a_verdict_nor_the_other_way_round(store):
    ledger.enter(store, [verdict()])
    assert store.runs() == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((312.0, 270.0, 400.0, 3), "312 [270, 400] (n = 3)"),
        ((0.98765, 0.9, 1.0, 3), "0.988 [0.9, 1] (n = 3)"),
        ((12345.6, 12345.6, 12345.6, 1), "12,346 (n = 1)"),
        ((INF, 270.0, INF, 3), "∞ [270, ∞] (n = 3)"),
        ((-INF, -INF, 2.0, 3), "−∞ [−∞, 2] (n = 3)"),
        ((NAN, -INF, INF, 3), "not measured"),
        ((312.0, 270.0, 400.0, 0), "not measured"),
    ],
)
def test_a_measured_number_in_words(found, words):
    assert ledger.in_words(verdict(found=Estimate(*found))) == words


def test_counts():
    words = ("holds", "holds", "fails", "undecided")
    assert ledger.counted([verdict(word=word) for word in words]) == "4 claims: 2 holds, 1 fails, 1 undecided"


def test_json_holds_every_field():
    (row,) = json.loads(ledger.as_json([verdict(found=Estimate(INF, 270.0, INF, 3))]))
    assert list(row) == list(Verdict._fields)
    assert row["found"] == {"value": "inf", "low": 270.0, "high": "inf", "count": 3}
    assert row["claim"]["expected"] == "≤ 1,000"


def test_markdown_has_a_table_for_each_paper_and_scale():
    page = ledger.as_markdown(
        [
            verdict(),
            verdict("second", "fails", because="Too small a table."),
            verdict(figure="outliers", seconds=30.0),
            verdict(scale="paper", seconds=7200.0),
        ]
    )
    assert page.endswith("\n")
    assert "4 claims: 3 holds, 1 fails, 0 undecided." in page
    assert "nominally 95 %" in page
    assert "where fewer than 3 runs were measured" in page
    laptop, paper = page.split("## power2022, ")[1:]
    assert laptop.startswith("laptop scale")
    # the cost is that of a figure, not of each claim
    assert "Made on cpu (x86_64, 2 cores), commit abc123. The cost is that of training;" in laptop
    assert "| fig1-left | division, 80 % | 7% | 90 s |" in laptop
    row = "| ✓ holds | fig1-left/first | It says. | steps | ≤ 1,000 | 312 [270, 400] (n = 3) | section 3 |"
    assert row in laptop
    assert "- **fig1-left/second**: Too small a table." in laptop
    assert "| 7,200 s |" in paper
    assert "Why" not in paper
