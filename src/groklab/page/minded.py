"""`groklab` in a process that does not outlive the one that began it: left alone it saves and ends, as at Ctrl-C."""

import os
import runpy
import signal
import threading


def mind(pipe: int) -> None:
    """Have Ctrl-C come when the other end of a pipe is closed, as it is when its process ends, in whichever way."""
    threading.Thread(target=_wait, args=[pipe], daemon=True).start()


def _wait(pipe: int) -> None:
    while os.read(pipe, 1):  # nothing is said
        pass
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    mind(0)
    runpy.run_module("groklab", run_name="__main__", alter_sys=True)
