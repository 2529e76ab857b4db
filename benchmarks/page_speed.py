"""How quick the page is, measured in the browser: python benchmarks/page_speed.py STORE, with a Chromium on the path.

First view: from asking for the page to the first row of the list. Scrolling: the longest task while the list of all
runs is scrolled from end to end. Opening: from the click on a run to its curves, of ten runs spread over the list.
Live: from the moment at which a training process has written rows to the moment at which the curve has them.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import Browser, Page, sync_playwright

from groklab.store import Run, Store

RUNS, SCROLLS = 10, 200
TASKS = "new PerformanceObserver((list) => (globalThis.tasks ??= []).push(...list.getEntries().map((e) => e.duration)))"
RUN = ["addition", "p=23", "fraction=0.7", "model=mlp", "learning_rate=0.003", "--steps", "12000", "--quiet"]


def main() -> None:
    """Serve a store, and print what was measured."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        process, address, started = served(sys.argv[1])
        try:
            runs = len(Store(sys.argv[1]).runs())
            print(f"{runs:,} runs; address printed after {started:.2f} s")
            firsts = [first_view(browser, address) for _ in range(5)]
            print(f"first view: {spread(firsts)} ms")
            page = opened(browser, address)
            print(f"longest task while scrolling: {scrolled(page):.0f} ms")
            print(f"opening a run: {spread(opening(page, address))} ms")
        finally:
            process.terminate()
            process.wait()
        print(f"rows on the screen after they are written: {spread(live(browser))} ms")


def spread(values: list[float]) -> str:
    """Say the median, and the greatest."""
    return f"{statistics.median(values):.0f} (at most {max(values):.0f})"


def served(store: str) -> tuple[subprocess.Popen[str], str, float]:
    """Begin to serve a store; return the process, its address, and the seconds until it was printed."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "groklab", "page", "--store", store, "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[2], time.perf_counter() - began


def first_view(browser: Browser, address: str) -> float:
    """Return the milliseconds from asking for the page to the first row, in a browser that has nothing of it."""
    page = browser.new_context().new_page()
    page.goto(f"{address}#/runs")
    page.wait_for_selector(".run-row:not(.head)")
    shown = page.evaluate("performance.now()")
    page.context.close()
    return shown


def opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}#/runs")
    page.wait_for_selector(".run-row:not(.head)")
    page.evaluate(f"() => {{ {TASKS}.observe({{ type: 'longtask' }}) }}")
    return page


def scrolled(page: Page) -> float:
    """Return the longest task, in milliseconds, 0 where none was over 50, while the list is scrolled."""
    page.evaluate(
        f"""async () => {{
          const list = document.querySelector(".window");
          for (let at = 0; at <= {SCROLLS}; at++) {{
            list.scrollTo(0, (list.scrollHeight * at) / {SCROLLS});
            await new Promise(requestAnimationFrame);
          }}
        }}"""
    )
    return max(page.evaluate("globalThis.tasks ?? []"), default=0.0)


def opening(page: Page, address: str) -> list[float]:
    """Return the milliseconds from the click on a run to its curves, of several runs."""
    keys = page.evaluate(
        "async () => (await (await fetch('values/runs')).json()).runs"
        ".filter((run) => run.state === 'finished' && run.step).map((run) => run.key)"
    )
    seconds = []
    for key in keys[:: max(1, len(keys) // RUNS)][:RUNS]:
        page.goto(f"{address}#/runs")
        page.wait_for_selector(".run-row:not(.head)")
        page.wait_for_timeout(300)
        taken = page.evaluate(
            """async (key) => {
              const began = performance.now();
              location.hash = `#/run/${key}`;
              while (!document.querySelector(".plot canvas")) await new Promise(requestAnimationFrame);
              return performance.now() - began;
            }""",
            key,
        )
        seconds.append(taken)
    return seconds


def live(browser: Browser) -> list[float]:
    """Return the milliseconds from the writing of rows by a training process to the curve that has them."""
    with tempfile.TemporaryDirectory() as folder:
        process, address, _ = served(folder)
        training = subprocess.Popen([sys.executable, "-m", "groklab", "run", *RUN, "--store", folder])
        run = waited(folder)
        page = browser.new_page()
        page.goto(f"{address}#/run/{run.id}")
        page.wait_for_selector(".plot canvas", timeout=60_000)
        lates = []
        while training.poll() is None:
            place, steps = run.folder, len(run.metrics()["step"])
            if not place.has("recent.parquet"):
                continue
            written = place.written("recent.parquet")
            page.wait_for_function(
                f"() => Number(document.querySelector('[type=range]').max) + 1 >= {steps}", polling=10
            )
            lates.append(1000 * (time.time() - written))
            time.sleep(0.5)
        page.close()
        process.terminate()
        process.wait()
        return lates


def waited(folder: str) -> Run:
    """Return the run that is begun in a store, once it has rows."""
    while True:
        for run in Store(folder).runs():
            if run.folder.has("recent.parquet"):
                return run
        time.sleep(0.05)


if __name__ == "__main__":
    main()
