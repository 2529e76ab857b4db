"""A server that signals end, and not its process: what Play trains must still be saved."""

import contextlib
import signal
from collections.abc import Iterator

import uvicorn

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Server(uvicorn.Server):
    """A uvicorn server that keeps signals to itself; its own would pass them on when it has ended."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Have the signals that ask a process to end end the server, and nothing else, while entered."""

        def end(*_: object) -> None:
            self.should_exit = True

        heard = [number for number in ENDS if signal.getsignal(number) != signal.SIG_IGN]  # as nohup has it
        before = {number: signal.signal(number, end) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
