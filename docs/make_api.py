"""Writes docs/api.md from the docstrings of what `import workbench as wb` offers: `make docs`.

The sources are read, not run, by griffe, which reads docstrings for mkdocstrings too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import griffe

import workbench

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "api.md"

CHAPTERS = {
    "Corpora": (
        "load_corpus",
        "list_corpora",
        "check_source",
        "import_corpus",
        "Source",
        "ReadOptions",
        "Corpus",
        "label_frequencies",
    ),
    "Training": ("fit", "resume", "method_names", "paper_cards"),
    "Runs": ("load_run", "load_runs", "Run"),
    "Predicting": ("predict",),
    "Comparing": ("run_table", "over_seeds", "compare_runs", "compare_mixtures"),
    "Pictures": (
        "plot_metrics",
        "plot_groups",
        "plot_curves",
        "plot_labels",
        "plot_mixtures",
        "plot_spectrum",
        "plot_landscape",
        "plot_cooccurrence",
        "plot_documents",
        "plot_tail_features",
    ),
    "Sharing, and papers": (
        "write_report",
        "export_archive",
        "add_runs",
        "reproduce",
        "find_exhibit",
        "all_exhibits",
    ),
    "Where things are, and what goes wrong": ("Workspace", "WorkbenchError"),
}
"""Every public name, once, in the order in which a reader meets them."""

_HEAD = """# Library

    import workbench as wb

is all there is to import. Each name is loaded when it is first used: looking at runs loads no torch,
training no plotly. Tables are pandas data frames, pictures plotly figures; N is the number of documents, L of
labels, H of dimensions. A mistake of the caller is a `wb.WorkbenchError`, which says what was given, what was
expected and what to do.

*Made from the docstrings by `make docs`.*
"""


@cache
def _module(home: str) -> griffe.Module:
    base = ROOT.joinpath("workbench", *home.split("."))
    path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    code = path.read_text(encoding="utf-8")
    return griffe.visit(path.stem, path, code, docstring_parser=griffe.Parser.google)


def public(name: str) -> griffe.Function | griffe.Class:
    """The function or class behind a public name, as its source describes it."""
    found = _module(workbench.HOMES[name])[name]
    assert isinstance(found, griffe.Function | griffe.Class), name
    return found


def api_page() -> str:
    """The whole page as Markdown."""
    contents = "\n".join(
        f"- {title}: {', '.join(f'[`{name}`](#wb{name.lower()})' for name in names)}"
        for title, names in CHAPTERS.items()
    )
    chapters = (
        f"## {title}\n\n" + "\n\n".join("\n\n".join(_entry(name)) for name in names)
        for title, names in CHAPTERS.items()
    )
    return "\n\n".join([f"{_HEAD}\n{contents}", *chapters]) + "\n"


def _entry(name: str) -> Iterator[str]:
    found = public(name)
    yield f"### wb.{name}"
    yield f"```python\n{_signature(found)}\n```"
    yield from _told(found)
    if isinstance(found, griffe.Class):
        for member in _members(found):
            yield f"#### {name}.{member.name}"
            if isinstance(member, griffe.Function):
                yield f"```python\n{_signature(member)}\n```"
            yield from _told(member)


def _members(found: griffe.Class) -> Iterator[griffe.Function | griffe.Attribute]:
    """Methods and properties that have a docstring and no underscore before their name."""
    for member in found.members.values():
        is_shown = not member.name.startswith("_") and member.docstring is not None
        if is_shown and isinstance(member, griffe.Function | griffe.Attribute):
            yield member


def _signature(found: griffe.Function | griffe.Class) -> str:
    """As it is written, a parameter a line where they are many."""
    if isinstance(found, griffe.Class) and "exception" not in str(found.bases).lower():
        fields = [one for one in found.attributes.values() if "instance-attribute" in one.labels]
        given = [_parameter(one.name, one.annotation, one.value, "") for one in fields]
    elif isinstance(found, griffe.Class):
        given = []
    else:
        given, was_keyword = [], False
        for one in found.parameters:
            if one.name in ("self", "cls"):
                continue
            kind = one.kind or griffe.ParameterKind.positional_or_keyword
            if kind is griffe.ParameterKind.keyword_only and not was_keyword:
                given.append("*")
                was_keyword = True
            stars = {griffe.ParameterKind.var_keyword: "**", griffe.ParameterKind.var_positional: "*"}
            mark = stars.get(kind, "")
            given.append(_parameter(one.name, one.annotation, None if mark else one.default, mark))
    back = f" -> {found.returns}" if isinstance(found, griffe.Function) and found.returns else ""
    line = f"{found.name}({', '.join(given)}){back}"
    return (
        line if len(line) <= 90 else "\n".join([f"{found.name}(", *(f"    {p}," for p in given), f"){back}"])
    )


def _parameter(name: str, annotation: object, default: object, mark: str) -> str:
    told = f"{mark}{name}" + (f": {annotation}" if annotation is not None else "")
    return told + (f" = {default}" if default is not None else "")


def _told(found: griffe.Object) -> Iterator[str]:
    """The docstring: text as it is, lists of what is taken, given back and raised."""
    for section in found.docstring.parsed if found.docstring else ():
        if section.kind is griffe.DocstringSectionKind.text:
            yield section.value
        else:
            rows = "\n".join(_row(one) for one in section.value)
            yield f"**{section.kind.value.replace('_', ' ').capitalize()}**\n\n{rows}"


def _row(one: griffe.DocstringElement) -> str:
    name = getattr(one, "name", "") or (one.annotation if isinstance(one, griffe.DocstringRaise) else "")
    text = " ".join(one.description.split())
    return f"- `{name}`: {text}" if name else f"- {text}"


if __name__ == "__main__":
    PAGE.write_text(api_page(), encoding="utf-8")
