"""A real browser, and a store worth looking at."""

import contextlib
import os
import shutil

import numpy as np
import pytest

from groklab.estimates import Estimate
from groklab.papers import ledger
from groklab.papers.claims import Made, Sentence, Verdict
from groklab.runner import execute
from groklab.training import sweep_from
from groklab.training.forks import fork

HOSTILE = "<img src=x onerror=document.title='hacked'>-&"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


def chromium():
    """Return the path of a Chromium, or skip with a line where there is none."""
    pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright: make test-outside")
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    pytest.skip("the browser tests need a Chromium on the path")


def flags():
    """Return what Chromium needs to run as root."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def furnish(store):
    """Train a few small runs into a store, enter two claims, and put a folder with a hostile name beside them."""
    small = ["p=7", "fraction=0.8", "growth=1.2", "snapshots=1.5", "learning_rate=0.01"]
    words = {
        "first": ["addition", *small, "model=mlp", "width=16", "hidden=32", "steps=300"],
        "second": ["addition", *small, "model=mlp", "width=16", "hidden=32", "steps=300", "seed=1"],
        "weaker": ["addition", *small, "model=mlp", "width=16", "hidden=32", "steps=300", "weight_decay=0"],
        "transformer": ["mainline", *small, "width=8", "heads=2", "steps=60"],
        "digits": ["teacher-student", "steps=30", "growth=1.3"],
    }
    plans = {name: sweep_from(first, rest).plans()[0] for name, (first, *rest) in words.items()}
    plans["fork"] = fork(plans["first"], 100, weight_decay=0.0)
    runs = dict(zip(plans, execute(list(plans.values()), store), strict=True))
    claim(store, "memorized-soon", "holds")
    hostile = os.path.join(store.folder.local_path, HOSTILE)
    os.mkdir(hostile)
    with open(os.path.join(hostile, "plan.json"), "w") as file:
        file.write("{}")
    return runs


def claim(store, name, verdict):
    sentence = Sentence(name, "It <b>memorizes</b> first.", "Power et al. 2022", "median step", "≤ 500")
    made = Made("x / y mod 31", 1.02, 12.0, "", "cpu")
    found = Estimate(107.0, 104.0, 110.0, 8)
    ledger.enter(store, [Verdict("power2022", "fig1-left", "laptop", sentence, found, verdict, "", made)])
    place = os.path.join(store.folder.local_path, "figures")
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, "power2022.fig1-left.laptop.png"), "wb") as file:
        file.write(PIXEL)


def recorded(run):
    """Return the recorded steps of a run, and its answers at the end."""
    return run.metrics()["step"], np.asarray(run.checkpoint()[0]["predictions.end"])[:, 0]


WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


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
