"""Whether a folder is a run's: nothing that groklab did not make is removed or written over."""

from collections.abc import Sequence

from groklab.errors import StoreError
from groklab.store.files import Folder
from groklab.store.names import PLAN, STATE, STATUS, is_of_run

MAKER = b"groklab"  # as in the seal of a file of ours, be it damaged


def refuse_strangers(folder: Folder, inside: Sequence[Folder]) -> None:
    """Raise `StoreError` where what lies in a run's folder is not a run's, or lies elsewhere through a link."""
    for each in (folder, *inside):
        if each.is_link:
            raise StoreError(
                f"`{each.url}` is a link: a run is only written where its store is. Link the whole store instead."
            )
    found = folder.names()
    if not _is_ours(folder, found):
        strange = next((name for name in found if not is_of_run(name)), PLAN)
        raise StoreError(
            f"`{folder.url}` must be empty or a run of groklab's, got a folder with another's `{strange}`. "
            "Choose another place with --store."
        )


def _is_ours(folder: Folder, found: Sequence[str]) -> bool:
    """Whether a folder with these names in it is a run's, be it damaged."""
    if PLAN in found and MAKER in folder.read(PLAN):
        return True
    is_known = PLAN not in found or STATUS in found or STATE in found
    return is_known and all(map(is_of_run, found))
