"""What moves while somebody looks, in a browser."""

import time

import pytest
from page.browsing import another, names, shown_step
from page.served import served, value

from groklab.store import Store

pytestmark = pytest.mark.browser


def test_a_run_that_is_trained_moves_as_it_records(browser, runs, tmp_path):
    """Its rows are shown by another process, as training does; the curve has them within a second."""
    store = Store(str(tmp_path / "runs"))
    done = runs["first"]
    columns = done.metrics()
    run = store.run("addition", done.id)
    run.begin(done.plan())
    run.show({name: values[:10] for name, values in columns.items()})
    with served(store) as address, another(browser, address) as tab:
        page = tab.go(f"run/{run.id}")
        tab.until("document.querySelector('[type=range]')?.max === '9'")
        assert "running" in page.inner_text(".facts")
        late = []
        for count in (14, 18, 22):
            began = time.monotonic()
            run.show({name: values[:count] for name, values in columns.items()})
            tab.until(f"document.querySelector('[type=range]').max === '{count - 1}'")
            late.append(time.monotonic() - began)
        assert shown_step(page) == columns["step"][21]
        assert f"{columns['step'][21]:,} of 300 steps" in page.inner_text(".facts")
        run.finish(columns, done.checkpoint()[0], 300, done.status())
        tab.until("document.querySelector('.facts').innerText.includes('finished')")
        tab.until(f"document.querySelector('[type=range]').max === '{len(columns['step']) - 1}'")
        run.release()
    assert min(late) < 1


def test_a_new_run_appears_in_the_list_and_one_that_is_removed_goes(browser, tmp_path):
    from stored import stored

    store = Store(str(tmp_path / "runs"))
    with served(store) as address, another(browser, address) as tab:
        page = tab.go("runs")
        assert "No runs yet" in page.inner_text("main")
        run = stored(store, "p=5", "fraction=0.8", "model=mlp", "width=8")
        tab.until("document.querySelectorAll('.run-row:not(.head)').length === 1")
        run.folder.remove_all(lambda name: True)
        tab.until("document.querySelectorAll('.run-row:not(.head)').length === 0")


def test_a_network_is_trained_from_the_page_and_watched(browser, tmp_path):
    store = Store(str(tmp_path / "runs"))
    with served(store) as address, another(browser, address) as tab:
        page = tab.go("play")
        for name, value in {"p": "7", "fraction": "0.8", "steps": "400", "width": "16"}.items():
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button", name="train").click()
        tab.until("document.querySelector('.facts')?.innerText.includes('finished')", 90)
        tab.until("document.querySelectorAll('.picture').length >= 6", 30)
        (run,) = store.runs()
        assert page.inner_text(".code pre").startswith("groklab run addition model=mlp p=7")
        assert run.status()["is_finished"]
        page.locator("[name=operation]").fill("division")
        page.locator("[name=p]").fill("6")
        page.get_by_role("button", name="train").click()
        page.wait_for_selector(".trouble")
        assert "`p` must be prime for division, got 6" in page.inner_text(".trouble")
        tab.wrong = [text for text in tab.wrong if "400" not in text and "404" not in text]


def test_a_list_from_before_the_server_was_started_again_is_made_whole(browser, tmp_path):
    from stored import stored

    store = Store(str(tmp_path / "runs"))
    small = ("p=5", "fraction=0.8", "model=mlp", "width=8")
    gone = stored(store, *small)
    with served(store) as address, another(browser, address) as tab:
        tab.page.route("**/events?*", lambda route: route.continue_(url=f"{address}events?since=another-1"))
        tab.page.route("**/values/runs", lambda route: route.fulfill(json=old))
        old = value(address, "runs")
        gone.folder.remove_all(lambda name: True)
        added = stored(store, *small, "seed=1")
        page = tab.go("runs")
        tab.until(f"document.querySelector('.c-name a')?.textContent === '{added.name}'")
        assert names(page) == [added.name]


def test_one_listener_that_fails_keeps_nothing_from_the_others(browser, tmp_path):
    from stored import stored

    store = Store(str(tmp_path / "runs"))
    with served(store) as address, another(browser, address) as tab:
        page = tab.go("runs")
        page.evaluate("""async () => {
          const live = await import("./static/live.js");
          const { signal } = new AbortController();
          live.onRuns(() => { throw new Error("mine"); }, signal);
          live.onRuns(() => (window.heard = true), signal);
        }""")
        stored(store, "p=5", "fraction=0.8", "model=mlp", "width=8")
        tab.until("window.heard")
        assert [text for text in tab.wrong if "mine" in text]
        tab.wrong = []


def test_an_address_of_no_run_is_told_in_play_and_what_was_begun_stays_in_the_address(tab, runs):
    page = tab.go(f"play?shown=zzzz&begun={runs['first'].id},{runs['second'].id}")
    page.wait_for_selector(".trouble")
    assert "No run in this store has the id 'zzzz'" in page.inner_text(".trouble")
    assert page.get_by_role("link", name="compare these 2").get_attribute("href").endswith(runs["second"].id)
    tab.wrong = [text for text in tab.wrong if "404" not in text]


def test_a_group_has_no_modulus_also_when_the_page_is_loaded_anew(tab):
    page = tab.go("play")
    page.get_by_role("button", name="a group: S4").click()
    assert page.locator("[name=p]").is_disabled()
    page.reload()
    page.wait_for_selector("[name=p]")
    assert page.locator("[name=p]").is_disabled()
    assert page.locator("[name=operation]").input_value() == "S4"
