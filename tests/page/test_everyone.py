"""By keys, by screen reader, light and dark, wide and narrow."""

import pytest
from page.browsing import NARROW, Opened, another
from page.served import served

pytestmark = pytest.mark.browser


VIEWS = {  # and what is seen when all of it is there
    "runs": (".run-row.is-finished", 6),
    "runs?group=seeds": (".run-row.is-group", 1),
    "run/{first}": (".grid .picture canvas[aria-label]", 6),
    "run/{transformer}": (".grid .picture canvas[aria-label]", 7),
    "compare?runs={first},{second},{weaker}": (".picture canvas[aria-label]", 2),
    "ledger": (".claim", 1),
    "play": ("form", 1),
}


def all_there(tab, view):
    selector, count = VIEWS[view]
    tab.until(f"document.querySelectorAll('{selector}').length >= {count}", 30)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_rule_of_accessibility_is_broken(browser, address, runs, view, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with another(browser, address, scheme=scheme) as tab:
        page = tab.go(view.format(**{name: run.id for name, run in runs.items()}))
        all_there(tab, view)
        found = axe.run(page).response["violations"]
        said = [(each["id"], node["target"], node["failureSummary"]) for each in found for node in each["nodes"][:3]]
        assert said == []


@pytest.mark.parametrize("view", VIEWS)
def test_it_fits_a_phone(browser, address, runs, view):
    with another(browser, address, viewport=NARROW) as tab:
        page = tab.go(view.format(**{name: run.id for name, run in runs.items()}))
        all_there(tab, view)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_light_turns_to_dark_and_stays(tab):
    page = tab.go("runs")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    page.wait_for_selector("h1")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_first_key_leads_to_the_content(tab):
    page = tab.go("runs")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_server_that_has_ended_is_told(browser, store, runs):
    with served(store) as address:
        opened = Opened(browser, address)
        page = opened.go("runs")
    page.wait_for_selector(".lost", state="visible")
    page.get_by_role("link", name="Ledger").click()
    page.wait_for_selector(".trouble")
    assert "The server does not answer" in page.inner_text(".trouble")
    opened.context.close()


def test_the_theme_turns_where_nothing_can_be_kept(browser, address):
    with another(browser, address) as tab:
        tab.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw Error('kept out'); } })"
        )
        page = tab.go("runs")
        for theme in ("dark", "light"):
            page.get_by_role("button", name="Light or dark").click()
            assert page.evaluate("document.documentElement.dataset.theme") == theme


def test_a_link_leads_to_the_content_and_the_view_is_marked_and_named(tab, runs):
    page = tab.go("runs")
    assert page.evaluate("document.activeElement === document.body")
    page.get_by_role("link", name=runs["first"].name).click()
    tab.until("document.activeElement.id === 'main'")
    assert page.title() == f"{runs['first'].name} – groklab"
    assert page.locator("nav [aria-current]").all_inner_texts() == ["Runs"]
    assert page.locator("nav [aria-current=page]").count() == 1
