"""JAX and what needs it, which take a second to import."""

import threading

_lock = threading.Lock()


def ready() -> None:
    """Import them, or wait until another thread has.

    Only one thread imports: beside the imports of another, what parses Python may fail (CPython counts how deep it is
    in one place for all threads).
    """
    with _lock:
        import groklab.page.network  # noqa: F401
