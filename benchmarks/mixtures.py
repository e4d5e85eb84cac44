"""Record mixtures and their parents: runs, tables, and how far each mixture is from each parent.

    python benchmarks/mixtures.py runs/mxd-* runs/mxa-*

Each finished run becomes a JSON file in results/mixtures/<corpus>/, each corpus a table in results/README.md,
as `record.py` makes them; the differences, over all seeds that a mixture and a parent share, become a table
there too, and workbench/analysis/recorded_mixtures.json, which the page Mixtures and the notebook show.
Runs that are not finished are left out and named; run it again when there are more seeds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd
from record import RESULTS, record

from workbench.analysis.mixture_differences import SEEDS, compare_mixtures
from workbench.analysis.recorded_mixtures import write_mixtures
from workbench.files import write_between
from workbench.runs.opening import finished_runs

SHOWN = ("nDCG@5", "P@1", "macro_F1")
MARKS = {"better": "▲", "worse": "▼"}


def main() -> None:
    """Write the JSON files and the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("runs", nargs="+", type=Path, help="folders of mixtures and their parents")
    runs = finished_runs(parser.parse_args().runs, print)
    runs.sort(key=lambda run: run.begun, reverse=True)
    for corpus in sorted({str(run.manifest["corpus"]["name"]) for run in runs}):
        record(
            f"mixtures/{corpus}", (run for run in runs if run.manifest["corpus"]["name"] == corpus), RESULTS
        )
    differences = compare_mixtures(runs)
    write_mixtures(differences)
    write_between(RESULTS / "README.md", "mixtures", difference_table(differences))


def difference_table(differences: pd.DataFrame) -> str:
    """Markdown: one row a corpus, mixture and parent, in points, with marks where zero is left out."""
    head = ["corpus", "mixture", "less", "seeds", *SHOWN]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * 4 + "--:|" * len(SHOWN)]
    keys = ["corpus", "mixture", "parent", "n"]
    for (corpus, mixture, parent, n), rows in differences.groupby(keys, sort=False):
        measured = {str(row["metric"]): row for row in rows.to_dict("records")}
        cells = [_cell(measured[metric]) if metric in measured else "–" for metric in SHOWN]
        lines.append("| " + " | ".join([str(corpus), str(mixture), str(parent), str(n), *cells]) + " |")
    return "\n".join(lines)


def _cell(row: dict) -> str:
    """The difference and its interval in points; in brackets where it is over the documents of one seed."""
    mark = MARKS.get(row["verdict"].split()[0], "○")
    low, high = (f"{100 * row[end]:+.1f}" for end in ("low", "high"))
    interval = f"({low} to {high})" if row["over"] == SEEDS else f"[{low} to {high}]"
    return f"{mark} {100 * row['difference']:+.1f} {interval}"


if __name__ == "__main__":
    main()
