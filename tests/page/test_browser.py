"""The page in a real browser: every view, by mouse and by keys, live, as files, light and dark, wide and narrow."""

import contextlib
import csv
import io
import re
import threading
import time

import numpy as np
import pytest
from page.browsing import HOSTILE, chromium, flags, furnish, recorded
from page.served import served

from groklab.page.exporting import export
from groklab.store import Store

pytestmark = pytest.mark.browser
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def browser():
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags())
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    chromium()
    return Store(str(tmp_path_factory.mktemp("browser") / "runs"))


@pytest.fixture(scope="module")
def runs(store):
    return furnish(store)


@pytest.fixture(scope="module")
def address(store, runs):
    with served(store) as address:
        yield address


@pytest.fixture(scope="module")
def files(store, runs, tmp_path_factory):
    """Return the address of the exported page."""
    return "file://" + export(store, str(tmp_path_factory.mktemp("files") / "site"))


class Opened:
    """A tab that takes note of all that goes wrong in it."""

    def __init__(self, browser, address, viewport=WIDE, scheme="light"):
        self.address = address
        self.context = browser.new_context(viewport=viewport, color_scheme=scheme, accept_downloads=True)
        self.page = self.context.new_page()
        self.wrong, self.asked = [], []
        self.page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def go(self, view):
        self.page.goto(f"{self.address}#/{view}")
        self.page.wait_for_selector("h1")
        return self.page

    def until(self, script, seconds=15):
        """Wait until an expression is true in the page."""
        return self.page.wait_for_function(f"() => {script}", timeout=1000 * seconds)


@pytest.fixture
def tab(browser, address):
    yield from tab_of(browser, address)


def tab_of(browser, address, **options):
    opened = Opened(browser, address, **options)
    yield opened
    opened.context.close()
    assert opened.wrong == []


@contextlib.contextmanager
def another(browser, address, **options):
    yield from tab_of(browser, address, **options)


def names(page):
    return page.locator(".run-row:not(.head) .c-name a").all_inner_texts()


# the list


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
    page.get_by_label("seeds together").check()
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


# a run


def slider(page):
    return page.get_by_role("slider", name="Step")


def shown_step(page):
    return int(slider(page).get_attribute("aria-valuetext").removeprefix("step ").replace(",", ""))


def colors(page, selector="canvas.cells"):
    """Return how many cells of a table have each color."""
    return page.evaluate(
        """(selector) => {
          const canvas = document.querySelector(selector);
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const counts = {};
          for (let at = 0; at < data.length; at += 4) {
            const color = "#" + [...data.slice(at, at + 3)].map((each) => each.toString(16).padStart(2, "0")).join("");
            counts[color] = (counts[color] ?? 0) + 1;
          }
          return counts;
        }""",
        selector,
    )


def test_a_run_shows_its_curves_its_table_and_its_network(tab, runs):
    run = runs["first"]
    page = tab.go(f"run/{run.id}")
    tab.until("document.querySelectorAll('.picture').length >= 6")
    titles = page.locator(".picture h2").all_inner_texts()
    wanted = {"Accuracy", "Loss", "The table of x + y", "The embedding", "Spectrum of the embedding"}
    assert wanted | {"Neurons by frequency"} <= set(titles)
    steps, answers = recorded(run)
    assert shown_step(page) == steps[-1]
    arrays, _ = run.table()
    right = answers[arrays["row"]] == arrays["truth"]
    withheld = arrays["withheld"].astype(bool)
    style = "getComputedStyle(document.documentElement).getPropertyValue('--{}').trim()"
    count = {
        name: colors(page).get(page.evaluate(style.format(name)), 0) for name in ("right", "wrong", "shown", "missed")
    }
    assert count["right"] == (right & withheld).sum()
    assert count["wrong"] == (~right & withheld).sum()
    assert count["shown"] == (right & ~withheld).sum()
    assert count["missed"] == (~right & ~withheld).sum()


def test_one_slider_moves_everything_by_mouse_keys_and_hovering(tab, runs):
    run = runs["first"]
    steps, _ = recorded(run)
    page = tab.go(f"run/{run.id}")
    tab.until("document.querySelectorAll('.picture').length >= 6")
    before = colors(page)
    slider(page).focus()
    page.keyboard.press("Home")
    assert shown_step(page) == 0
    tab.until("/At step 0:/.test(document.querySelector('.picture:nth-child(3) .note').textContent)")
    assert colors(page) != before
    page.keyboard.press("ArrowRight")
    assert shown_step(page) == 1
    page.keyboard.press("End")
    assert shown_step(page) == steps[-1]
    box = page.locator(".u-over").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.until("document.querySelector('[type=range]').value !== document.querySelector('[type=range]').max")
    middle = shown_step(page)
    assert 3 < middle < 100  # the middle of a logarithmic axis
    tab.until(f"location.hash.includes('step={middle}')")
    page.mouse.move(0, 0)
    page.reload()
    tab.until(f"document.querySelector('[type=range]')?.getAttribute('aria-valuetext') === 'step {middle}'")


def test_it_plays_and_pauses(tab, runs):
    page = tab.go(f"run/{runs['first'].id}?step=0")
    tab.until("document.querySelectorAll('.picture').length >= 3")
    page.get_by_role("button", name="Play", exact=True).click()
    tab.until("Number(document.querySelector('[type=range]').value) > 3")
    page.get_by_role("button", name="Pause").click()
    stopped = slider(page).input_value()
    time.sleep(0.5)
    assert slider(page).input_value() == stopped


def test_a_transformer_shows_its_attention_and_its_frequencies_can_be_chosen(tab, runs):
    page = tab.go(f"run/{runs['transformer'].id}")
    tab.until("[...document.querySelectorAll('.picture h2')].some((each) => each.textContent.startsWith('Attention'))")
    assert page.locator(".small-multiple").count() == 2
    choice = page.get_by_label("Plane of the embedding")
    words = choice.locator("option").all_inner_texts()
    assert len(words) == 4
    choice.select_option(label=words[1])
    note = page.locator(".picture", has=choice).locator(".note")
    assert words[1] in note.inner_text()
    page.reload()
    tab.until(f"[...document.querySelectorAll('.note')].some((each) => each.textContent.includes('{words[1]}'))", 30)
    choice.select_option(label="t-SNE")
    tab.until("[...document.querySelectorAll('.note')].some((each) => each.textContent.includes('t-SNE of all'))", 40)


def test_measures_are_taken_of_the_kept_weights(tab, runs):
    page = tab.go(f"run/{runs['transformer'].id}")
    page.get_by_label("measure of the kept weights").select_option("distance")
    page.get_by_role("button", name="measure", exact=True).click()
    tab.until("[...document.querySelectorAll('h2')].some((each) => each.textContent.startsWith('distance:'))", 60)


def test_what_makes_a_run_and_what_it_lacks_are_said_as_commands(tab, runs):
    page = tab.go(f"run/{runs['first'].id}")
    tab.until("document.querySelector('.code pre')?.textContent.startsWith('groklab run addition')")
    page = tab.go(f"run/{runs['digits'].id}")
    tab.until("document.querySelector('.code pre')?.textContent.startsWith('groklab run teacher-student')")
    assert page.locator(".trouble").count() == 0
    assert page.locator(".picture h2").all_inner_texts()[:2] == ["Accuracy", "Loss"]


def test_pictures_are_saved_with_their_numbers(tab, runs):
    run = runs["first"]
    page = tab.go(f"run/{run.id}")
    tab.until("document.querySelectorAll('.picture').length >= 6")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save Accuracy as CSV").click()
    rows = list(csv.DictReader(io.StringIO(saved.value.path().read_text(encoding="utf-8"))))
    columns = run.metrics()
    assert [int(row["step"]) for row in rows] == columns["step"].tolist()
    np.testing.assert_allclose([float(row["validation"]) for row in rows], columns["validation_accuracy"], rtol=1e-5)
    for title in ("Accuracy", "The table of x + y", "The embedding", "Neurons by frequency"):
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save {title} as PNG").click()
        content = saved.value.path().read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) > 5000


# several runs, the ledger


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


# live


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
    assert min(late) < 5


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
        tab.wrong = [text for text in tab.wrong if "400" not in text]


# as files


@pytest.mark.parametrize("view", ["runs", "run/{first}", "run/{digits}", "compare?runs={first},{second}", "ledger"])
def test_files_show_the_same_without_a_server(browser, files, runs, view):
    with another(browser, files) as tab:
        page = tab.go(view.format(**{name: run.id for name, run in runs.items()}))
        wanted = {"runs": 1, "run/{first}": 6, "run/{digits}": 2, "compare?runs={first},{second}": 2, "ledger": 1}[view]
        selector = {"runs": ".run-row.is-finished", "ledger": ".claim"}.get(view, ".picture")
        tab.until(f"document.querySelectorAll('{selector}').length >= {wanted}", 30)
        assert all(url.startswith(("file://", "data:", "blob:")) for url in tab.asked)
        assert page.locator(".trouble").count() == 0


# for everyone


VIEWS = [
    "runs",
    "runs?group=seeds",
    "run/{first}",
    "run/{transformer}",
    "compare?runs={first},{second},{weaker}",
    "ledger",
    "play",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_rule_of_accessibility_is_broken(browser, address, runs, view, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with another(browser, address, scheme=scheme) as tab:
        page = tab.go(view.format(**{name: run.id for name, run in runs.items()}))
        time.sleep(1.5)
        found = axe.run(page).response["violations"]
        said = [(each["id"], node["target"], node["failureSummary"]) for each in found for node in each["nodes"][:3]]
        assert said == []


@pytest.mark.parametrize("view", VIEWS)
def test_it_fits_a_phone(browser, address, runs, view):
    with another(browser, address, viewport=NARROW) as tab:
        page = tab.go(view.format(**{name: run.id for name, run in runs.items()}))
        time.sleep(1)
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
    done = threading.Event()
    with served(store) as address:
        opened = Opened(browser, address)
        page = opened.go("runs")
    done.set()
    page.wait_for_selector(".lost", state="visible")
    page.get_by_role("link", name="Ledger").click()
    page.wait_for_selector(".trouble")
    assert "The server does not answer" in page.inner_text(".trouble")
    opened.context.close()
