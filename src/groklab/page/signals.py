"""A server that Ctrl-C and termination end, and not its process: what Play trains must still be saved."""

import contextlib
import signal
from collections.abc import Iterator

import uvicorn


class Server(uvicorn.Server):
    """A uvicorn server that keeps signals to itself; its own would pass them on when it has ended."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Have both signals end the server, and nothing else, while entered."""

        def end(*_: object) -> None:
            self.should_exit = True

        before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
