"""From what a user types to an operation."""

import os.path
from pathlib import Path

from groklab.errors import InvalidSetting, InvalidTable, unknown
from groklab.tasks.cells import Operation
from groklab.tasks.given import Given
from groklab.tasks.group import EXAMPLES, Group, is_group_name
from groklab.tasks.modular import OPERATIONS, Modular
from groklab.tasks.table_file import ENDINGS, named

PATH = f"a path ending in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"


def operation_named(text: str, also: tuple[str, ...] = ()) -> Operation:
    """Return the operation meant by a name, a sign such as `+`, a group such as `S5`, or a path of a table as text.

    An unknown word raises `InvalidSetting`, which names what is known, and `also` what else the caller knows.
    """
    if text.lower().endswith(ENDINGS):
        return Given.from_csv(text)
    for name, formula in OPERATIONS.items():
        if text and text in (name, formula.sign, formula.token):
            return Modular(operation=name)
    if is_group_name(text):
        return Group(group=text)
    if os.path.isfile(text):  # unlike that of Path, it takes any text
        raise InvalidTable(f"{named(text)} must be {PATH}, got {Path(text).suffix or 'no ending'}. Save it as CSV.")
    raise InvalidSetting(unknown("known operation", text, (*also, *OPERATIONS, *EXAMPLES, PATH)))
