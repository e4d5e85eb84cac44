"""Server time and payload of every page, on a made-up workspace: 20 runs, 10,000 documents, 4,271 labels.

    python benchmarks/pages.py --out results/benchmarks/pages.json

For each page a server is started anew with empty caches. A visitor follows a link to the page ("first":
modules are imported, files read, everything computed) and then makes one choice after the other. Three more
visitors do the same ("again", the median: caches are warm, sessions are new).

Seconds are from sending the request over the real WebSocket to the end of the script, without a browser,
which takes its own time to draw. The payload is every byte of the messages sent meanwhile; streamlit's own
scripts, the same for every page, are not in it. Beside them stand limits that were measured in a browser.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pages_server import starting, wait_until_served
from pages_visitor import Visit, Visitor
from pages_workspace import METHODS, Size, write_workspace

from workbench.files import write_json
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, describe_device
from workbench.workspace import Workspace

LIMITS = {"cells": 500 * 500, "points": 50_000, "largest_message_mb": 200}
"""Of an interactive heat map; of a chart whose points can be selected; of one message."""

LINKS = {"labels": {"corpus": "wide"}}
"""Choices in the address of a page, where it would begin with another corpus."""

Choice = tuple[str, str | list[str] | None]
CHANGES: dict[str, list[Choice]] = {
    "": [("metric", "P@1")],
    "train": [],  # what there is to train is found out first, in a process of its own
    "labels": [("measure", "PMI"), ("label", None), ("part", "test")],
    "label-texts": [("label", "all of them")],
    "relations": [("beside", "A alone"), ("rows", "60"), ("label", None)],
    "documents": [
        ("colour", "wrong labels"),
        ("runs", [f"wide-cnn-{method}-s0" for method in METHODS]),
    ],
    "similarity": [("beside", "Documents"), ("view", "Documents"), ("size", "200")],
    "geometry": [("axes", "those of the first"), ("view", "2-D"), ("bounds", "the paper's")],
    "inside": [],  # made-up runs have no model to run
    "tail-features": [("map", "t-SNE")],
    "landscapes": [("view", name) for name in ("Surface", "Slices", "Sharpness", "Training path")],
    "compare": [
        ("view", name)
        for name in ("Labels", "Head, mid, tail", "Learning curves", "Spectra", "Landscapes", "Agreement")
    ],
    "runs": [("view", "Learning curves"), ("view", "Label groups")],
    "tail-labels": [("metric", "PSP")],
    "dependency": [("view", name) for name in ("Label combinations", "Label groups", "Convergence", "Ranks")],
    "spectra": [("scale", "raw")],
    "family": [("score", "P@1"), ("family", "lsfa")],
    "papers": [("paper", "ProtoMix"), ("gallery", "with pictures and numbers")],
    "claims": [("claims_of", "LSFA"), ("verdict", ["held"])],
}
"""Choices made on each page, one after the other."""


def main() -> None:
    """Measure every page and print a table."""
    arguments = _arguments()
    load = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        workspace, size = Workspace(Path(folder)), Size(arguments.runs, arguments.documents, arguments.labels)
        began = time.perf_counter()
        write_workspace(workspace, size)
        os.sync()  # else the first pages wait for the disk
        print(f"workspace written in {time.perf_counter() - began:.0f} s")
        rows = [row for page in _pages(workspace) for row in _measure(page, workspace, arguments.rounds)]
    report = {
        "device": describe_device(choose_device(TrainingConfig())),
        "load_average_before": load,
        "load_average_after": os.getloadavg(),
        "streamlit": importlib.metadata.version("streamlit"),
        "size": vars(size),
        "rounds": arguments.rounds,
        "limits": LIMITS,
        "rows": rows,
    }
    _show(report)
    if arguments.out:
        write_json(arguments.out, report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=Size.runs)
    parser.add_argument("--documents", type=int, default=Size.documents)
    parser.add_argument("--labels", type=int, default=Size.labels)
    parser.add_argument("--rounds", type=int, default=3, help="visitors after the first one")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def _pages(workspace: Workspace) -> list[str]:
    """Every page of the navigation, as it is in the address."""
    with _served(workspace) as port, Visitor(port) as visitor:
        visitor.open("", {})
        pages = visitor.pages
    if set(pages) != set(CHANGES):
        raise SystemExit(f"The navigation has {sorted(pages)}, CHANGES has {sorted(CHANGES)}.")
    return pages


def _measure(page: str, workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    """A row for the opening of a page, and for each choice on it."""
    shutil.rmtree(workspace.cache, ignore_errors=True)
    with _served(workspace) as port:
        visits = [_visit(page, port) for _ in range(1 + rounds)]
    steps = ["open", *(f"{key}: {_told(value)}" for key, value in CHANGES[page])]
    return [
        {
            "page": page or "overview",
            "step": step,
            "first_s": round(first.seconds, 3),
            "again_s": round(statistics.median(visit.seconds for visit in again), 3),
            "payload_kb": round(sum(first.sizes) / 1e3, 1),
            "largest_message_mb": round(max(first.sizes) / 1e6, 3),
            **first.drawn(),
        }
        for step, (first, *again) in zip(steps, zip(*visits, strict=True), strict=True)
    ]


def _visit(page: str, port: int) -> list[Visit]:
    with Visitor(port) as visitor:
        visits = [visitor.open(page, LINKS.get(page, {}))]
        visits += [visitor.change(*choice) for choice in CHANGES[page]]
    for visit in visits:
        if wrong := visit.exceptions():
            raise SystemExit(f"The page {page or 'overview'} failed: {wrong[0]}")
    return visits


def _told(value: str | list[str] | None) -> str:
    if value is None:
        return "the first offered"
    return value if isinstance(value, str) else f"{len(value)} of them"


@contextmanager
def _served(workspace: Workspace) -> Iterator[int]:
    """A server of its own, which has imported what it imports while nobody asks for a page."""
    with starting(workspace.root) as port:
        wait_until_served(port)
        time.sleep(3)
        yield port


def _show(report: dict[str, Any]) -> None:
    print(
        f"{'page':10} {'step':28} {'first, s':>9} {'again, s':>9} {'payload, kB':>12} "
        f"{'largest, MB':>12} {'cells':>8} {'points':>7}"
    )
    for row in report["rows"]:
        sizes = f"{row['payload_kb']:12,.0f} {row['largest_message_mb']:12.2f}"
        drawn = f"{row['cells']:8,} {row['points']:7,}"
        print(
            f"{row['page']:10} {row['step']:28} {row['first_s']:9.2f} {row['again_s']:9.2f} {sizes} {drawn}"
        )
    limits = report["limits"]
    ends = f"{limits['largest_message_mb']:12} {limits['cells']:8,} {limits['points']:7,}"
    print(f"{'limit':10} {'':28} {'':9} {'':9} {'':12} {ends}")
    print("load average", report["load_average_before"], "to", report["load_average_after"])


if __name__ == "__main__":
    main()
