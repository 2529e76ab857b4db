"""Draws the pictures of docs/page.md from a page that is served: python docs/screenshots.py RUN COMPARED.

RUN is the id of a run that kept its weights, COMPARED a search that finds several runs to compare. The page is served
as `groklab page --no-browser`, and a Chromium is on the path.
"""

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from groklab.page import PORT

DOCS = Path(__file__).parent
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
COLORS = 128


def views(run: str, compared: str) -> dict[str, tuple[str, dict[str, int]]]:
    """Return the address and the size of every view by its name."""
    return {
        "runs": ("runs?group=seeds", WIDE),
        "run": (f"run/{run}?step=600", WIDE | {"height": 1400}),
        "compare": (f"compare?find={compared}", WIDE),
        "ledger": ("ledger/thilak2022/arms", WIDE),
        "play": (f"play?shown={run}", WIDE),
        "phone": (f"run/{run}", NARROW),
    }


def shoot(browser: Browser, address: str, size: dict[str, int], scheme: str, target: Path) -> None:
    """Save a picture of a view, in few colors."""
    page = browser.new_page(viewport=size, color_scheme=scheme)  # pyright: ignore[reportArgumentType]
    page.goto(f"http://127.0.0.1:{PORT}/#/{address}")
    page.wait_for_selector("h1")
    page.wait_for_timeout(12_000)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(COLORS).save(target, optimize=True)
    page.close()


def main() -> None:
    """Shoot every view, light and dark, of a page that is being served."""
    run, compared = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (address, size) in views(run, compared).items():
            for scheme in ("light", "dark"):
                shoot(browser, address, size, scheme, DOCS / f"page-{name}-{scheme}.png")


if __name__ == "__main__":
    main()
