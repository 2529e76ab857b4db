"""A store in the browser: served on this machine (`serving`), or as files that open without a server (`exporting`)."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"  # the page itself
