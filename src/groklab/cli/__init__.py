"""The command line."""

from groklab.cli.main import main

__all__ = ["main"]
