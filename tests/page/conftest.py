"""What tests in a browser share: the browser, and a store that is served."""

import pytest
from page.browsing import chromium, flags, furnish, tab_of
from page.served import served

from groklab.page.exporting import export
from groklab.store import Store


@pytest.fixture(scope="session")
def browser():
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=flags())
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    chromium()
    return Store(str(tmp_path_factory.mktemp("browser") / "runs"))


@pytest.fixture(scope="session")
def runs(store):
    return furnish(store)


@pytest.fixture(scope="session")
def address(store, runs):
    with served(store) as address:
        yield address


@pytest.fixture(scope="session")
def files(store, runs, tmp_path_factory):
    """Return the address of the exported page."""
    return "file://" + export(store, str(tmp_path_factory.mktemp("files") / "site"))


@pytest.fixture
def tab(browser, address):
    yield from tab_of(browser, address)
