from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from workbench.figures.theme import dashes, faded, message, method_colour, method_symbol, shades

KNOWN = ["base", "proto", "mix", "protomix", "lsfa", "sep_mldc", "cl_mil", "laco"]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_known_methods_differ_in_colour_and_in_sign():
    assert len({method_colour(method) for method in KNOWN}) == len(KNOWN)
    assert len({method_symbol(method) for method in KNOWN}) == len(KNOWN)


@pytest.mark.parametrize("method", [*KNOWN, "my_own", "another", "x" * 40])
def test_colours_stand_out_on_white_and_on_dark(method: str):
    own = luminance(method_colour(method))
    assert (1.0 + 0.05) / (own + 0.05) > 2.1
    assert (own + 0.05) / (luminance("#171614") + 0.05) > 2.1


def test_an_unknown_method_has_the_same_colour_in_every_process():
    code = "from workbench.figures.theme import method_colour; print(method_colour('my_own'))"
    environment = {**os.environ, "PYTHONHASHSEED": "123"}
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    ).stdout.strip()
    assert other == method_colour("my_own")
    assert re.fullmatch(r"#[0-9a-f]{6}", other)


def test_lines_of_one_method_differ():
    assert dashes(["base", "base", "proto"]) == ["solid", "dash", "solid"]
    assert shades(["base", "proto", "base"]) == [
        faded(method_colour("base"), 1.0),
        faded(method_colour("proto"), 1.0),
        faded(method_colour("base"), 0.6),
    ]


def test_a_message_says_why_there_is_no_picture():
    assert message("Nothing here").layout.annotations[0].text == "Nothing here"
