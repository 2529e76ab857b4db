"""A user's words in a figure: text as it is, never TeX, without signs that the font lacks."""

from matplotlib import font_manager

LONGEST = 24  # characters of a symbol: one of thousands would make the figure as wide
LACKING = "□"


def literal(text: str) -> str:
    """Return words so that Matplotlib shows them as they are; a box stands for a sign that the font lacks."""
    shown = "".join(sign if sign == "\n" or _has(sign) else LACKING for sign in text)
    return shown.replace("$", r"\$")


def symbol(text: str, otherwise: str) -> str:
    """Return the symbol of a table, shortened; what it is called otherwise where the font lacks a sign of it."""
    if not all(map(_has, text)):
        return otherwise
    return literal(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def _has(sign: str) -> bool:
    font = font_manager.get_font(font_manager.findfont(font_manager.FontProperties()))
    return font.get_char_index(ord(sign)) != 0
