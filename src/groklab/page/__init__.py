"""A store in the browser: served on this machine (`serving`), or as files that open without a server (`exporting`)."""

from pathlib import Path

HOST, PORT = "127.0.0.1", 8097  # where it is served
STATIC = Path(__file__).parent / "static"  # the page itself
