"""Notebooks are committed executed, small enough to read in a diff, and compared where they can be."""

from __future__ import annotations

import ast
import configparser
import json
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
IGNORED = "nbval-ignore-output"
PICTURE = "application/vnd.plotly.v1+json"
COMPARED_OUTPUTS = {"text/plain", "text/markdown"}
MOST_LINES = 12
MOST_BYTES = 300_000


def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _code(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in _content(path)["cells"] if cell["cell_type"] == "code"]


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _tags(cell: dict[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


EACH = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_the_tour_is_there():
    assert "00_tour" in {path.stem for path in NOTEBOOKS}


@EACH
def test_it_was_run_from_top_to_bottom(path: Path):
    counts = [cell["execution_count"] for cell in _code(path)]
    assert counts == list(range(1, len(counts) + 1)), "a cell without a count is never compared: run them all"


@EACH
def test_it_is_small_enough_for_a_diff(path: Path):
    assert path.stat().st_size <= MOST_BYTES


@EACH
def test_nothing_failed_or_complained(path: Path):
    outputs = [output for cell in _code(path) for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert ["".join(output["text"]) for output in outputs if output.get("name") == "stderr"] == []


@EACH
def test_cells_are_short_and_define_nothing(path: Path):
    for cell in _code(path):
        source = _source(cell)
        assert source.strip(), "an empty cell"
        assert len(source.splitlines()) <= MOST_LINES, f"longer than {MOST_LINES} lines:\n{source}"
        tree = ast.parse(source)
        defined = [
            node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda))
        ]
        assert defined == [], f"belongs in the package, shown with inspect.getsource:\n{source}"


@EACH
def test_pictures_are_plotlys_json_alone(path: Path):
    for cell in _code(path):
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        if PICTURE in kinds:
            assert kinds == {PICTURE}, (
                f"set plotly.io.renderers.default = 'plotly_mimetype':\n{_source(cell)}"
            )
        assert kinds <= {PICTURE, "text/html", *COMPARED_OUTPUTS}, _source(cell)


@EACH
def test_what_is_not_compared_is_followed_by_something_that_is(path: Path):
    cells = _code(path)
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        assert PICTURE not in kinds or IGNORED in _tags(cell), f"tag it {IGNORED}:\n{_source(cell)}"
        if IGNORED in _tags(cell):
            assert following is not None, "the last cell must be compared"
            assert IGNORED not in _tags(following), f"nothing compares what this shows:\n{_source(cell)}"
            assert any(output["output_type"] == "stream" for output in following["outputs"]), _source(
                following
            )


@EACH
def test_there_is_an_exercise(path: Path):
    prose = "\n".join(_source(cell) for cell in _content(path)["cells"] if cell["cell_type"] == "markdown")
    assert re.search(r"^## Exercises?$", prose, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("done 2026-11-20T17:21:03+00:00.", "done DATE."),
        ("took 41.5 s, then 3 ms", "took SECONDS, then SECONDS"),
        ("kept in /tmp/workbench-tour-ab12/runs/one", "kept in FOLDER"),
        ("read /home/ann/corpora/demo again", "read FOLDER again"),
        ("<object at 0x7f3c2a1b9d30>", "<object at ADDRESS>"),
        ("0.73 of 48 labels", "0.73 of 48 labels"),
    ],
)
def test_what_differs_from_run_to_run_is_sanitised(text: str, expected: str):
    rules = configparser.RawConfigParser()
    assert rules.read(FOLDER / "sanitize.cfg", encoding="utf-8")
    for section in rules.sections():
        text = re.sub(rules[section]["regex"], rules[section]["replace"], text)
    assert text == expected
