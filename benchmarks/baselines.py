"""Draw what was recorded of the baselines: nDCG@5 and PSP@5 of each method, a panel a corpus.

    python benchmarks/baselines.py --picture docs/baselines.png

Reads results/baselines/CORPUS/*.json, as `benchmarks/record.py` writes them; several seeds become their mean.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pandas as pd

from workbench.figures.baselines import baseline_figure

RESULTS = Path(__file__).resolve().parents[1] / "results" / "baselines"
CORPORA = {
    "demo": "built-in corpus",
    "aapd-2k": "AAPD, 2,000 documents",
    "cooking": "Cooking",
}
METRICS = ("nDCG@5", "PSP@5")
FLOOR = "binary-relevance"


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--picture", type=Path, required=True, help="PNG")
    arguments = parser.parse_args()
    from screenshot import save_figure

    save_figure(baseline_figure(recorded(RESULTS), METRICS, FLOOR), arguments.picture)


def recorded(results: Path) -> pd.DataFrame:
    """Columns corpus (its title), method, metric and value, the mean over seeds."""
    rows = []
    for folder, title in CORPORA.items():
        for path in sorted((results / folder).glob("*.json")):
            kept = json.loads(path.read_text(encoding="utf-8"))
            rows += [(title, kept["method"], metric, kept["test"][metric]) for metric in METRICS]
    table = pd.DataFrame(rows, columns=["corpus", "method", "metric", "value"])
    return table.groupby(["corpus", "method", "metric"], sort=False)["value"].mean().reset_index()


if __name__ == "__main__":
    main()
