"""Judge a paper's claims from finished runs: results/PAPER/*.json and the block in results/README.md.

    python benchmarks/claims.py protomix runs/pm-*
    python benchmarks/claims.py lsfa runs/lsfa-*
    python benchmarks/claims.py laco runs/laco-*
    python benchmarks/claims.py cl-mil runs/cl-mil-* runs/dil-*
    python benchmarks/claims.py sep-mldc runs/sep-mldc-*
    python benchmarks/claims.py --gather

Runs are told apart by what their run.json says, not by name: corpus, encoder, method, prototype, share of the
training documents, seed. What is not finished is left out and what is missing is said. Where claims are about
sharpness, it is read from landscapes, which are computed beforehand with their default settings:

    workbench probe landscape RUN …

`--picture FILE.png` also draws the differences with their intervals (with Chromium, by Playwright).

Afterwards the claims of all papers are gathered in results/claims.json, with the commands that train their
runs again, in the copy that the package carries, and in short in README.md. `--gather` does that alone.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from workbench.analysis.claims import holm
from workbench.analysis.measurements import measurement_table
from workbench.errors import WorkbenchError
from workbench.exhibits import cl_mil_claims, laco_claims, lsfa_claims, protomix_claims, sep_mldc_claims
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims
from workbench.exhibits.claim_file import PACKAGED, written
from workbench.exhibits.claim_gathering import gather
from workbench.exhibits.claim_overview import overview
from workbench.exhibits.claim_report import (
    claimed_side,
    correction,
    family_section,
    interval_table,
    judged_families,
    sentence,
    settings_table,
    told_together,
    verdict_table,
)
from workbench.exhibits.claim_runs import group_records, missing_landscapes, missing_runs, run_records
from workbench.files import write_between, write_json, write_text
from workbench.runs.opening import finished_runs
from workbench.runs.store import Run

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "results"
PAPERS = {
    claims.paper.key: claims
    for claims in (
        protomix_claims.CLAIMS,
        lsfa_claims.CLAIMS,
        laco_claims.CLAIMS,
        cl_mil_claims.CLAIMS,
        sep_mldc_claims.CLAIMS,
    )
}
DISTANCE = 1 / 3
INTERVAL = (
    "Differences are means over pairs of runs of one seed, with Student's 95 % interval. It covers the seeds "
    "of training (first weights, order, and the draw of documents where not all are used), not other test "
    "documents, corpora or settings. A claim held when the whole interval lies on the claimed side of zero, "
    "did not hold when it lies on the other side, and is undecided otherwise."
)


def main() -> None:
    """Measure, judge, write."""
    arguments = _arguments()
    try:
        if not arguments.gather:
            _judge(finished_runs(arguments.runs, _say), arguments)
        if arguments.results == RESULTS:
            _gather()
    except WorkbenchError as error:
        raise SystemExit(str(error)) from None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paper", nargs="?", choices=PAPERS, help="whose claims")
    parser.add_argument("runs", nargs="*", type=Path, help="folders of runs")
    parser.add_argument("--gather", action="store_true", help="judge nothing, gather what was judged")
    parser.add_argument(
        "--results", type=Path, default=RESULTS, help="folder of README.md and the JSON files"
    )
    parser.add_argument("--distance", type=float, default=DISTANCE, help="at which the mean rise is taken")
    parser.add_argument("--picture", type=Path, help="a PNG of all differences")
    arguments = parser.parse_args()
    if arguments.gather == bool(arguments.runs):
        parser.error("say whose claims to judge and from which runs, or --gather alone")
    return arguments


def gathered(results: Path = RESULTS) -> dict[str, Any]:
    """The claims of all papers, from what was judged in this folder."""
    return gather(
        [
            (claims, _read(results / key / "claims.json"), _read(results / key / "runs.json"))
            for key, claims in PAPERS.items()
        ]
    )


def _gather() -> None:
    found = gathered()
    for path in (RESULTS / "claims.json", PACKAGED):
        write_text(path, written(found))
    write_between(ROOT / "README.md", "claims", overview(found))


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _judge(runs: list[Run], arguments: argparse.Namespace) -> None:
    if not runs:
        raise WorkbenchError("None of these folders is a finished run: there is nothing to judge.")
    claims = PAPERS[arguments.paper]
    measured = measurement_table(runs, arguments.distance, claims.measures)
    lacking = missing_runs(measured, claims)
    if claims.with_landscapes:
        lacking += missing_landscapes(measured)
    for line in lacking:
        _say(line)
    if claims.derived:
        measured = claims.derived(measured)
    judged = judged_families(measured, claims.families)
    told = ~judged["is_further"]
    judged.loc[told, "p_holm"] = holm(judged.loc[told, "p"])
    known = {
        "paper": claims.paper.title,
        "interval": INTERVAL,
        "correction": correction(judged),
        **({"rise_at_distance": arguments.distance} if claims.with_landscapes else {}),
        "missing": lacking,
        "groups": group_records(runs),
    }
    families = [_family(family, judged) for family in claims.families]
    folder = arguments.results / claims.paper.key
    write_json(folder / "claims.json", known | {"families": families})
    records = run_records(runs, measured, claims)
    lines = [json.dumps(one, ensure_ascii=False, allow_nan=False) for one in records]
    write_text(folder / "runs.json", "[\n" + ",\n".join(lines) + "\n]\n")
    block = _markdown(claims, measured, judged, known)
    write_between(arguments.results / "README.md", claims.paper.key, block)
    if arguments.picture:
        _draw(claims, judged, arguments.picture)


def _markdown(
    claims: PaperClaims, measured: pd.DataFrame, judged: pd.DataFrame, known: dict[str, Any]
) -> str:
    """The block of results/README.md."""
    parts = [settings_table(known["groups"]), known["interval"], known["correction"]]
    if known["missing"]:
        parts.append(f"**Not complete**: {len(known['missing'])} lines in `claims.json` say what is missing.")
    if claims.with_landscapes:
        parts.append(f"The mean rise of the loss is that at distance {known['rise_at_distance']:.2g}.")
    parts.append(verdict_table(claims.families, judged))
    parts += [family_section(family, judged, measured, claims.methods) for family in claims.families]
    return "\n\n".join(parts)


def _draw(claims: PaperClaims, judged: pd.DataFrame, path: Path) -> None:
    """One picture of every family's claims, from top to bottom."""
    from screenshot import save_screenshot

    from workbench.figures.intervals import intervals_figure

    parts = []
    for family in claims.families:
        axis = f"{family.unit}<br>claimed: {claimed_side(family)} 0"
        figure = intervals_figure(interval_table(family, judged), axis)
        script = "inline" if not parts else False
        drawn = figure.to_html(full_html=False, include_plotlyjs=script, config={"displayModeBar": False})
        parts.append(f"<h3>{family.title}</h3>{drawn}")
    save_screenshot(f"<body style='font-family: sans-serif; color: #444'>{''.join(parts)}</body>", path)


def _family(family: ClaimFamily, judged: pd.DataFrame) -> dict[str, Any]:
    mine = judged[judged["family"] == family.id]
    sides = {
        (claim.name, claim.at): {"first": dict(claim.first), "second": dict(claim.second)}
        for claim in (*family.claims, *family.further)
    }
    rows = {True: [], False: []}
    for row in mine.drop(columns=["family"]).to_dict("records"):
        is_further = row.pop("is_further")
        said = {} if is_further else {"sentence": f"{row['claim']}: {sentence(row, family)}"}
        numbers = {key: None if _is_nan(value) else value for key, value in row.items()}
        rows[is_further].append(numbers | sides[row["claim"], row["at"]] | said)
    about = {key: getattr(family, key) for key in ("id", "title", "place", "says", "measure")}
    return about | {"claims": rows[False], "together": told_together(family, judged), "further": rows[True]}


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _say(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
