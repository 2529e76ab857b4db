"""Several runs, the ledger, and addresses that stand for nothing, in a browser."""

import csv
import io

import numpy as np
import pytest
from page.browsing import another

pytestmark = pytest.mark.browser


def test_seeds_are_compared_as_median_and_range_and_settings_apart(tab, runs):
    keys = ",".join(runs[name].id for name in ("first", "second", "weaker"))
    page = tab.go(f"compare?runs={keys}")
    tab.until("document.querySelectorAll('.picture canvas').length === 2")
    words = page.locator(".picture").first.locator(".legend span").all_inner_texts()
    assert sorted(words) == ["weight_decay 0", "weight_decay 1 (median and range of 2)"]
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save validation accuracy as CSV").click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text(encoding="utf-8"))))
    last = [runs[name].metrics()["validation_accuracy"][-1] for name in ("first", "second")]
    assert float(rows[-1]["weight_decay 1 (median and range of 2)"]) == pytest.approx(np.median(last))
    assert float(rows[-1]["weight_decay 1 (median and range of 2), least"]) == pytest.approx(min(last))
    page.get_by_label("show").select_option(label="small multiples")
    tab.until("document.querySelectorAll('.grid.small .picture').length === 2")
    page.get_by_label("show").select_option(label="map over two settings")
    tab.until("document.querySelector('canvas.map') !== null")
    assert "layout=map" in page.url


def test_forks_are_aligned_at_the_fork(tab, runs):
    page = tab.go(f"compare?runs={runs['first'].id},{runs['fork'].id}&align=fork")
    tab.until("document.querySelectorAll('.picture canvas').length === 2")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save validation accuracy as CSV").click()
    steps = [float(row[0]) for row in list(csv.reader(io.StringIO(saved.value.path().read_text(encoding="utf-8"))))[1:]]
    assert (min(steps), max(steps)) == (-100, 200)


def test_the_ledger_has_every_claim_with_an_address(tab):
    page = tab.go("ledger")
    assert "1 claims: 1 holds" in page.inner_text(".tools")
    page.get_by_role("link", name="memorized-soon").click()
    tab.until("location.hash === '#/ledger/power2022/fig1-left/memorized-soon'")
    page.wait_for_selector(".claim")
    text = page.inner_text(".claim")
    assert "It <b>memorizes</b> first." in text
    assert "107 [104, 110] (n = 8)" in text
    assert page.evaluate("document.querySelector('.figure-card img').naturalWidth") == 1
    page.get_by_label("verdict").select_option("fails")
    tab.until("document.querySelectorAll('.claim').length === 0")


@pytest.mark.parametrize(("view", "words"), [
    ("run/000000000000", "No run in this store has the id"),
    ("run", "An address of a run ends in its id"),
    ("nothing", "There is no view “nothing”"),
    ("constructor", "There is no view “constructor”"),
    ("run/%E0%A4%A", "No run in this store has the id"),
    ("compare?runs=nothing", "Choose two runs or more"),
])  # fmt: skip
def test_an_address_that_stands_for_nothing_says_so(browser, address, view, words):
    with another(browser, address) as tab:
        page = tab.go(view)
        assert words in page.inner_text("main")
        tab.wrong = [text for text in tab.wrong if "404" not in text]


def test_a_line_keeps_its_value_between_its_steps_and_what_is_no_number_stays_so(tab):
    page = tab.go("runs")
    found = page.evaluate("""async () => {
      const { together } = await import("./static/pool.js");
      const line = (steps, values) => ({ steps, middle: values, low: values, high: values });
      const { values } = together([line([1, 4, 8], [0.1, NaN, 0.3]), line([2, 4, 6], [1, 2, 3])]);
      return values.map(({ middle }) => [...middle].map((value) => (Number.isNaN(value) ? null : value)));
    }""")  # steps 1 2 4 6 8
    assert found == [[0.1, 0.1, None, None, 0.3], [None, 1, 2, 3, None]]


def test_a_map_is_drawn_anew_when_light_turns_to_dark(tab, runs):
    keys = ",".join(runs[name].id for name in ("first", "second", "weaker"))
    page = tab.go(f"compare?runs={keys}&layout=map")
    page.wait_for_selector("canvas.map")
    before = page.evaluate("document.querySelector('canvas.map').toDataURL()")
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("document.querySelector('canvas.map').toDataURL()") != before


def test_the_numbers_and_the_picture_of_a_figure_are_saved(tab):
    page = tab.go("ledger/power2022/fig1-left")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the claims of power2022/fig1-left as CSV").click()
    (row,) = csv.DictReader(io.StringIO(saved.value.path().read_text(encoding="utf-8")))
    assert [float(row[name]) for name in ("value", "from", "to", "runs")] == [107, 104, 110, 8]
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save power2022.fig1-left.laptop.png as PNG").click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_reading_many_runs_ends_with_the_view(tab, runs):
    keys = ",".join(runs[name].id for name in ("first", "second", "weaker", "fork"))
    tab.page.route("**/values/runs/*", lambda route: None)
    page = tab.go(f"compare?runs={keys}")
    with page.expect_event("requestfailed"):  # it is asked for no longer
        page.get_by_role("link", name="Ledger").click()
    page.wait_for_selector(".claim")
