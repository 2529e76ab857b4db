"""A run in a browser: curves, the slider, what the network is."""

import csv
import io
import time

import numpy as np
import pytest
from page.browsing import colors, recorded, shown_step, slider

pytestmark = pytest.mark.browser


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


def test_arrows_are_the_sliders_on_the_whole_page_and_other_keys_are_not(tab, runs):
    page = tab.go(f"run/{runs['first'].id}?step=5")
    tab.until("document.querySelectorAll('.picture').length >= 6")
    page.keyboard.press("ArrowLeft")
    assert shown_step(page) == 4
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("End")
    tab.until("scrollY > 0")
    assert shown_step(page) == 4
    page.get_by_role("link", name="linear steps").focus()
    page.keyboard.press("ArrowRight")
    assert shown_step(page) == 5


def test_the_address_is_written_when_the_slider_rests(tab, runs):
    page = tab.go(f"run/{runs['first'].id}")
    tab.until("document.querySelectorAll('.picture').length >= 6")
    page.evaluate("""() => {
      window.written = 0;
      const replace = history.replaceState;
      history.replaceState = function (...all) { window.written++; return replace.apply(this, all); };
      const range = document.querySelector("[type=range]");
      for (let at = 0; at < 200; at++) { range.value = String(at % 20); range.dispatchEvent(new Event("input")); }
    }""")
    tab.until("location.hash.includes('step=')")
    assert page.evaluate("window.written") == 1
    page.get_by_role("link", name="linear steps").click()
    tab.until("/step=.*x=linear/.test(location.hash)")


def test_keys_of_a_view_that_is_left_while_it_loads_are_no_ones(tab, runs):
    page = tab.go("runs")
    tab.page.route("**/moments", lambda route: None)  # it never answers
    page.evaluate(f"location.hash = '#/run/{runs['first'].id}'")
    page.wait_for_selector(".timeline")
    page.evaluate("window.kept = document.querySelector('[type=range]'); location.hash = '#/ledger'")
    page.wait_for_selector(".claim")
    before = page.evaluate("window.kept.value")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("window.kept.value") == before


@pytest.mark.parametrize("times", [1, 9])
def test_a_step_that_cannot_be_read_once_is_read_again_and_twice_is_told(tab, runs, times):
    left = [True] * times

    def answer(route):
        if left:
            left.pop()
            route.fulfill(status=500, json={"trouble": "The disk is gone."})
        else:
            route.continue_()

    tab.page.route("**/moments/0", answer)
    page = tab.go(f"run/{runs['first'].id}?step=0")
    if times == 1:
        tab.until("/At step 0:/.test(document.querySelector('.picture:nth-child(4) .note')?.textContent)", 30)
    else:
        page.wait_for_selector(".grid .trouble")
        assert "The disk is gone." in page.inner_text(".grid .trouble")
    tab.wrong = [text for text in tab.wrong if "500" not in text]


def test_a_run_that_keeps_no_weights_is_offered_what_keeps_them_and_its_last_are_measured(tab, runs):
    page = tab.go(f"run/{runs['digits'].id}")
    page.wait_for_selector(".offer")
    assert "snapshots=1.2" in page.inner_text(".offer pre")
    page.wait_for_selector("[name=measure]")
    page.get_by_label("measure of the kept weights").select_option("distance")
    page.get_by_role("button", name="measure", exact=True).click()
    tab.until("[...document.querySelectorAll('h2')].some((each) => each.textContent.startsWith('distance:'))", 60)
