"""`groklab page`: the store in a browser, or as files that open without a server."""

import argparse
import contextlib
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from typing import NoReturn

from rich.progress import Progress

from groklab.cli import output
from groklab.errors import InvalidSetting
from groklab.page import HOST, PORT
from groklab.store import DEFAULT, Store

SHOWN = 8  # sentences, at most, about what an export has left out
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

EPILOG = """The page reads the store; only what is begun on its view Play is trained, and written there. It is served
to this machine alone; with --host 0.0.0.0 to others too, by an address with a token in it. Ctrl-C ends it, and saves
what Play trains.

examples:
  groklab page                            open the store ./runs in the browser
  groklab page --store runs --look-only   nothing can be trained from it
  groklab page --export site              write it as files: open site/index.html, or put them on any web server
  groklab page --export site addition     of the run whose name begins so alone
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("runs", nargs="*", metavar="RUN", help="with --export: names or ids of runs (default: all)")
    parser.add_argument("--export", metavar="DIR", help="write files into this folder, and serve nothing")
    parser.add_argument("--host", default=HOST, help=f"address to listen on (default {HOST}: this machine)")
    parser.add_argument("--port", default=str(PORT), help=f"port, 0 for any that is free (default {PORT})")
    parser.add_argument("--look-only", action="store_true", help="train nothing from the page")
    parser.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")
    parser.add_argument("--store", default=DEFAULT, help=f"folder or URL of the runs (default {DEFAULT})")
    parser.epilog = EPILOG


def execute(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C, or write files and say which to open."""
    store = Store(options.store)
    if options.export is not None:
        return _export(store, options)
    if options.runs:
        raise InvalidSetting(
            f"`runs` must be left out without --export, got {options.runs[0]}. The page shows all; for files of some: "
            f"--export site {' '.join(options.runs)}."
        )
    from groklab.page.serving import serve

    with contextlib.suppress(KeyboardInterrupt):
        serve(
            store,
            host=options.host,
            port=_port(options.port),
            is_look_only=options.look_only,
            ready=lambda address: _open(address, has_browser=not options.no_browser),
        )
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        sys.stdout.flush()
        os._exit(0)  # what was still asked of a network, and nobody will read, is not waited for
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise InvalidSetting(f"`port` must be a whole number from 0 to 65535, got {text[:20]}. Try --port {PORT}.")
    return int(text)


def _open(address: str, *, has_browser: bool) -> None:
    print(f"groklab page: {address}  (Ctrl-C ends it)", flush=True)
    has_screen = sys.platform != "linux" or any(name in os.environ for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if has_browser and has_screen:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(address)


def _export(store: Store, options: argparse.Namespace) -> int:
    from groklab.page.exporting import export

    console, missed = output.console(), {}
    with _unwound(), Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task("writing")
        place = export(
            store,
            options.export,
            options.runs,
            told=lambda done, of: bars.update(task, completed=done, total=of),
            missed=missed.__setitem__,
        )
    for name, why in list(missed.items())[:SHOWN]:
        output.say(f"{name} is not among the files: {why}")
    if len(missed) > SHOWN:
        output.say(f"{len(missed) - SHOWN} more are not among the files. The page says so where they are asked for.")
    console.print(f"page: {place}", soft_wrap=True, highlight=False)
    return 0


@contextlib.contextmanager
def _unwound() -> Iterator[None]:
    """Have Ctrl-C and termination unwind what is done, so that nothing half written is left."""

    def end(number: int, _: object) -> NoReturn:
        for each in ENDS:
            signal.signal(each, signal.SIG_IGN)  # once is enough: a second would interrupt the removing
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():  # only there can handlers be set
        yield
        return
    heard = [number for number in ENDS if signal.getsignal(number) != signal.SIG_IGN]  # as nohup has it
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
