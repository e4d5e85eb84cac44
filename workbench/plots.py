"""Runs or a corpus in, a picture out: an analysis and its figure, joined as on the pages.

Whoever wants the numbers too takes the two steps apart: `workbench.analysis` makes the table,
`workbench.figures` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.analysis.floor import FLOOR
from workbench.errors import WorkbenchError, require_known
from workbench.runs.store import Run

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus
    from workbench.figures.theme import Figure

FIRST_METRICS = ("nDCG@5", "P@1", "macro_F1")


def plot_metrics(runs: Sequence[Run], metrics: Sequence[str] = FIRST_METRICS) -> Figure:
    """Test metrics of each setting: mean and standard deviation over seeds, and single runs.

    A dashed line is where binary relevance is, the floor, if a run of it is among them.

    Args:
        runs: finished runs of one split.
        metrics: fractions in [0, 1], a panel each.

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for no run, runs of several splits, or a metric that none of them has.
    """
    from workbench.analysis.comparison import metric_names, metric_table, over_seeds, run_table
    from workbench.figures.comparison import comparison_figure

    table = run_table(runs_of_one_split(runs))
    _require(metrics, metric_names(table))
    return comparison_figure(over_seeds(table, metrics), metric_table(table, metrics), metrics, FLOOR)


def plot_groups(runs: Sequence[Run], metric: str = "macro_F1") -> Figure:
    """A test metric for labels by training frequency: head, mid, tail and never seen.

    Args:
        runs: finished runs of one split.
        metric: one that is measured by label group; a fraction in [0, 1].

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for no run, runs of several splits, or a metric that none has by label group.
    """
    from workbench.analysis.groups import group_metrics, group_table, groups_over_seeds
    from workbench.figures.groups import group_figure

    _require([metric], group_metrics(runs_of_one_split(runs)), " by label group")
    groups = groups_over_seeds(group_table(runs, metric))
    return group_figure(groups, metric, FLOOR)


def plot_curves(runs: Sequence[Run], terms: Sequence[str] | None = None, over: str = "step") -> Figure:
    """Loss terms and validation metrics over training.

    Args:
        runs: runs, finished or not.
        terms: such as "loss/classification" or "nDCG@5", a panel each; by default every loss term and the
            metrics that most people ask for.
        over: "step", "epoch" or "wall_time_s" (seconds).

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for no run, an axis that is none, or a term that no run has.
    """
    from workbench.analysis.history import learning_curves
    from workbench.figures.curves import AXES, curve_figure

    if over not in AXES:
        raise WorkbenchError(f"Curves are drawn over one of {', '.join(AXES)}, not {over!r}.")
    table = learning_curves({run.name: run.history for run in some_runs(runs)})
    if terms is None:
        losses, metrics = (list(table["term"][table["kind"] == kind].unique()) for kind in ("loss", "metric"))
        terms = losses + ([name for name in FIRST_METRICS if name in metrics] or metrics[:2])
    _require(terms, list(table["term"].unique()), " in its curves")
    return curve_figure(table, methods_of(runs), terms, over=over)


def plot_labels(run_a: Run, run_b: Run, metric: str = "F1") -> Figure:
    """Each label's metric in one run against another: labels above the diagonal are better in the second.

    Args:
        run_a: a finished run, drawn across.
        run_b: another of the same split, drawn upwards.
        metric: one that runs have of each label; a fraction in [0, 1].

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for runs of several splits, with other labels, or without such a metric.
    """
    from workbench.analysis.agreement import read_decisions
    from workbench.analysis.label_differences import label_differences
    from workbench.figures.label_scatter import label_scatter

    runs_of_one_split([run_a, run_b])
    table = label_differences(run_a, run_b, read_decisions(run_a), read_decisions(run_b), metric)
    return label_scatter(table, (run_a.name, run_b.name), metric)


def plot_mixtures(runs: Sequence[Run], metrics: Sequence[str] = FIRST_METRICS) -> Figure:
    """How far mixtures (methods with terms of other papers, `--add`) are from each of their parents.

    Args:
        runs: finished runs, the newest first: mixtures, and the methods without the term and that lent it.
        metrics: fractions in [0, 1], from top to bottom.

    Returns:
        A plotly figure: a panel a mixture and corpus, mixture less parent with 95 % intervals.

    Raises:
        WorkbenchError: for an unknown metric, or a run that is damaged.
    """
    from workbench.analysis.mixture_differences import compare_mixtures
    from workbench.figures.mixtures import mixture_figure

    return mixture_figure(compare_mixtures(some_runs(runs), metrics), metrics)


def plot_spectrum(runs: Sequence[Run], *, normalised: bool = True) -> Figure:
    """Singular values of the label embeddings (L, H), and how fast their energy adds up.

    Source: "Preserving Label Correlation for Multi-label Text Classification by Prototypical
    Regularizations", Figure 6.

    Args:
        runs: finished runs with label embeddings.
        normalised: divide by the largest value and by the whole energy.

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for no run, one without label embeddings, or embeddings with NaN.
    """
    from workbench.analysis.spectrum import singular_values, spectrum_table
    from workbench.figures.spectrum import spectrum_figure

    values = {run.name: singular_values(run.array("label_embeddings")) for run in some_runs(runs)}
    return spectrum_figure(spectrum_table(values), methods_of(runs), normalised=normalised)


def plot_landscape(runs: Sequence[Run], height: str = "rise") -> Figure:
    """The loss around each run's weights along two random directions, as lines of equal loss.

    Source: "Preserving Label Correlation for Multi-label Text Classification by Prototypical
    Regularizations", Figure 5.

    Args:
        runs: finished runs of one architecture that `workbench probe landscape` has visited together.
        height: "rise" (above the run's own loss), "loss" or "log10_loss".

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for a run without a landscape (with the command that makes it), landscapes that must
            not share a picture, or an unknown height.
    """
    from workbench.analysis.landscape import common_scale, grid_table, path_table, read_landscape
    from workbench.figures.landscape import HEIGHTS, contour_figure

    landscapes = []
    for run in some_runs(runs):
        found = read_landscape(run)
        if found is None:
            raise WorkbenchError(
                f"Run {run.name!r} has no landscape yet. Make it with: workbench probe landscape {run.name}"
            )
        landscapes.append(found)
    if height not in HEIGHTS:
        raise WorkbenchError(f"{height!r} is none of {', '.join(HEIGHTS)}.")
    grid = grid_table(landscapes)
    scale = common_scale(grid[height])
    return contour_figure(grid, (scale.low, scale.high), path_table(landscapes), height=height)


def plot_cooccurrence(
    corpus: Corpus, split: str = "train", measure: str = "documents", order: str = "clustered"
) -> Figure:
    """Which labels come together, a heat map of label pairs; many labels share rows.

    Args:
        corpus: of N documents and L labels; the targets (N, L) of one of its splits are counted,
            without those of generated documents.
        split: "train", "valid" or "test".
        measure: "documents" (how many have both labels), "probability" (of the column's label where the row's
            is) or "pmi" (pointwise mutual information in bits).
        order: "clustered", "by frequency" or "alphabetical".

    Returns:
        A plotly figure.

    Raises:
        WorkbenchError: for an unknown split, measure or order.
    """
    from workbench.analysis.cooccurrence import cooccurrence, pair_cells
    from workbench.analysis.label_order import arrange, group_names, label_names
    from workbench.figures.cooccurrence import MEASURES, cooccurrence_figure

    for given, known in ((split, corpus.splits), (measure, MEASURES)):
        if given not in known:
            raise WorkbenchError(f"{given!r} is none of {', '.join(known)}.")
    found = cooccurrence(corpus.splits[split].real_targets)
    names = label_names(corpus.labels, corpus.label_texts)
    groups = arrange(found, names, order)
    rows = group_names(found, groups, names)
    return cooccurrence_figure(pair_cells(found, groups, groups), rows, rows, measure)


def methods_of(runs: Sequence[Run]) -> dict[str, str]:
    """The method of each run by the run's name, which decides on its colour."""
    return {run.name: str(run.manifest.get("method", "?")) for run in runs}


def _require(wanted: Sequence[str], known: Sequence[str], where: str = "") -> None:
    """Raise WorkbenchError for no name, or one that is not known."""
    if not wanted:
        raise WorkbenchError(f"No run has nothing{where}. Known: {', '.join(known) or 'none'}.")
    require_known(wanted, known, f"No run has {{}}{where}.")


def some_runs(runs: Sequence[Run]) -> Sequence[Run]:
    """The runs; WorkbenchError where there is none, or a single one instead of a list."""
    if isinstance(runs, Run):
        raise WorkbenchError("This is a single run: give a list of runs, such as [run].")
    if not runs:
        raise WorkbenchError("There is no run to draw: give a list of runs, such as [load_run(NAME)].")
    return runs


def runs_of_one_split(runs: Sequence[Run]) -> Sequence[Run]:
    """The runs; WorkbenchError where there is none, or they were tested on different documents."""
    splits = dict.fromkeys(run.split_id for run in some_runs(runs))
    if len(splits) > 1:
        raise WorkbenchError(
            f"Runs of the splits {', '.join(splits)} were tested on different documents: their numbers must "
            "not share a picture. Draw each split by itself."
        )
    return runs
