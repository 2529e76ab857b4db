"""The decoder-only transformer."""

from groklab.models.transformer.settings import Transformer

__all__ = ["Transformer"]
