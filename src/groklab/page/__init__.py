"""A store in the browser: served on this machine (`serving`), or as files that open without a server (`exporting`)."""

from pathlib import Path

HOST, PORT = "127.0.0.1", 8097  # where it is served
LOOPBACK = ("localhost", "127.0.0.1", "::1")  # what this machine calls itself
STATIC = Path(__file__).parent / "static"  # the page itself
