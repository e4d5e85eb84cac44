"""Speed of the dashboard on a made-up workspace: 50 runs, 10,000 documents, 4,271 labels.

    python benchmarks/dashboard.py --out results/benchmarks/dashboard.json

For each page a server is started anew with empty caches, and imports what it imports while nobody comes. Then
a visitor follows a link to the page ("first": files are read, everything is computed) and makes one choice
after the other. When the server has done what these pages need meanwhile, three more visitors do the same
("again", the median: caches are warm, sessions are new). "later" is a page that has run again by itself,
after what it did meanwhile. A page shall take 3 s at first and 0.5 s again, and send 5 MB at most; where one
sends more, the benchmark ends with an error.

Seconds are from sending the request over the real WebSocket to the end of the script, without a browser,
which takes its own time to draw. Beside them stands the processor time that the server's process took
meanwhile, which other work on the machine lengthens less. The payload is every byte of the messages sent;
streamlit's own scripts, the same for every page, are not in it. The "start" is measured in Chromium: from
`workbench dashboard` to the first picture, and the same page loaded again.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pages_server import Server, starting, wait_until_idle, wait_until_served
from pages_start import measure_start
from pages_visitor import Visit, Visitor
from pages_workspace import METHODS, Size, write_workspace

from workbench.files import write_json
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device, describe_device
from workbench.workspace import Workspace

LIMITS = {"first_s": 3.0, "again_s": 0.5, "payload_kb": 5_000, "cells": 500 * 500, "points": 50_000}
"""At most; the last two of an interactive heat map, and of a chart whose points can be selected."""

START = "start"
OVERVIEW = "overview"
_WRITTEN = "made-up.json"
"""In a workspace that was written to be measured: its size."""

LINKS = {page: {"corpus": "wide"} for page in ("labels", "relations")}
"""Choices in the address of a page, where it would begin with another corpus."""

Choice = tuple[str, str | list[str] | None]
LATER: Choice = ("later", None)
"""No choice: the page runs again by itself, when what it does meanwhile is done."""
CHANGES: dict[str, list[Choice]] = {
    "": [("metric", "P@1")],
    "train": [],  # what there is to train is found out first, in a process of its own
    "labels": [("measure", "PMI"), ("label", None), ("part", "test")],
    "label-texts": [("label", "all of them")],
    "relations": [("weak", "A alone"), ("rows", "60"), ("label", None)],
    "documents": [
        ("colour", "wrong labels"),
        ("runs", [f"wide-cnn-{method}-s0" for method in METHODS]),
    ],
    "similarity": [LATER, ("measured", "Documents"), ("between", "Documents"), ("size", "200")],
    "geometry": [("axes", "those of the first"), ("dimensions", "2-D"), ("bounds", "the paper's")],
    "inside": [
        LATER,  # torch is imported
        ("runs", [f"wide-cnn-{method}-s0" for method in METHODS]),
        ("look", "missed and wrong labels"),
        ("look", "an edited copy"),
        ("look", "nearest training documents"),
    ],
    "tail-features": [("map", "t-SNE")],
    "landscapes": [("drawn", name) for name in ("Surface", "Slices", "Sharpness", "Training path")],
    "compare": [
        ("view", name)
        for name in ("Labels", "Head, mid, tail", "Learning curves", "Spectra", "Landscapes", "Agreement")
    ],
    "runs": [("shown", "Learning curves"), ("shown", "Label groups")],
    "tail-labels": [("metric", "PSP")],
    "dependency": [
        ("asked", name) for name in ("Label combinations", "Label groups", "Convergence", "Ranks")
    ],
    "spectra": [("scale", "raw")],
    "family": [("score", "P@1"), ("family", "lsfa")],
    "papers": [
        ("paper", "ProtoMix"),
        ("gallery", "with pictures and numbers"),
        ("pictures_protomix", "Table 5 to Figure 3"),
        ("pictures_protomix", "Figure 4 to Figure 8"),
    ],
    "mixtures": [],  # made-up runs borrow no terms
    "claims": [("claims_of", "LSFA"), ("verdict", ["held"])],
}
"""Choices made on each page, one after the other."""


def main() -> None:
    """Measure every page, print a table, and fail where a page sends too much."""
    arguments = _arguments()
    load = os.getloadavg()
    size = Size(arguments.runs, arguments.documents, arguments.labels)
    with _workspace(arguments.home, size) as workspace:
        pages = _pages(workspace)
        chosen = _chosen(arguments.only, [START, *(page or OVERVIEW for page in pages)])
        start = measure_start(workspace.root, arguments.rounds, arguments.chromium) if START in chosen else {}
        _show_head()
        rows = []
        for page in pages:
            if (page or OVERVIEW) in chosen:
                rows += (measured := _measure(page, workspace, arguments.rounds))
                _show_rows(measured)
    report = {
        "device": describe_device(choose_device(TrainingConfig())),
        "load_average_before": load,
        "load_average_after": os.getloadavg(),
        "streamlit": importlib.metadata.version("streamlit"),
        "size": vars(size),
        "rounds": arguments.rounds,
        "limits": LIMITS,
        "start": start,
        "rows": rows,
    }
    _show_end(report)
    if arguments.out:
        write_json(arguments.out, report)
    if too_much := [f"{row['page']} ({row['step']})" for row in rows if "payload_kb" in missed(row)]:
        raise SystemExit(f"More than {LIMITS['payload_kb']:,} kB are sent by: {', '.join(too_much)}")


def missed(row: dict[str, Any]) -> list[str]:
    """The limits that a row does not keep."""
    return [name for name, limit in LIMITS.items() if row[name] > limit]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=Size.runs)
    parser.add_argument("--documents", type=int, default=Size.documents)
    parser.add_argument("--labels", type=int, default=Size.labels)
    parser.add_argument("--rounds", type=int, default=3, help="visitors after the first one; starts")
    parser.add_argument("--only", nargs="+", metavar="PAGE", help=f"these pages alone; also {START!r}")
    parser.add_argument("--home", type=Path, help="where the workspace is written, kept and used again")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


@contextmanager
def _workspace(home: Path | None, size: Size) -> Iterator[Workspace]:
    """A workspace of this size in `home`, or in a folder that is gone afterwards."""
    if home is not None and (home / _WRITTEN).exists():
        if json.loads((home / _WRITTEN).read_text(encoding="utf-8")) != vars(size):
            raise SystemExit(f"The workspace in {home} is of another size: give an empty folder.")
        yield Workspace(home.resolve())
        return
    if home is not None and home.exists() and any(home.iterdir()):
        raise SystemExit(f"{home} has other things in it: give an empty folder.")
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(home or folder).resolve())
        began = time.perf_counter()
        write_workspace(workspace, size)
        write_json(workspace.root / _WRITTEN, vars(size))
        os.sync()  # else the first pages wait for the disk
        print(f"workspace written in {time.perf_counter() - began:.0f} s")
        yield workspace


def _pages(workspace: Workspace) -> list[str]:
    """Every page of the navigation, as it is in the address."""
    with _served(workspace) as server, Visitor(server.port) as visitor:
        visitor.open("", {})
        pages = visitor.pages
    if set(pages) != set(CHANGES):
        raise SystemExit(f"The navigation has {sorted(pages)}, CHANGES has {sorted(CHANGES)}.")
    return pages


def _chosen(only: Sequence[str] | None, known: Sequence[str]) -> Sequence[str]:
    if unknown := sorted(set(only or ()) - set(known)):
        raise SystemExit(f"Unknown: {', '.join(unknown)}. There are: {', '.join(known)}.")
    return only or known


def _measure(page: str, workspace: Workspace, rounds: int) -> list[dict[str, Any]]:
    """A row for the opening of a page, and for each choice on it."""
    shutil.rmtree(workspace.cache, ignore_errors=True)
    with _served(workspace) as server:
        visits = [_visit(page, server)]
        wait_until_idle(server)
        visits += [_visit(page, server) for _ in range(rounds)]
    steps = ["open", *map(_told, CHANGES[page])]
    return [
        {
            "page": page or OVERVIEW,
            "step": step,
            "first_s": round(first.seconds, 3),
            "first_cpu_s": round(first.processor_s, 3),
            "again_s": round(statistics.median(visit.seconds for visit in again), 3),
            "again_cpu_s": round(statistics.median(visit.processor_s for visit in again), 3),
            "payload_kb": round(sum(first.sizes) / 1e3, 1),
            **first.drawn(),
        }
        for step, (first, *again) in zip(steps, zip(*visits, strict=True), strict=True)
    ]


def _visit(page: str, server: Server) -> list[Visit]:
    with Visitor(server.port, server.processor_s) as visitor:
        visits = [visitor.open(page, LINKS.get(page, {}))]
        for choice in CHANGES[page]:
            if choice == LATER:
                wait_until_idle(server)
            visits.append(visitor.come_back() if choice == LATER else visitor.change(*choice))
    for visit in visits:
        if wrong := visit.exceptions():
            raise SystemExit(f"The page {page or OVERVIEW} failed: {wrong[0]}")
    return visits


def _told(choice: Choice) -> str:
    key, value = choice
    if choice == LATER:
        return key
    if value is None:
        return f"{key}: the first offered"
    return f"{key}: " + (value if isinstance(value, str) else f"{len(value)} of them")


@contextmanager
def _served(workspace: Workspace) -> Iterator[Server]:
    """A server of its own, which has imported what it imports while nobody asks for a page."""
    with starting(workspace.root) as server:
        wait_until_served(server.port)
        wait_until_idle(server)
        yield server


def _show_head() -> None:
    head = ("first, s", "CPU, s", "again, s", "CPU, s", "sent, kB", "cells", "points", "limits")
    print(f"{'page':13} {'step':37} " + " ".join(f"{name:>8}" for name in head))


def _show_rows(rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        seconds = [f"{row[name]:8.2f}" for name in ("first_s", "first_cpu_s", "again_s", "again_cpu_s")]
        sizes = [f"{row[name]:8,.0f}" for name in ("payload_kb", "cells", "points")]
        kept = ", ".join(missed(row)) or "kept"
        print(f"{row['page']:13} {row['step']:37} {' '.join([*seconds, *sizes])} {kept:>8}", flush=True)


def _show_end(report: dict[str, Any]) -> None:
    most = [f"{LIMITS.get(name, ''):>8}" for name in ("first_s", "", "again_s", "")]
    most += [f"{LIMITS[name]:8,}" for name in ("payload_kb", "cells", "points")]
    print(f"{'limit':13} {'':37} {' '.join(most)}")
    for name, spread in report["start"].items():
        print(f"{START} {name}: {spread['median']} ({spread['lowest']} to {spread['highest']})")
    print("load average", report["load_average_before"], "to", report["load_average_after"])


if __name__ == "__main__":
    main()
