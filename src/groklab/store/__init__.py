"""Runs on disk. Nothing here imports JAX, so that listing and plotting start at once."""

from groklab.columns import Columns
from groklab.store.files import Folder
from groklab.store.formats import from_json, to_json, to_safetensors
from groklab.store.run import Run
from groklab.store.store import DEFAULT, Store

__all__ = ["DEFAULT", "Columns", "Folder", "Run", "Store", "from_json", "to_json", "to_safetensors"]
