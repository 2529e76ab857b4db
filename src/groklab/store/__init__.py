"""Runs on disk. Nothing here imports JAX, so that listing and plotting start at once."""

from groklab.store.files import Folder
from groklab.store.run import Run
from groklab.store.store import DEFAULT, Store
from groklab.store.tables import Columns, join, to_safetensors

__all__ = ["DEFAULT", "Columns", "Folder", "Run", "Store", "join", "to_safetensors"]
