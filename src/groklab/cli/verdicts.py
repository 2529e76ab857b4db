"""Verdicts as a table for the terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

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
        mark = f"[{COLORS[each.verdict]}]{ledger.marked(each)}[/]"
        name = [f"{each.paper}/{each.figure}/{each.claim}", each.scale] if is_whole else [each.claim]
        says = each.says if is_whole else f"{each.says}\n[dim]({escape(each.source)})[/]"
        shown.add_row(mark, *name, each.expected, ledger.measured(each), says)
    return shown
