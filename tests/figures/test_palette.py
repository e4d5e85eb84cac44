from __future__ import annotations

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from workbench.figures.palette import (
    DIVERGING,
    GROUP_COLOURS,
    METHOD_COLOURS,
    SEQUENTIAL,
    dashes,
    faded,
    method_colour,
    method_symbol,
    patterns,
    shades,
)

PAGES = {"light": (255, 255, 255), "dark": (23, 22, 20)}
KNOWN = ["base", "proto", "mix", "protomix", "lsfa", "sep-mldc", "cl-mil", "laco"]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_known_methods_differ_in_colour_and_in_sign():
    assert len({method_colour(method) for method in KNOWN}) == len(KNOWN)
    assert len({method_symbol(method) for method in KNOWN}) == len(KNOWN)


CL_MIL = ("cil", "cl-dil", "cl-joint-bert", "cl-mil", "dil", "fil", "joint-bert", "joint-bert+clrl", "mil")


@pytest.mark.parametrize(
    "variants, count",
    [
        ([method for method in METHOD_COLOURS if method.startswith("laco")], 7),
        ([method for method in METHOD_COLOURS if method.startswith("sep-mldc")], 5),
        (CL_MIL, 9),
    ],
    ids=["laco", "sep-mldc", "cl-mil"],
)
def test_variants_of_a_method_differ_in_colour_and_in_sign(variants, count: int):
    assert set(variants) <= set(METHOD_COLOURS)
    assert len({method_colour(method) for method in variants}) == len(variants) == count
    assert len({method_symbol(method) for method in variants}) == len(variants)


@pytest.mark.parametrize("method", [*METHOD_COLOURS, "my_own", "another", "x" * 40])
def test_colours_stand_out_on_white_and_on_dark(method: str):
    own = luminance(method_colour(method))
    assert (1.0 + 0.05) / (own + 0.05) > 2.1
    assert (own + 0.05) / (luminance("#171614") + 0.05) > 2.1


@pytest.mark.parametrize("colour", GROUP_COLOURS.values())
def test_colours_of_label_groups_stand_out_too(colour: str):
    assert (1.0 + 0.05) / (luminance(colour) + 0.05) > 2.1
    assert (luminance(colour) + 0.05) / (luminance("#171614") + 0.05) > 2.1


def painted(ink: str, page: tuple[int, int, int]) -> str:
    """The colour of rgba() ink on a page, as #rrggbb."""
    *colour, opacity = map(float, re.findall(r"[0-9.]+", ink))
    mixed = [round(opacity * own + (1 - opacity) * below) for own, below in zip(colour, page, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(
    "inks", [SEQUENTIAL, DIVERGING[2:], DIVERGING[2::-1]], ids=["amounts", "more", "less"]
)
def test_more_ink_is_more_on_light_and_on_dark_pages(inks, page: tuple[int, int, int]):
    blank = painted("rgba(0, 0, 0, 0)", page)
    steps = [contrast(painted(ink, page), blank) for _, ink in inks]
    assert steps == sorted(steps)
    assert steps[0] > 1.2  # also the palest cell is not blank
    assert steps[-1] > 3


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(
    "seen_as",
    [  # red, green and blue without the red or the green cones: Machado et al. 2009
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ],
    ids=["protanopia", "deuteranopia"],
)
def test_less_and_more_than_expected_differ_for_colour_blind_readers(seen_as, page: tuple[int, int, int]):
    for low, high in zip(DIVERGING[:2], DIVERGING[:2:-1], strict=True):
        less, more = (
            np.array(seen_as) @ [int(painted(ink, page)[start : start + 2], 16) / 255 for start in (1, 3, 5)]
            for _, ink in (low, high)
        )
        assert np.linalg.norm(less - more) > 0.3


def test_an_unknown_method_has_the_same_colour_in_every_process():
    code = "from workbench.figures.palette import method_colour; print(method_colour('my_own'))"
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


def test_bars_of_one_method_have_different_patterns():
    assert patterns(["laco", "base", "laco"]) == ["", "", "/"]
