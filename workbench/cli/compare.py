"""`workbench compare`: whether runs differ by more than chance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from workbench.errors import WorkbenchError
from workbench.files import write_json

if TYPE_CHECKING:  # pandas and scipy are loaded by the command that needs them
    import pandas as pd

    from workbench.analysis.compared_runs import SplitComparison
    from workbench.analysis.significance import RankComparison


def compare(
    runs: Annotated[list[str], typer.Argument(help="Finished runs; the others are compared with the first.")],
    metrics: Annotated[
        str | None, typer.Option(help="Test metrics with commas between, such as P@1,macro_F1.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=1, help="Draws of the paired bootstrap.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="Of these draws.")] = 0,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all of it here as JSON.")] = None,
    floor: Annotated[
        bool, typer.Option("--floor/--no-floor", help="Add the split's binary relevance, where there is one.")
    ] = True,
) -> None:
    """Say whether finished runs differ by more than chance: over documents, labels, seeds and corpora.

    Runs of one split are compared with the first of them. Two settings that share two seeds or more get a
    t-test over seeds; three settings on two corpora or more are ranked.
    """
    from workbench.analysis.compared_runs import METRICS, compare_runs
    from workbench.analysis.compared_settings import ranks_over_corpora, seed_differences
    from workbench.analysis.floor import floor_commands, with_floors
    from workbench.cli.compare_view import (
        print_comparison,
        print_no_floor,
        print_notes,
        print_ranks,
        print_seeds,
    )
    from workbench.runs.opening import load_run, load_runs

    wanted = list(METRICS) if metrics is None else _names(metrics)
    loaded = [load_run(name) for name in runs]
    if floor:
        loaded = with_floors(loaded, load_runs())
    comparisons = compare_runs(loaded, wanted, n=resamples, seed=seed)
    seeds, ranks = seed_differences(loaded, wanted), ranks_over_corpora(loaded, wanted)
    console = Console(highlight=False)
    for one in comparisons:
        print_comparison(console, one)
    print_seeds(console, seeds)
    print_ranks(console, ranks)
    print_notes(console, comparisons, seeds, resamples, seed)
    if floor:
        print_no_floor(console, floor_commands(loaded))
    if json is not None:
        how = {"metrics": wanted, "resamples": resamples, "seed": seed}
        write_json(json, how | as_json(comparisons, seeds, ranks))


def as_json(
    comparisons: list[SplitComparison], seeds: pd.DataFrame, ranks: dict[str, RankComparison]
) -> dict[str, Any]:
    """All of it as JSON has it: None for NaN; of labels those on which runs disagree at all."""
    splits = []
    for one in comparisons:
        disagreed = one.labels["run_right"] + one.labels["reference_right"] > 0
        parts = {"runs": one.runs, "differences": one.differences, "labels": one.labels[disagreed]}
        tables = {name: _records(table) for name, table in parts.items()}
        splits.append({"split_id": one.split_id, "documents": one.documents} | tables)
    return {
        "splits": splits,
        "seeds": _records(seeds),
        "ranks": {metric: _ranks(found) for metric, found in ranks.items()},
    }


def _ranks(found: RankComparison) -> dict[str, Any]:
    return {
        "corpora": found.blocks,
        "ranks": _records(found.ranks),
        "statistic": found.statistic if found.statistic == found.statistic else None,
        "p": found.p,
        "critical_difference": found.critical_difference,
        "pairwise_p": found.pairwise.to_numpy().tolist(),
        "groups": [list(group) for group in found.groups],
    }


def _records(table: pd.DataFrame) -> list[dict[Any, Any]]:
    plain = table.astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def _names(given: str) -> list[str]:
    from workbench.analysis.document_statistics import parse_metric

    names = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    if not names:
        raise WorkbenchError("--metrics names no metric; give some, as in --metrics P@1,macro_F1")
    for name in names:
        parse_metric(name)
    return names
