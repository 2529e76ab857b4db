"""Ctrl-C and termination as a wish to stop at the next moment, not as an exception in the middle of one."""

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType

SECONDS_TO_END = 1.0  # that the process gets to end by itself, once everything is saved
POLL = 0.05


class Interrupt:
    """While entered, the first SIGINT or SIGTERM sets `requested`; a second SIGINT raises KeyboardInterrupt.

    Where a program is being compiled no moment comes for long. Then `leave` is called as soon as nothing is `unsaved`.
    """

    def __init__(self, leave: Callable[[], None] | None = None) -> None:
        self.requested = False
        self.unsaved: set[object] = set()
        self._leave, self._is_left = leave, threading.Event()
        self._before: dict[int, object] = {}

    def __enter__(self) -> "Interrupt":
        if threading.current_thread() is threading.main_thread():  # only there can handlers be set
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._request)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_left.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)  # pyright: ignore[reportArgumentType]

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.requested = True
        if self._leave is not None:
            threading.Thread(target=self._leave_when_saved, args=[self._leave], daemon=True).start()

    def _leave_when_saved(self, leave: Callable[[], None]) -> None:
        while self.unsaved:
            time.sleep(POLL)
        if not self._is_left.wait(SECONDS_TO_END):
            leave()
