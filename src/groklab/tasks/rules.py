"""What holds of every table of the user's, wherever it comes from: its sides, its symbols, its known cells."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from groklab.errors import InvalidTable
from groklab.tasks.cells import MAX_SIDE

MIN_SIDE = 2
MIN_KNOWN = 4
MAX_LENGTH = 200

# Spaces of every kind, the byte order mark, and what else without width comes along with copied text. The joiners stay:
# in Persian they are spelling, between emoji they make one of several.
_EDGE = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\ufeff\u200b\u2060\u200e\u200f\u061c"
_UNSEEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
_BREAKING = {"Cc", "Cs", "Zl", "Zp"}
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# letters, marks and signs without ink: fillers of Hangul, the empty Braille cell, selectors of a variant
_INKLESS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10))))
_SHOWN = 20


def tidy(text: str) -> str:
    """Return a symbol without space around it and in composed form, in which both spellings of `é` are one."""
    return unicodedata.normalize("NFC", text).strip(_EDGE)


def check_symbol(name: str, symbol: Any, where: str = "") -> None:
    """Refuse what cannot be printed as a symbol; `where` says in which line it stands."""
    if not isinstance(symbol, str) or not _is_visible(symbol):
        got = repr(symbol[:_SHOWN] if isinstance(symbol, str) else symbol)
        raise InvalidTable(f"{name} must use visible text for every symbol, got {got}{where}. Is a name missing?")
    if len(symbol) > MAX_LENGTH:
        raise InvalidTable(
            f"{name} must use symbols of at most {MAX_LENGTH} characters, got {len(symbol)} that begin with"
            f" {symbol[:_SHOWN]!r}{where}. Is a separator or a quote missing?"
        )
    if any(unicodedata.category(sign) in _BREAKING or sign in _OVERRIDES for sign in symbol):
        raise InvalidTable(
            f"{name} must use symbols without line breaks, control characters and overrides of direction, got"
            f" {symbol!r}{where}. Take them out."
        )


def check_distinct(name: str, side: str, symbols: Sequence[Any], cure: str = "", lines: Sequence[int] = ()) -> None:
    """Refuse two equal symbols on one side; `lines` says where in a file each stands."""
    seen: dict[Any, int] = {}
    for at, symbol in enumerate(symbols):
        if symbol in seen:
            where = f", in lines {lines[seen[symbol]]} and {lines[at]}" if lines else ""
            raise InvalidTable(
                f"{name} must have distinct {side} symbols, got {symbol!r} twice{where}. Rename one.{cure}"
            )
        seen[symbol] = at


def check_side(name: str, side: str, size: int, cure: str = "") -> None:
    """Refuse too few or too many symbols on one side."""
    if size < MIN_SIDE:
        raise InvalidTable(f"{name} must have at least {MIN_SIDE} {side}, got {size}.{cure}")
    if size > MAX_SIDE:
        got = "more" if side == "elements" else size  # an iterable of elements is not read to its end
        raise InvalidTable(f"{name} must have at most {MAX_SIDE} {side}, got {got}.")


def check_known(name: str, known: int) -> None:
    """Refuse a table of which too little is known to learn from a part and check the rest."""
    if known < MIN_KNOWN:
        raise InvalidTable(f"{name} must have at least {MIN_KNOWN} known cells, got {known or 'none'}. Fill some in.")


def _is_visible(symbol: str) -> bool:
    return any(unicodedata.category(sign) not in _UNSEEN and sign not in _INKLESS for sign in symbol)
