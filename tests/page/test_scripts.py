"""The scripts of the page are held to the same form as the modules, and its colors to what can be told apart."""

import re

import pytest

from groklab.page.index import STATIC, scripts

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


def brightness(color):
    """Return the relative luminance of a color (WCAG 2.2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([brightness(one), brightness(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_stand_out_from_the_paper_and_controls_have_edges(scheme):
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", (STATIC / "style.css").read_text(encoding="utf-8"))
    colors = dict(re.findall(r"--([\w-]+): (#\w{6});", blocks[scheme == "dark"]))
    lines = [color for name, color in colors.items() if name.startswith("line-")]
    assert len(lines) == 8
    assert min(contrast(color, colors["paper"]) for color in lines) > 4
    assert min(contrast(colors["edge"], colors[beside]) for beside in ("paper", "raised")) > 3
