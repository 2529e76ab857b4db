"""From what a user types to an operation."""

from groklab.errors import InvalidSetting, unknown
from groklab.tasks.cells import Operation
from groklab.tasks.given import Given
from groklab.tasks.group import EXAMPLES, Group, is_group_name
from groklab.tasks.modular import OPERATIONS, Modular


def operation_named(text: str, also: tuple[str, ...] = ()) -> Operation:
    """Return the operation meant by a name, a sign such as `+`, a group such as `S5`, or a path ending in `.csv`.

    An unknown word raises `InvalidSetting`, which names what is known, and `also` what else the caller knows.
    """
    if text.lower().endswith(".csv"):
        return Given.from_csv(text)
    for name, formula in OPERATIONS.items():
        if text and text in (name, formula.sign, formula.token):
            return Modular(operation=name)
    if is_group_name(text):
        return Group(group=text)
    raise InvalidSetting(unknown("known operation", text, (*also, *OPERATIONS, *EXAMPLES, "a path ending in .csv")))
