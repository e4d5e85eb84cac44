"""How runs look in a terminal: tables by split, sparklines of the losses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbench.analysis.comparison import metric_names, run_table
from workbench.analysis.history import learning_curves
from workbench.errors import WorkbenchError, require_known
from workbench.runs.store import BrokenRun, Run
from workbench.wording import to_the_second

_COLOURS = {"done": "green", "running": "cyan", "stopped": "yellow", "failed": "red"}
_BARS = "▁▂▃▄▅▆▇█"
_SETTING = "method · encoder · settings"
_NARROWEST, _LEAST_SETTING = 8, 16
_MOST_BARS = 32
_BESIDE_BARS = 34
"""Columns that phase, first, last and the gaps take beside the line of bars."""


def print_runs(
    console: Console, runs: Sequence[Run], metrics: Sequence[str], broken: list[BrokenRun]
) -> None:
    """A table for each split; runs whose metrics are damaged are moved to `broken`."""
    sound = [run for run in runs if not _is_damaged(run, broken)]
    if not sound:
        return
    table = run_table(sound)
    known = metric_names(table)
    if known:
        require_known(metrics, known, "No run has the metric {}.")
    for split, rows in table.groupby("split_id", sort=False):
        shown = [metric for metric in metrics if metric in known]
        console.print(_split_table(str(split), rows, shown, console.width))


def print_broken(console: Console, broken: Sequence[BrokenRun]) -> None:
    """Each run that cannot be read, with its reason."""
    for run in broken:
        console.print(f"[red]broken[/]  {escape(run.name)}: {escape(run.reason)}", soft_wrap=True)


def print_run(console: Console, run: Run) -> None:
    """All there is to say of one run on a screen."""
    manifest = run.manifest
    corpus = manifest.get("corpus") or {}
    console.print(f"[bold]{escape(run.name)}[/]  {_status(run.status)}  {escape(run.reason or '')}")
    durations = manifest.get("durations_s") or {}
    facts = {
        "method": manifest.get("method"),
        "encoder": manifest.get("encoder"),
        "corpus": f"{corpus.get('name')}, split {corpus.get('split_id')}",
        "seed": manifest.get("seed"),
        "begun": to_the_second(run.begun) or None,
        "training": f"{durations['train']:.1f} s" if durations.get("train") is not None else None,
        "best epoch": _best(run),
        "folder": run.path,
    }
    console.print(_pairs({name: value for name, value in facts.items() if value is not None}))
    if run.metrics:
        console.print(_metrics_table(run))
    if len(run.history):
        console.print(_curve_table(learning_curves({run.name: run.history}), console.width))
    console.print(_pairs(_flat(manifest.get("config") or {}), title="settings"))


def sparkline(values: Sequence[float] | np.ndarray, width: int = _MOST_BARS) -> str:
    """A line of bars as high as `values` (averaged down to `width` of them); blanks where they are NaN."""
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.size > width:
        numbers = np.array([part.mean() for part in np.array_split(numbers, width)])
    finite = numbers[np.isfinite(numbers)]
    if finite.size == 0:
        return ""
    low, span = finite.min(), float(np.ptp(finite)) or 1.0
    steps = np.clip((numbers - low) / span * (len(_BARS) - 1), 0, len(_BARS) - 1)
    return "".join(_BARS[round(step)] if np.isfinite(step) else " " for step in steps)


def _is_damaged(run: Run, broken: list[BrokenRun]) -> bool:
    try:
        _ = run.metrics
    except WorkbenchError as error:
        broken.append(BrokenRun(run.path, str(error)))
        return True
    return False


def _split_table(split: str, rows: pd.DataFrame, metrics: Sequence[str], width: int) -> Table:
    """One row a run, as wide as `width`: no number is folded, names only where times are left out too."""
    records = rows.to_dict("records")
    numbers = {name: [_number(row, name) for row in records] for name in ("seed", *metrics, "training")}
    longest = [int(rows["run"].str.len().max()), max(int(rows["setting"].str.len().max()), len(_SETTING))]
    word = max(len(word) for setting in rows["setting"] for word in setting.split())
    name_width, setting_width = _share(_room(numbers, width), *longest)
    if name_width < longest[0] or setting_width < word:
        del numbers["training"]
        name_width, setting_width = _share(_room(numbers, width), *longest)
    table = Table(title=f"split {split}", title_justify="left", box=SIMPLE_HEAD, padding=0)
    table.add_column("run", overflow="fold", width=name_width)
    table.add_column(_SETTING, overflow="fold", width=setting_width)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    for row, cells in zip(records, zip(*numbers.values(), strict=True), strict=True):
        ended = "" if row["status"] == "done" else f" ({_status(row['status'])})"
        table.add_row(escape(_folded(row["run"], name_width)) + ended, escape(row["setting"]), *cells)
    return table


def _room(numbers: Mapping[str, Sequence[str]], width: int) -> int:
    """What columns of numbers leave; three more are both margins and a gap."""
    return width - 3 - sum(max(map(len, [name, *cells])) + 1 for name, cells in numbers.items())


def _folded(name: str, width: int) -> str:
    """A name on as many lines as it needs, broken after hyphens and the like where that is possible."""
    lines = [""]
    for part in re.split(r"(?<=[-_.])", name):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)


def _number(row: Mapping[Any, Any], name: str) -> str:
    if name == "seed":
        return str(row["seed"])
    value = row["train_s" if name == "training" else name]
    if pd.isna(value):
        return "–"
    return f"{value:.0f} s" if name == "training" else f"{value:.4f}"


def _share(room: int, name: int, setting: int) -> tuple[int, int]:
    """Widths for names, which are copied from here and kept whole where they can be, and for settings."""
    setting = min(setting, max(room - name, min(room * 2 // 5, _LEAST_SETTING), _NARROWEST))
    return max(room - setting, _NARROWEST), setting


def _metrics_table(run: Run) -> Table:
    title = "metrics (head to unseen: test, labels by training frequency)"
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    table.add_column("metric", no_wrap=True)
    parts = [part for part in ("valid", "test") if part in run.metrics]
    overall = {part: run.metrics[part].get("overall", {}) for part in parts}
    groups = run.metrics.get("test", {}).get("groups", {})
    for heading in (*parts, *groups):
        table.add_column(heading, justify="right")
    for metric in dict.fromkeys(name for values in overall.values() for name in values):
        values = [overall[part].get(metric) for part in parts]
        values += [group.get(metric) for group in groups.values()]
        table.add_row(metric, *("" if value is None else f"{value:.4f}" for value in values))
    if groups:
        table.caption = "R@k: mean over documents; head to unseen: share of a group's gold pairs"
        table.caption_justify = "left"
    return table


def _curve_table(curves: pd.DataFrame, width: int) -> Table:
    table = Table(title="over training", title_justify="left", box=SIMPLE_HEAD)
    for name in ("term", "phase", "", "first", "last"):
        table.add_column(
            name, justify="right" if name in ("first", "last") else "left", no_wrap=name == "term"
        )
    shown = curves[curves["kind"] != "learning rate"]
    longest = max(map(len, shown["term"]), default=0)
    bars = min(_MOST_BARS, max(_NARROWEST, width - longest - _BESIDE_BARS))
    stages = shown.sort_values("step", kind="stable")["stage"].unique()
    for stage in stages:
        if len(stages) > 1:
            table.add_section()
            table.add_row(f"[bold]{escape(str(stage))}[/]")
        of_stage = shown[shown["stage"] == stage]
        for (term, phase), rows in of_stage.groupby(["term", "phase"], sort=False):
            values = rows["value"].to_numpy()
            line = sparkline(values, bars)
            table.add_row(escape(str(term)), str(phase), line, f"{values[0]:.4f}", f"{values[-1]:.4f}")
    return table


def _pairs(values: Mapping[str, Any], title: str | None = None) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False, padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in values.items():
        table.add_row(escape(name), escape(str(value)))
    return table


def _flat(config: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{part}.{name}": value
        for part, settings in config.items()
        for name, value in (settings or {}).items()
    }


def _best(run: Run) -> str | None:
    """Which epoch of which stage was best by which metric; runs that ended early may not have it written."""
    best = run.manifest.get("best") or {}
    if best.get("value") is None:
        return None
    training = (run.manifest.get("config") or {}).get("training") or {}
    metric = best.get("metric") or training.get("select") or "value"
    stages = run.history["stage"].nunique() if len(run.history) else 1
    of_stage = f" of stage {best.get('stage')}" if stages > 1 else ""
    return f"{best.get('epoch', 0) + 1}{of_stage} ({metric} {best['value']:.4f})"


def _status(status: str) -> str:
    return f"[{_COLOURS[status]}]{status}[/]"
