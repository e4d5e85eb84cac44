"""Record measured runs: one small JSON a run in results/<corpus>/, and the table in results/README.md.

    python benchmarks/record.py --corpus aapd runs/aapd-cnn-base-s0 runs/aapd-cnn-protomix-s0 …
    python benchmarks/record.py --corpus baselines/demo runs/xml-cnn-s0 …

Runs that are not finished are left out and named. The table is made anew from all JSON files of the corpus
each time, between its marks in results/README.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from workbench.files import write_between, write_json
from workbench.runs.opening import finished_runs
from workbench.runs.store import Run

RESULTS = Path(__file__).resolve().parents[1] / "results"
METRICS = ("P@1", "P@3", "P@5", "nDCG@3", "nDCG@5", "PSP@1", "PSP@3", "PSP@5", "micro_F1", "macro_F1")


def main() -> None:
    """Write the JSON files and the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", required=True, help="folder below results/")
    parser.add_argument("runs", nargs="*", type=Path, help="folders of finished runs")
    arguments = parser.parse_args()
    record(arguments.corpus, finished_runs(arguments.runs, print), RESULTS)


def record(corpus: str, runs: Iterable[Run], results: Path) -> None:
    """Write a JSON file for each run into `results`/`corpus`, and the table of all that lie there."""
    folder = results / corpus
    for run in runs:
        write_json(folder / f"{run.name}.json", summary(run))
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    write_between(results / "README.md", corpus, table(records))


def summary(run: Run) -> dict[str, Any]:
    """What is kept of a run: numbers, split, hardware, commit, seconds, memory, settings."""
    known = run.manifest
    kept = ("method", "encoder", "seed", "corpus", "config", "best", "precision", "device", "versions")
    return {
        **{name: _without_folders(known.get(name)) for name in kept},
        "git_commit": known.get("git_commit"),
        "durations_s": known.get("durations_s"),
        "peak_memory_mb": known.get("peak_memory_mb"),
        "started_at": run.begun or None,
        "valid": run.metrics["valid"]["overall"],
        "test": run.metrics["test"]["overall"],
        "test_groups": run.metrics["test"]["groups"],
        "threshold": run.metrics["threshold"],
    }


def _without_folders(value: Any) -> Any:
    """The same value with paths of this machine cut down to their last part."""
    if isinstance(value, dict):
        return {key: _without_folders(inner) for key, inner in value.items()}
    return Path(value).name if isinstance(value, str) and value.startswith("/") else value


def table(records: list[dict[str, Any]]) -> str:
    """A Markdown table, one row for each encoder, number of training documents and method."""
    groups: dict[tuple[str, int, str], list[dict[str, Any]]] = {}
    for record in records:
        key = (record["encoder"], record["corpus"]["n_train"], _method(record))
        groups.setdefault(key, []).append(record)
    head = ["encoder", "training documents", "method", "seeds", *METRICS, "training, s", "peak memory, MB"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for (encoder, documents, method), members in sorted(groups.items()):
        cells = [encoder, f"{documents:,}", method, str(len(members))]
        cells += [_spread([100 * member["test"][name] for member in members]) for name in METRICS]
        cells.append(f"{np.mean([member['durations_s']['train'] for member in members]):.0f}")
        cells.append(f"{max(member['peak_memory_mb'] for member in members):.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _method(record: dict[str, Any]) -> str:
    """The method with the terms that it has borrowed."""
    borrowed = (record["config"].get("method") or {}).get("add") or ()
    return " + ".join([record["method"], *(term.split(":")[0] for term in borrowed)])


def _spread(values: list[float]) -> str:
    mean = f"{np.mean(values):.1f}"
    return f"{mean} ± {np.std(values, ddof=1):.1f}" if len(values) > 1 else mean


if __name__ == "__main__":
    main()
