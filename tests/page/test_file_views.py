"""The page as files, in a browser."""

import pytest
from page.browsing import another

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("view", ["runs", "run/{first}", "run/{digits}", "compare?runs={first},{second}", "ledger"])
def test_files_show_the_same_without_a_server(browser, files, runs, view):
    with another(browser, files) as tab:
        page = tab.go(view.format(**{name: run.id for name, run in runs.items()}))
        wanted = {"runs": 1, "run/{first}": 6, "run/{digits}": 2, "compare?runs={first},{second}": 2, "ledger": 1}[view]
        selector = {"runs": ".run-row.is-finished", "ledger": ".claim"}.get(view, ".picture")
        tab.until(f"document.querySelectorAll('{selector}').length >= {wanted}", 30)
        assert all(url.startswith(("file://", "data:", "blob:")) for url in tab.asked)
        assert page.locator(".trouble").count() == 0


def test_a_file_is_read_once_for_two_who_ask_and_one_that_hands_nothing_over_is_told(browser, files, runs):
    with another(browser, files) as tab:
        page = tab.go("runs")
        found = page.evaluate(
            """async (address) => {
          const { get } = await import("groklab/source.js");
          const both = await Promise.all([get(address), get(address)]);
          document.head.append = (script) => setTimeout(() => script.onload());
          const none = await get("runs/nothing").catch((error) => error.message);
          return [both[0].name, both[1].name, none];
        }""",
            f"runs/{runs['first'].id}",
        )
        assert found[:2] == [runs["first"].name] * 2
        assert "not among the exported files" in found[2]
