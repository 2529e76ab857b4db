"""Every call in a test has its shapes and types checked; promotion of dtypes and ranks must be explicit."""

import checker  # noqa: F401
from jaxtyping import install_import_hook

hook = install_import_hook("groklab", "checker.check")  # before anything imports the package

import importlib  # noqa: E402
import itertools  # noqa: E402
import os  # noqa: E402

import jax  # noqa: E402
import pytest  # noqa: E402

# compiling takes most of the time of tiny tests; what must hold of the optimized programs runs commands that say so
if jax.__version_info__[:2] == (0, 10):  # an XLA that does not know a flag ends the process
    flags = os.environ.get("XLA_FLAGS", "")
    os.environ["XLA_FLAGS"] = flags + " --xla_cpu_use_fusion_emitters=false"
    jax.devices()
    os.environ["XLA_FLAGS"] = flags
jax.config.update("jax_disable_most_optimizations", True)
os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "1"  # of commands that are run
jax.config.update("jax_traceback_in_locations_limit", 0)
jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")


# the two processes of a parallel run, and tests with equal plans, compile each program once
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory):
    """Keep compiled programs for this run of the tests, in a folder that its processes share."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    jax.config.update("jax_compilation_cache_dir", str(shared / "programs"))
    os.environ["GROKLAB_CACHE"] = str(shared / "commands")  # of commands run as processes of their own


@pytest.fixture
def short_blocks(monkeypatch):
    """Have every block hold one recording, or a few steps without."""
    trajectory = importlib.import_module("groklab.training.trajectory")  # the package has a function of this name
    monkeypatch.setattr(trajectory, "FIRST", 3)
    monkeypatch.setattr(trajectory, "_size", lambda size, made, seconds: size)


@pytest.fixture(scope="module", autouse=True)
def room():
    """Leave the tests of the next file room for compiled programs, whatever compiles them."""
    from groklab.memory_maps import MEMORY_MAPS

    MEMORY_MAPS.make_room()


@pytest.fixture
def getkey():
    """Return a function that gives a new random key at each call."""
    counter = itertools.count()
    return lambda: jax.random.key(next(counter))
