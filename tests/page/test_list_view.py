"""The list of runs in a browser."""

import re

import pytest
from page.browsing import HOSTILE, another, names
from page.served import served

from groklab.store import Store

pytestmark = pytest.mark.browser


def test_the_list_shows_searches_orders_and_groups_and_keeps_it_in_the_address(tab, store, runs):
    page = tab.go("runs")
    every = sorted([*(run.name for run in store.runs())])
    assert sorted(names(page)) == every
    page.get_by_label("Search runs").fill("addition weight_decay=0")
    tab.until("document.querySelectorAll('.run-row:not(.head)').length === 2")
    assert set(names(page)) == {runs["weaker"].name, runs["fork"].name}
    page.get_by_label("Search runs").fill("step<=60")
    tab.until("location.hash.includes('find=step')")
    assert set(names(page)) == {runs["transformer"].name, runs["digits"].name}
    page.get_by_label("Search runs").fill("addition")
    heading = page.get_by_role("button", name="memorized", exact=True)
    heading.click()
    assert page.get_by_role("columnheader", name="memorized").get_attribute("aria-sort") == "ascending"
    page.get_by_label("Group runs").select_option("seeds")
    tab.until("document.querySelector('.is-group') !== null")
    page.keyboard.press("Tab")
    page.get_by_role("button", name=re.compile("2 seeds")).press("Enter")
    assert {runs["first"].name, runs["second"].name} <= set(names(page))
    page.reload()
    tab.until("document.querySelector('.is-group') !== null")
    assert page.get_by_label("Search runs").input_value() == "addition"
    assert page.get_by_role("columnheader", name="memorized").get_attribute("aria-sort") == "ascending"


def test_a_filter_offers_the_values_that_a_setting_has(tab, runs):
    page = tab.go("runs")
    page.get_by_label("Filter by setting").select_option("weight_decay")
    page.get_by_label("Value of the setting").select_option("0")
    tab.until("document.querySelector('[type=search]').value === 'weight_decay=0'")
    assert runs["weaker"].name in names(page)
    assert runs["first"].name not in names(page)


def test_hostile_names_are_text(tab):
    page = tab.go("runs?find=onerror")
    assert names(page) == [HOSTILE]
    page.get_by_role("link", name=HOSTILE).click()
    page.wait_for_selector(".trouble")
    assert "is damaged" in page.inner_text(".trouble")
    assert page.locator("main img").count() == 0
    assert "hacked" not in page.title()
    tab.wrong = [text for text in tab.wrong if "500" not in text]  # the browser's own note of a refused answer


def test_a_list_of_many_runs_holds_only_the_rows_that_are_seen(tab, store):
    line = {
        "task": "many",
        "state": "finished",
        "seeds": [0, 0, 0],
        "parent": None,
        "trouble": "",
        "steps": 5,
        "seconds": 1,
    }
    line |= dict.fromkeys(("generalized_at", "settled_at", "diverged_at", "train_accuracy", "validation_accuracy"))
    many = [
        line | {"key": f"k{at}", "name": f"many-{at:04}", "group": f"g{at}", "step": at, "memorized_at": at}
        for at in range(2000)
    ]
    found = {"store": "many", "runs": many, "settings": {}}
    tab.page.route("**/values/runs", lambda route: route.fulfill(json=found))
    page = tab.go("runs")
    assert page.locator(".run-row").count() < 80
    page.locator(".window").evaluate("(element) => element.scrollTo(0, element.scrollHeight)")
    tab.until("[...document.querySelectorAll('.c-name a')].at(-1)?.textContent === 'many-1999'")
    assert page.locator(".run-row").count() < 80
    assert page.get_by_role("table").get_attribute("aria-rowcount") == "2001"


def test_runs_are_grouped_by_any_setting_that_differs_with_medians_and_ranges(tab, runs):
    page = tab.go("runs?find=addition+steps%3D300")
    page.get_by_label("Group runs").select_option("optimizer.weight_decay")
    tab.until("document.querySelectorAll('.is-group').length === 2")
    alike = [runs[name].status()["memorized_at"] for name in ("first", "second")]
    row = page.locator(".is-group", has_text="weight_decay 1, 2 runs")
    shown = row.locator(".c-memorized_at").inner_text().replace(",", "")
    assert shown == f"{round(sum(alike) / 2)} {min(alike)}–{max(alike)}"
    page.reload()
    tab.until("document.querySelectorAll('.is-group').length === 2")


def test_what_was_chosen_is_in_the_address(tab, runs):
    page = tab.go("runs")
    page.get_by_label(f"choose {runs['first'].name}").check()
    page.get_by_label(f"choose {runs['second'].name}").check()
    page.reload()
    tab.until("document.querySelectorAll('.run-row :checked').length === 2")
    assert page.get_by_role("link", name="compare 2").is_visible()


def test_the_focus_stays_where_it_is_when_the_list_changes(browser, tmp_path):
    from stored import stored

    store = Store(str(tmp_path / "runs"))
    small = ("p=5", "fraction=0.8", "model=mlp", "width=8")
    first = stored(store, *small)
    with served(store) as address, another(browser, address) as tab:
        page = tab.go("runs")
        box = page.get_by_label(f"choose {first.name}")
        box.focus()
        for seed in (1, 2):
            stored(store, *small, f"seed={seed}")
            tab.until(f"document.querySelectorAll('.run-row:not(.head)').length === {seed + 1}")
            assert page.evaluate("document.activeElement.ariaLabel") == f"choose {first.name}"
        page.get_by_role("button", name="step").focus()
        stored(store, *small, "weight_decay=0")
        tab.until("document.querySelectorAll('.run-row:not(.head)').length === 4")
        assert page.evaluate("document.activeElement.title") == "step"
