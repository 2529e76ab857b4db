"""Compiled programs kept between processes, in the user's cache folder: compiling is most of what a short run costs."""

import hashlib
import os
import platform
from pathlib import Path

import jax

VARIABLE = "GROKLAB_CACHE"  # a folder for them; `off` for none
LARGEST = 2**30  # bytes of a folder: what was not used for longest goes
FLAGS = ("flags", "Features", "model name")  # of a processor, as Linux calls them


def keep_programs() -> Path | None:
    """Have this process keep compiled programs, and use those of earlier ones; return their folder, None for none.

    What JAX's own variables say of it holds. A folder is for one kind of processor and one version of JAX, since a
    program of another may use instructions that this one lacks. Several processes may share it.
    """
    folder = place()
    has_one = getattr(jax.config, "jax_compilation_cache_dir", None) is not None
    if has_one or folder is None or not _is_writable(folder):
        return None
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_compilation_cache_max_size", LARGEST)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return folder


def place() -> Path | None:
    """Return the folder of this processor's programs, None where they are not to be kept."""
    named = os.environ.get(VARIABLE, "")
    if named.lower() in ("off", "0", "none", "false"):
        return None
    usual = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "groklab"
    return Path(named or usual).expanduser() / "programs" / f"jax-{jax.__version__}-{processor()}"


def processor(cpuinfo: str = "/proc/cpuinfo") -> str:
    """Return a word for what the processor can do, the same for all of one kind."""
    try:
        lines = Path(cpuinfo).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # not on Linux
        lines = []
    words = sorted({line for line in lines if line.partition(":")[0].strip() in FLAGS})
    text = "\n".join([platform.machine(), platform.processor(), *words])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
