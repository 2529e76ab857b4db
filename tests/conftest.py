"""Every call in a test has its shapes and types checked; promotion of dtypes and ranks must be explicit."""

import checker  # noqa: F401
from jaxtyping import install_import_hook

hook = install_import_hook("groklab", "checker.check")  # before anything imports the package

import itertools  # noqa: E402

import jax  # noqa: E402
import pytest  # noqa: E402

# compiling takes most of the time of tiny tests; what must hold of the optimized programs runs them as commands
jax.config.update("jax_disable_most_optimizations", True)
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")


@pytest.fixture
def getkey():
    """Return a function that gives a new random key at each call."""
    counter = itertools.count()
    return lambda: jax.random.key(next(counter))
