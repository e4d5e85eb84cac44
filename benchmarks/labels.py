"""What labels cost: each method's training step and peak memory against the number of labels, as one picture.

    python benchmarks/labels.py --out results/benchmarks/labels.json --picture docs/label-costs.png
    python benchmarks/labels.py --methods lsfa attention-xml --labels 54 736

Made-up documents: words and labels are drawn with frequencies that fall as 1 / rank. Each cell is a process
of its own, so that its peak of memory is its own: it builds the method with its default encoder (or
--encoder), takes the steps of every stage, optimizer included, and tells those of the slowest one. Methods
that are solved at once tell the seconds of that for each batch of documents. A method that refuses so many
labels is told with its reason; so is one that takes too long.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.files import write_json

LABELS = (54, 736, 4271, 20_000)
"""Those of AAPD, Cooking and EURLEX57K, and made-up ones."""


def main() -> None:
    """Measure every method, print a row each, write and draw."""
    arguments = _arguments()
    if arguments.one:
        print(json.dumps(_measure(arguments)))
        return
    rows = _kept(arguments.out)
    for method in _methods() if arguments.methods is None else arguments.methods:
        for labels in arguments.labels:
            rows = [row for row in rows if (row["method"], row["labels"]) != (method, labels)]
            rows.append({"method": method, "labels": labels, **_in_a_process(method, labels, arguments)})
            print(rows[-1], flush=True)
            if arguments.out:
                write_json(arguments.out, _about(arguments) | {"rows": rows})
    if arguments.picture:
        _draw(pd.DataFrame(rows), arguments.picture)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--methods", nargs="*", help="methods or variants; all if not given, none: only draw")
    parser.add_argument("--labels", nargs="+", type=int, default=list(LABELS))
    parser.add_argument("--encoder", help="instead of each method's own")
    parser.add_argument("--documents", type=int, default=32, help="of a step")
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--limit", type=float, default=180, help="seconds of a cell at most")
    parser.add_argument("--out", type=Path, help="JSON; cells that are there already are kept")
    parser.add_argument("--picture", type=Path, help="PNG")
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "LABELS"), help=argparse.SUPPRESS)
    return parser.parse_args()


def _methods() -> list[str]:
    from workbench.methods.registry import method_classes

    return [next(iter(method.variants)) for method in method_classes()]


def _kept(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return rows


def _about(arguments: argparse.Namespace) -> dict[str, Any]:
    import torch

    from workbench.training.devices import describe_device

    sizes = {name: getattr(arguments, name) for name in ("encoder", "documents", "tokens", "steps", "limit")}
    return {"device": describe_device(torch.device("cpu")), "torch": torch.__version__, **sizes}


def _in_a_process(method: str, labels: int, arguments: argparse.Namespace) -> dict[str, Any]:
    told = [f"--{name}={getattr(arguments, name)}" for name in ("documents", "tokens", "steps")]
    told += [f"--encoder={arguments.encoder}"] if arguments.encoder else []
    command = [sys.executable, __file__, *told, "--one", method, str(labels)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=arguments.limit, check=False)
    except subprocess.TimeoutExpired:
        return {"refused": f"takes longer than {arguments.limit:g} s"}
    if ended.returncode:
        return {"refused": (ended.stderr.strip().splitlines() or [f"ended with {ended.returncode}"])[-1]}
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """One cell: seconds of a step of the slowest stage, and the peak of this process."""
    from labels_steps import measured

    from workbench.errors import WorkbenchError

    name, labels = arguments.one
    try:
        with tempfile.TemporaryDirectory() as folder:
            return measured(name, int(labels), arguments, Path(folder))
    except WorkbenchError as error:
        return {"refused": str(error)}


def _draw(rows: pd.DataFrame, path: Path) -> None:
    from screenshot import save_figure

    from workbench.figures.label_costs import label_cost_figure

    save_figure(label_cost_figure(rows), path)


if __name__ == "__main__":
    main()
