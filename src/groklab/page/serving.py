"""The page, served on this machine until Ctrl-C."""

import contextlib
import errno
import secrets
import socket
from collections.abc import Callable, Iterator
from typing import Any

from groklab.errors import InvalidSetting, StoreError, missing
from groklab.page import HOST, LOOPBACK, PORT
from groklab.page.documents import Documents
from groklab.page.library import Library
from groklab.page.play import Play
from groklab.page.workshop import Workshop
from groklab.store import Store

EVERYWHERE = ("0.0.0.0", "::")


def serve(
    store: Store,
    *,
    host: str = HOST,
    port: int = PORT,
    is_look_only: bool = False,
    ready: Callable[[str], Any] = print,
) -> None:
    """Serve a store until the process is asked to end; `ready` is called with the address when it can be opened.

    On another host than the loopback the address has a token in it. Port 0 stands for any that is free. Raise
    `MissingExtra` without the extra `page`, `StoreError` where the port cannot be had.
    """
    try:
        import uvicorn

        from groklab.page.application import application
        from groklab.page.guard import Guard
        from groklab.page.signals import Server
    except ImportError:
        raise missing("groklab page", "Starlette and uvicorn", "page") from None
    _check(host, port)
    token = None if host in LOOPBACK else secrets.token_urlsafe(16)
    play = Play(store.folder.url, is_allowed=not is_look_only)
    library, workshop = Library(store), Workshop()
    library.look(at_once=True)
    names = LOOPBACK if host in LOOPBACK else (*LOOPBACK, host, *_own_names(host))
    guarded = Guard(application(Documents(library, workshop), play), names, token)
    with _listening(host, port) as opened:
        shown = host if host not in EVERYWHERE else socket.gethostname()
        address = f"http://{f'[{shown}]' if ':' in shown else shown}:{opened.getsockname()[1]}/"
        config = uvicorn.Config(guarded, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        ready(f"{address}?token={token}" if token else address)
        workshop.warm()
        try:
            Server(config).run(sockets=[opened])
        finally:
            play.close()


def _check(host: str, port: int) -> None:
    if not host.strip():  # which would be all networks
        raise InvalidSetting(f"`host` must be a name or an address, got an empty one. Try --host {HOST}.")
    if not 0 <= port < 2**16:
        raise InvalidSetting(f"`port` must be a whole number from 0 to 65535, got {port}. Try --port {PORT}.")


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
            opened.listen(128)  # before the address is told: who asks at once waits, and is not refused
        except (OSError, UnicodeError) as error:
            cause = (getattr(error, "strerror", None) or str(error)).lower()
            raise StoreError(f"`{host}:{port}` cannot be listened on: {cause}. {_cure(error)}") from error
        yield opened


def _cure(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in (errno.EADDRINUSE, errno.EACCES):
        return "Try --port 0, for any that is free."
    return f"`--host` must be a name or an address of this machine: try {HOST}, or {EVERYWHERE[0]} for all of them."


def _own_names(host: str) -> tuple[str, ...]:
    """Return the names and addresses under which this machine is asked, where it listens everywhere."""
    if host not in EVERYWHERE:
        return ()
    name = socket.gethostname()
    with contextlib.suppress(OSError):
        return (name, socket.getfqdn(), *socket.gethostbyname_ex(name)[2])
    return (name,)
