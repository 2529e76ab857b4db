"""Measures of how a network works inside: networks on residues, and attention heads."""
