"""What `import workbench as wb` offers: loaded late, documented in full, as the README shows it."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import griffe
import pytest

import workbench
from docs.make_api import CHAPTERS, PAGE, api_page, public

ROOT = Path(__file__).parents[1]
FUNCTIONS = [name for name in workbench.__all__ if name[0].islower()]
CLASSES = [name for name in workbench.__all__ if name[0].isupper()]
ARRAYS = re.compile(r"ndarray|csr_array|DataFrame")
SHAPE = re.compile(
    r"\([A-Z](?:, [A-Z])*,?\)|[Oo]ne row|[A-Z] rows|[Cc]olumns:|\* top rows|as many rows", re.I
)


def sections(name: str) -> dict[str, list]:
    docstring = public(name).docstring
    assert docstring is not None, f"wb.{name} has no docstring"
    return {section.kind.value: section.value for section in docstring.parsed}


def test_every_name_has_a_home_and_a_chapter():
    in_chapters = [name for names in CHAPTERS.values() for name in names]
    assert sorted(workbench.__all__) == sorted(workbench.HOMES) == sorted(in_chapters)
    assert set(workbench.__all__) <= set(dir(workbench))


@pytest.mark.parametrize("name", workbench.__all__)
def test_a_name_is_what_its_home_has(name: str):
    home = importlib.import_module(f"workbench.{workbench.HOMES[name]}")
    assert getattr(workbench, name) is getattr(home, name)


def test_a_wrong_name_is_an_error_that_names_those_there_are():
    with pytest.raises(AttributeError, match=r"no attribute 'train'.*load_corpus"):
        _ = workbench.train


def test_no_name_hides_a_package():
    packages = {path.stem for path in (ROOT / "workbench").iterdir()}
    assert set(workbench.__all__) & packages == set()


def test_importing_loads_nothing():
    code = "import sys, workbench as wb; dir(wb); print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()
    assert "workbench" in loaded
    assert [name for name in loaded if name.startswith("workbench.")] == []
    assert set(loaded) & {"numpy", "pandas", "torch", "plotly", "scipy"} == set()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_and_gives(name: str):
    found = sections(name)
    given = list(inspect.signature(getattr(workbench, name)).parameters)
    assert [one.name for one in found.get("parameters", [])] == given
    assert found.get("returns"), f"wb.{name} does not say what it returns"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_of_arrays_says_their_shapes(name: str):
    found = public(name)
    annotations = " ".join(str(one.annotation) for one in found.parameters) + str(found.returns)
    assert not ARRAYS.search(annotations) or SHAPE.search(found.docstring.value), found.docstring.value


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_and_its_members_are_described(name: str):
    assert sections(name)
    members = public(name).members.values()
    methods = [one for one in members if isinstance(one, griffe.Function) and not one.name.startswith("_")]
    assert [one.name for one in methods if one.docstring is None] == []


def test_the_page_is_that_of_the_docstrings():
    assert PAGE.read_text(encoding="utf-8") == api_page(), "make docs"


def test_links_of_the_page_lead_to_its_headings():
    page = PAGE.read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", line).lower() for line in re.findall(r"^### (.+)$", page, re.M)}
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) == headings


def test_type_checkers_know_each_name():
    assert (ROOT / "workbench" / "py.typed").exists()
    source = (ROOT / "workbench" / "__init__.py").read_text(encoding="utf-8")
    known = re.findall(r"^    from workbench\.([\w.]+) import (\w+) as \2$", source, re.M)
    assert {name: home for home, name in known} == workbench.HOMES


def test_the_lines_of_the_readme_do_what_they_show(workspace, monkeypatch, capsys):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## From Python")[2].partition("\n## ")[0]
    first, second = re.findall(r"```python\n(.*?)```", section, re.S)
    lines = [line for line in first.splitlines() if line and not line.startswith("import")]
    assert len(lines) <= 5
    shown = []
    monkeypatch.setattr("plotly.graph_objects.Figure.show", lambda figure: shown.append(figure))
    small = (
        "epochs=1, filters=8, widths=(1,), embedding_size=8, max_length=32, train_size=200, progress=False"
    )
    assert "epochs=5" in first
    names: dict[str, object] = {}
    exec(first.replace("epochs=5", small) + second, names)
    printed = capsys.readouterr().out
    assert "demo-cnn-protomix-s0" in printed and "nDCG@5" in printed and "is_predicted" in printed
    assert [trace.name for trace in shown[0].data][:2] == ["demo-cnn-base-s0", "demo-cnn-protomix-s0"]
    assert names["run"].name == "demo-cnn-protomix-s0"
