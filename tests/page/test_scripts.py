"""The scripts of the page are held to the same form as the modules."""

import re

from groklab.page.index import scripts

BEGINS = re.compile(r"^( *)(?:(?:export |async |static |get |set )*(?:function )?\w+\(.*\)|const \w+ = .*=>) \{$")
WORDS = re.compile(r" *(?:if|for|while|switch)\b")


def sizes(lines):
    """Return how many lines each function has: the formatter ends one where it began."""
    for first, line in enumerate(lines):
        found = BEGINS.match(line)
        if found and not WORDS.match(line):
            last = next(at for at in range(first + 1, len(lines)) if lines[at].startswith(f"{found[1]}}}"))
            yield line.strip(), last - first + 1


def test_no_script_is_over_400_lines_no_line_over_120_and_no_function_over_40():
    counted = 0
    for name, path in scripts().items():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 400, name
        assert [line for line in lines if len(line) > 120] == [], name
        for function, size in sizes(lines):
            assert size <= 40, f"{name}: {function} has {size} lines"
            counted += 1
    assert counted > 100
