"""Where the numbers of a report come from: what was trained on what, by what, and how to train it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.analysis.settings import flat
from workbench.reports.parts import Commands, Part, Table, Words
from workbench.runs.store import Run
from workbench.wording import to_the_second


def provenance(runs: Sequence[Run]) -> list[Part]:
    """A column a run: corpus and split, seed, versions, hardware, seconds."""
    facts = {run.name: _facts(run) for run in runs}
    return [Table(_side_by_side(facts), caption="Corpus, software, hardware and time")]


def settings(runs: Sequence[Run]) -> list[Part]:
    """A column a run; what all runs have in common stands apart from what sets them apart."""
    given = {run.name: _said(flat(run.manifest.get("config") or {})) for run in runs}
    whole = _side_by_side(given, "setting")
    if len(runs) == 1:
        return [Table(whole)]
    first, others = whole[runs[0].name], [whole[run.name] for run in runs[1:]]
    differs = pd.concat([column != first for column in others], axis=1).any(axis=1)
    common = whole.loc[~differs, ["setting", runs[0].name]].rename(columns={runs[0].name: "all runs"})
    parts: list[Part] = [Words("No setting differs between these runs.")]
    if differs.any():
        parts = [Table(whole[differs], caption="Settings in which the runs differ")]
    return [*parts, Table(common, caption="Settings that all of them have")]


def commands(runs: Sequence[Run]) -> list[Part]:
    """A command for each run that trains it again."""
    lines = [command for run in runs if (command := train_command(run))]
    probes = [f"workbench probe landscape {run.name}" for run in runs if run.probe("landscape")]
    compare = [f"workbench compare {' '.join(run.name for run in runs)}"] if len(runs) > 1 else []
    return [
        Words(
            "From the folder that holds the corpora (`workbench data list` names them). Numbers move in "
            "the last digits from one processor to another."
        ),
        Commands([*lines, *probes, *compare]),
    ]


def train_command(run: Run) -> str:
    """What trains the run again; nothing where its recipe was not kept."""
    recipe = run.manifest.get("recipe")
    if not recipe:
        return ""
    words = ["workbench", "train", str(recipe["method"]), "--corpus", str(recipe["corpus"])]
    words += ["--encoder", str(recipe["encoder"]), "--seed", str(recipe["seed"])]
    words += ["--frozen"] if recipe.get("frozen") else []
    for key, value in (recipe.get("settings") or {}).items():
        if key == "add":
            words += [word for objective in value for word in ("--add", str(objective))]
        else:
            words += ["--set", f"{key}={_yaml(value)}"]
    return shlex.join(words)


def _facts(run: Run) -> dict[str, str]:
    manifest = run.manifest
    corpus, best = manifest.get("corpus") or {}, manifest.get("best") or {}
    durations = manifest.get("durations_s") or {}
    facts: dict[str, Any] = {
        "method": manifest.get("method"),
        "paper": manifest.get("title"),
        "encoder": manifest.get("encoder"),
        "corpus": corpus.get("name"),
        "split": run.split_id,
        "training documents": corpus.get("n_train"),
        "  of them generated": corpus.get("n_generated"),
        "validation documents": corpus.get("n_valid"),
        "test documents": corpus.get("n_test"),
        "labels": corpus.get("n_labels"),
        "fingerprint of the corpus": str(corpus.get("fingerprint", ""))[:12],
        "seed": manifest.get("seed"),
        "status": f"{run.status}: {run.reason}" if run.reason else run.status,
        "begun": to_the_second(run.begun),
        "finished": to_the_second(manifest.get("finished_at") or ""),
        "best epoch": best.get("epoch", -1) + 1 if isinstance(best.get("epoch"), int) else None,
        "chosen by": best.get("metric"),
        **{f"seconds: {part}": f"{seconds:.1f}" for part, seconds in durations.items()},
        "peak memory (MB)": manifest.get("peak_memory_mb"),
        "precision": manifest.get("precision"),
        **{f"device: {name}": value for name, value in (manifest.get("device") or {}).items()},
        **{f"version: {name}": value for name, value in (manifest.get("versions") or {}).items()},
        "commit": manifest.get("git_commit"),
    }
    return _said({name: value for name, value in facts.items() if value not in (None, "")})


def _said(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def _side_by_side(columns: Mapping[str, Mapping[str, str]], first: str = "") -> pd.DataFrame:
    """A row for each key of any, in the order of their first appearance."""
    keys = dict.fromkeys(key for values in columns.values() for key in values)
    table = {name: [values.get(key, "–") for key in keys] for name, values in columns.items()}
    return pd.DataFrame({first: list(keys), **table})


def _yaml(value: Any) -> str:
    """A setting's value as `--set` reads it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_yaml, value))}]"
    return "null" if value is None else str(value)
