"""One widget a setting, made from its description; what is wrong with a value stands below it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from workbench.assignments import parse_assignments
from workbench.forms.settings import Section, Setting

_UNSET = "unset"
_COLUMNS = 4


def fields(section: Section, prefix: str, names: Sequence[str], titles: Sequence[str] = ()) -> list[str]:
    """A widget for each of these settings, in rows; gives what was changed, as texts `key=value`.

    Args:
        section: whose settings they are.
        prefix: what their keys begin with.
        names: of the settings.
        titles: what they are called, where that is not their name.
    """
    given = []
    shown = list(zip(names, titles or names, strict=True))
    for start in range(0, len(shown), _COLUMNS):
        row = st.columns(_COLUMNS)
        for column, (name, title) in zip(row, shown[start : start + _COLUMNS], strict=False):
            with column:
                text = _field(section.settings[name], title, f"{prefix}.{name}")
                if text is not None:
                    given.append(f"{name}={text}")
                    wrong(section.problem(name, text))
    return given


def problems(section: Section, assignments: Sequence[str]) -> list[str]:
    """What is wrong with these texts `key=value`."""
    parted = (text.partition("=") for text in assignments)
    found = (section.problem(name, value) for name, _, value in parted)
    return [problem for problem in found if problem]


def wrong(problem: str) -> None:
    """Say below a widget what is wrong with it, letter by letter."""
    if problem:
        st.error(plain(problem))


def plain(text: str) -> str:
    """Text in which nothing is Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text).replace("\n", "  \n")


def _field(setting: Setting, title: str, key: str) -> str | None:
    """The widget; gives the text behind `--set key=`, None where it is the default."""
    shared: dict[str, Any] = {"key": key, "help": _help(setting), "bind": "query-params"}
    if setting.kind == "integer":
        return _changed(setting, _whole_number(setting, title, shared))
    if setting.kind == "boolean" and not setting.may_be_unset:
        return _changed(setting, st.checkbox(title, setting.default, **shared))
    if setting.kind in ("choice", "boolean"):
        options = list(setting.choices) or ["true", "false"]
        first = None if setting.default is None else options.index(setting.default)
        chosen = st.selectbox(title, options, first, placeholder=_UNSET, **shared)
        return None if chosen in (None, setting.default) else str(chosen)
    typed = st.text_input(title, placeholder=_said(setting.default), **shared).strip()
    return _changed(setting, parse_assignments([f"it={typed}"])["it"], typed) if typed else None


def _whole_number(setting: Setting, title: str, shared: dict[str, Any]) -> int | None:
    bounds = setting.bounds
    low = bounds["exclusiveMinimum"] + 1 if "exclusiveMinimum" in bounds else bounds.get("minimum")
    return st.number_input(
        title,
        min_value=low,
        max_value=bounds.get("maximum"),
        value=setting.default,
        step=1,
        placeholder=_UNSET,
        **shared,
    )


def _changed(setting: Setting, value: Any, text: str = "") -> str | None:
    if value is None or (value == setting.default and type(value) is type(setting.default)):
        return None
    return text or _said(value)


def _said(value: Any) -> str:
    """A value as it is written behind `--set key=`."""
    if value is None:
        return _UNSET
    return value if isinstance(value, str) else json.dumps(value)


def _help(setting: Setting) -> str:
    facts = [setting.description.rstrip("."), setting.range, f"default: {_said(setting.default)}"]
    return ". ".join(plain(fact[:1].upper() + fact[1:]) for fact in facts if fact) + "."
