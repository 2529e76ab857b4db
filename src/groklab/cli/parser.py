"""A parser of arguments that refuses in one sentence, as everything else does."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from groklab.errors import unknown

UNKNOWN, MISSING, ARGUMENT = "unrecognized arguments: ", "the following arguments are required: ", "argument "


class Parser(argparse.ArgumentParser):
    """An `argparse` parser whose help keeps its lines and whose errors are one sentence, with exit status 2."""

    def __init__(self, name: str, description: str, epilog: str = "") -> None:
        super().__init__(
            name, description=description, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
        )

    def parsed(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return what the arguments say; options may stand between them, and each but once, or what is a list."""
        given: set[str] = set()
        for argument in arguments:
            option = argument.partition("=")[0]
            action = self._option_string_actions.get(option)
            is_list = action is not None and isinstance(action.default, list)
            if action is not None and action.nargs != 0 and not is_list and option in given:
                self.refuse(f"`{option}` is given twice. Give it once.")
            given.add(option)
        return self.parse_intermixed_args(arguments)

    def error(self, message: str) -> NoReturn:
        """Say in a sentence what argparse found wrong, and end the process."""
        self.refuse(self._worded(message))

    def refuse(self, sentence: str) -> NoReturn:
        """Print a sentence, and end the process with status 2."""
        self.exit(2, f"groklab: {sentence}\n")

    def _worded(self, message: str) -> str:
        if message.startswith(UNKNOWN):
            word = message.removeprefix(UNKNOWN).split()[0].partition("=")[0]
            if not word.startswith("-"):
                return f"`{word}` is one argument too many. Try {self.prog} --help."
            return unknown(f"option of {self.prog}", word, sorted(self._option_string_actions))
        if message.startswith(MISSING):
            return f"`{message.removeprefix(MISSING)}` is missing. Try {self.prog} --help."
        name, _, rule = message.partition(": ")
        said = f"`{name.removeprefix(ARGUMENT)}`: {rule}" if name.startswith(ARGUMENT) else message
        return f"{said}. Try {self.prog} --help."
