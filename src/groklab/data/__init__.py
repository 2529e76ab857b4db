"""Data from outside the project: found on disk, checked, and never downloaded unasked. Nothing here imports JAX."""
