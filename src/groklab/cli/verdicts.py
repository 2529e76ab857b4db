"""Verdicts as a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from groklab.papers import ledger
from groklab.papers.claims import Verdict

COLORS = {"holds": "green", "fails": "red", "undecided": "yellow"}


def verdicts_table(verdicts: Sequence[Verdict], *, is_whole: bool = False) -> Table:
    """Return verdicts as a table: those of one figure, or the whole ledger with the paper, figure and scale of each.

    Under each sentence of a figure's claims stands who says it, and what is our choice.
    """
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    names = ("", "claim", "scale", "expected") if is_whole else ("", "claim", "expected")
    for column in (*names, "measured", "it says" if is_whole else "it says (source)"):
        shown.add_column(column, no_wrap=column in names)
    for each in verdicts:
        mark = Text(ledger.marked(each), COLORS[each.verdict])
        claim = each.claim
        name = [f"{each.paper}/{each.figure}/{claim.name}", each.scale] if is_whole else [claim.name]
        says = Text(claim.says) if is_whole else Text.assemble(claim.says, "\n", (f"({claim.source})", "dim"))
        shown.add_row(mark, *name, claim.expected, ledger.in_words(each), says)
    return shown
