"""A workbench for multi-label text classification: train, look inside, compare.

`import workbench as wb` gives the names of `__all__`; each is imported from its home when it is first used,
so that looking at runs never waits for torch, nor training for plotly.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Before torch is loaded: threads that wait by spinning are ten times slower beside any other busy process.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

if TYPE_CHECKING:
    from workbench.analysis.compared_runs import compare_runs as compare_runs
    from workbench.analysis.comparison import over_seeds as over_seeds
    from workbench.analysis.comparison import run_table as run_table
    from workbench.analysis.mixture_differences import compare_mixtures as compare_mixtures
    from workbench.cards import paper_cards as paper_cards
    from workbench.data.cards import list_corpora as list_corpora
    from workbench.data.corpus import Corpus as Corpus
    from workbench.data.importing import Source as Source
    from workbench.data.importing import check_source as check_source
    from workbench.data.importing import import_corpus as import_corpus
    from workbench.data.library import load_corpus as load_corpus
    from workbench.data.reading import ReadOptions as ReadOptions
    from workbench.data.statistics import label_frequencies as label_frequencies
    from workbench.errors import WorkbenchError as WorkbenchError
    from workbench.exhibits.registry import all_exhibits as all_exhibits
    from workbench.exhibits.registry import find_exhibit as find_exhibit
    from workbench.exhibits.reproduction import reproduce as reproduce
    from workbench.map_plots import plot_documents as plot_documents
    from workbench.map_plots import plot_tail_features as plot_tail_features
    from workbench.methods.registry import method_names as method_names
    from workbench.plots import plot_cooccurrence as plot_cooccurrence
    from workbench.plots import plot_curves as plot_curves
    from workbench.plots import plot_groups as plot_groups
    from workbench.plots import plot_labels as plot_labels
    from workbench.plots import plot_landscape as plot_landscape
    from workbench.plots import plot_metrics as plot_metrics
    from workbench.plots import plot_mixtures as plot_mixtures
    from workbench.plots import plot_spectrum as plot_spectrum
    from workbench.probes.inference import predict as predict
    from workbench.reports.writing import write_report as write_report
    from workbench.runs.adding import add_runs as add_runs
    from workbench.runs.export import export_archive as export_archive
    from workbench.runs.opening import load_run as load_run
    from workbench.runs.opening import load_runs as load_runs
    from workbench.runs.store import Run as Run
    from workbench.training.fit import fit as fit
    from workbench.training.fit import resume as resume
    from workbench.workspace import Workspace as Workspace

HOMES = {
    "Corpus": "data.corpus",
    "ReadOptions": "data.reading",
    "Run": "runs.store",
    "Source": "data.importing",
    "WorkbenchError": "errors",
    "Workspace": "workspace",
    "add_runs": "runs.adding",
    "all_exhibits": "exhibits.registry",
    "check_source": "data.importing",
    "compare_mixtures": "analysis.mixture_differences",
    "compare_runs": "analysis.compared_runs",
    "export_archive": "runs.export",
    "find_exhibit": "exhibits.registry",
    "fit": "training.fit",
    "import_corpus": "data.importing",
    "label_frequencies": "data.statistics",
    "list_corpora": "data.cards",
    "load_corpus": "data.library",
    "load_run": "runs.opening",
    "load_runs": "runs.opening",
    "method_names": "methods.registry",
    "over_seeds": "analysis.comparison",
    "paper_cards": "cards",
    "plot_cooccurrence": "plots",
    "plot_curves": "plots",
    "plot_documents": "map_plots",
    "plot_groups": "plots",
    "plot_labels": "plots",
    "plot_landscape": "plots",
    "plot_metrics": "plots",
    "plot_mixtures": "plots",
    "plot_spectrum": "plots",
    "plot_tail_features": "map_plots",
    "predict": "probes.inference",
    "reproduce": "exhibits.reproduction",
    "resume": "training.fit",
    "run_table": "analysis.comparison",
    "write_report": "reports.writing",
}
"""The module that each public name is from."""

__all__ = [
    "Corpus",
    "ReadOptions",
    "Run",
    "Source",
    "WorkbenchError",
    "Workspace",
    "add_runs",
    "all_exhibits",
    "check_source",
    "compare_mixtures",
    "compare_runs",
    "export_archive",
    "find_exhibit",
    "fit",
    "import_corpus",
    "label_frequencies",
    "list_corpora",
    "load_corpus",
    "load_run",
    "load_runs",
    "method_names",
    "over_seeds",
    "paper_cards",
    "plot_cooccurrence",
    "plot_curves",
    "plot_documents",
    "plot_groups",
    "plot_labels",
    "plot_landscape",
    "plot_metrics",
    "plot_mixtures",
    "plot_spectrum",
    "plot_tail_features",
    "predict",
    "reproduce",
    "resume",
    "run_table",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name in HOMES:
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'workbench' has no attribute {name!r}; there are: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
