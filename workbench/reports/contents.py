"""From runs to the sections of a report; what cannot be shown is said in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from workbench import plots
from workbench.analysis.compared_runs import METRICS, compare_runs
from workbench.analysis.comparison import metric_names, run_table
from workbench.analysis.floor import floor_of, with_floors
from workbench.analysis.predicted_sets import PredictedSets, label_matrix
from workbench.analysis.trained_on import corpus_of
from workbench.errors import WorkbenchError
from workbench.metrics import higher_is_better
from workbench.plain_text import cut
from workbench.reports.parts import Part, Passage, Picture, Section, Table, Words
from workbench.reports.provenance import commands, provenance, settings
from workbench.runs.store import Run
from workbench.wording import how_many

if TYPE_CHECKING:
    from workbench.figures.theme import Figure

MOST_LABELS = 5_000
"""Rows of a table of labels: those with most training documents."""
MOST_RUNS = 12
"""Of one split in one picture or beside each other."""
EXAMPLES = 5
"""Test documents that are shown with their text."""
COOCCURRENCE_WIDTH = 640
"""Its cells are squares of a given height: a wider picture is empty beside them."""
LANDSCAPE_WIDTH = 560
"""One landscape is a square, too; several stand beside each other."""
_NAME_MOST = 200
_ALPHA = 0.05

Steps = Callable[[str], None]
"""Told of each section before it is made."""


def sections(runs: Sequence[Run], tell: Steps = lambda _: None, known: Sequence[Run] = ()) -> list[Section]:
    """All sections, in the order in which they are read; metrics with the floor of a split that is `known`.

    Raises:
        WorkbenchError: for no run, two of one name, or more than can stand beside each other.
    """
    _check(runs)
    splits = {split: [run for run in runs if run.split_id == split] for split in _splits(runs)}
    floored = {split: with_floors(some, known) for split, some in splits.items()}
    made = []
    for title, make in (
        ("What was trained", lambda: [*provenance(runs), *settings(runs)]),
        ("Metrics", lambda: _each(floored, _metrics)),
        ("Frequent and rare labels", lambda: _each(floored, _groups)),
        ("Learning curves", lambda: _drawn(lambda: plots.plot_curves(runs), "curves", _CURVES)),
        ("Spectra of label embeddings", lambda: _spectra(runs)),
        ("Which labels come together", lambda: _each(splits, _together)),
        ("Loss landscapes", lambda: _each(splits, _landscapes)),
        ("Label by label", lambda: _each(splits, _labels)),
        ("Documents that most runs mistake", lambda: _each(splits, _examples)),
        ("The same again", lambda: commands(runs)),
    ):
        tell(title)
        made.append(Section(title, make()))
    return made


_CURVES = (
    "Solid lines are training, dotted ones validation. Look for the term that still falls when the "
    "validation metric has stopped rising: it is what the model goes on fitting."
)
_SPECTRA = (
    "The slower the energy rises, the more diverse the label embeddings. A few large singular values mean "
    "that most labels lie along a few shared directions."
)
_TOGETHER = (
    "Each cell counts the training documents with both labels, on a logarithmic scale; without ink they "
    "never come together. Look for squares along the diagonal: labels of one theme."
)
_LANDSCAPES = (
    "Look for how far apart the lines are around the cross, which is the trained model: the farther, the "
    "flatter. Two of thousands of directions are an impression, not a measurement."
)


def _check(runs: Sequence[Run]) -> None:
    names = [run.name for run in runs]
    if not names:
        raise WorkbenchError("A report needs a run. `workbench runs list` names those there are.")
    if len(set(names)) < len(names):
        raise WorkbenchError(f"Two of these runs have one name: {', '.join(names)}. Give each once.")
    if len(names) > MOST_RUNS:
        raise WorkbenchError(
            f"{len(names)} runs are too many to be read beside each other: give at most {MOST_RUNS}."
        )


def _splits(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(run.split_id for run in runs))


def _each(splits: dict[str, list[Run]], make: Callable[[list[Run]], list[Part]]) -> list[Part]:
    """The parts of each split; where there are several, each under its name."""
    parts: list[Part] = []
    for split, runs in splits.items():
        parts += [Words(f"Split {split}")] if len(splits) > 1 else []
        try:
            parts += make(runs)
        except WorkbenchError as error:
            parts.append(Words(str(error), is_note=True))
    return parts


def _drawn(draw: Callable[[], Figure], name: str, look_for: str) -> list[Part]:
    try:
        return [Picture(draw(), name), Words(look_for)]
    except WorkbenchError as error:
        return [Words(str(error), is_note=True)]


def _done(runs: Sequence[Run]) -> list[Run]:
    found = [run for run in runs if run.status == "done"]
    if not found:
        raise WorkbenchError("None of these runs is finished: there are no test metrics yet.")
    return found


def _metrics(runs: list[Run]) -> list[Part]:
    done = _done(runs)
    table = run_table(done)
    names = [name for name in metric_names(table) if table[name].notna().any()]
    columns = {str(row["run"]): [row[name] for name in names] for row in table.to_dict("records")}
    beside = pd.DataFrame({"metric": names, **columns})
    floor = floor_of(done, done[0].split_id)
    line = f". The dashed line is {floor.name}, the floor" if floor else ""
    digits, caption = dict.fromkeys(columns, 4), f"Test documents; fractions in [0, 1]{line}"
    picture = Picture(plots.plot_metrics(done), "metrics")
    if len(done) == 1:
        return [picture, Table(beside, digits, caption=caption)]
    best = [_best(name, table[name]) for name in names]
    marked = frozenset(
        (row, run)
        for run, values in columns.items()
        for row, value in enumerate(values)
        if value == best[row]
    )
    return [picture, Table(beside, digits, marked, f"{caption}. The best is marked"), *_tests(done)]


def _best(metric: str, values: pd.Series[float]) -> float:
    """The best of the values; of a metric that is not known, none is."""
    try:
        return float(values.max() if higher_is_better(metric) else values.min())
    except WorkbenchError:
        return float("nan")


def _tests(runs: list[Run]) -> list[Part]:
    """Whether each run differs from the first by more than chance."""
    try:
        (found,) = compare_runs(runs, METRICS)
    except WorkbenchError as error:
        return [Words(f"Whether they differ by more than chance cannot be said: {error}", is_note=True)]
    table = found.differences.rename(columns={"low": "95 % from", "high": "to"})
    numbers = [str(name) for name in table if name not in ("run", "against", "metric")]
    clear = table[table["p"] < _ALPHA]
    said = (
        f"{how_many(len(clear), 'difference')} of {len(table)} would come about by chance in fewer than 1 "
        "of 20 cases; of many that are looked at, some always do."
    )
    tested = how_many(found.documents, "test document")
    look = f"Each run against {runs[0].name}, over {tested}: paired bootstrap, 1,000 draws."
    differences = frozenset({"difference", "95 % from", "to"})
    return [Table(table, dict.fromkeys(numbers, 4), caption=look, signed=differences), Words(said)]


def _groups(runs: list[Run]) -> list[Part]:
    look = (
        "Labels are grouped by how often training shows them. A method for rare labels should lift the right "
        "end, and not at the cost of the left."
    )
    return [Picture(plots.plot_groups(_done(runs)), "groups"), Words(look)]


def _spectra(runs: Sequence[Run]) -> list[Part]:
    having = [run for run in runs if "label_embeddings" in run.array_names]
    if not having:
        return [Words("None of these runs has label embeddings.", is_note=True)]
    return _drawn(lambda: plots.plot_spectrum(having), "spectra", _SPECTRA)


def _together(runs: list[Run]) -> list[Part]:
    corpus = corpus_of(runs[0])
    return [
        Picture(plots.plot_cooccurrence(corpus), "cooccurrence", width=COOCCURRENCE_WIDTH),
        Words(_TOGETHER),
    ]


def _landscapes(runs: list[Run]) -> list[Part]:
    probed = [run for run in runs if run.probe("landscape") is not None]
    if not probed:
        named = " ".join(run.name for run in runs)
        raise WorkbenchError(f"None is probed. A landscape is made by: workbench probe landscape {named}")
    width = LANDSCAPE_WIDTH if len(probed) == 1 else 0
    said: list[Part] = [Picture(plots.plot_landscape(probed), "landscapes", width=width), Words(_LANDSCAPES)]
    missing = [run.name for run in runs if run not in probed]
    if missing:
        named = " ".join(missing)
        said.append(Words(f"Not probed: {', '.join(missing)}. Made by: workbench probe landscape {named}"))
    return said


def _labels(runs: list[Run]) -> list[Part]:
    """A row a label: how often training shows it, and each run's F1 on test documents."""
    done = [run for run in _done(runs) if run.labels == runs[0].labels]
    first = done[0]
    table = pd.DataFrame(
        {
            "label": [cut(name, _NAME_MOST) for name in first.labels],
            "name": [cut(name, _NAME_MOST) for name in first.label_texts],
            "training documents": first.train_counts,
        }
    )
    scores = {}
    for run in done:
        rows = pd.DataFrame(
            run.metrics.get("test", {}).get("labels", []), columns=["index", "test_count", "F1"]
        )
        rows = rows.set_index("index").reindex(range(len(table)))
        table["test documents"] = rows["test_count"].to_numpy()
        scores[f"F1 {run.name}"] = rows["F1"].to_numpy(dtype=np.float64, na_value=np.nan)
    if table["label"].equals(table["name"]):
        table = table.drop(columns="name")
    table = table.assign(**scores).sort_values("training documents", ascending=False, kind="stable")
    caption = f"{how_many(len(table), 'label')}; click a heading to sort"
    if len(table) > MOST_LABELS:
        caption = f"The {MOST_LABELS:,} most frequent of {len(table):,} labels; click a heading to sort"
    return [Table(table.head(MOST_LABELS), dict.fromkeys(scores, 3), caption=caption)]


def _examples(runs: list[Run]) -> list[Part]:
    """The texts of the documents with most wrong decisions, summed over runs."""
    done = [run for run in _done(runs) if run.labels == runs[0].labels]
    first = done[0]
    corpus, ids = corpus_of(first), first.predictions["id"].tolist()
    if list(corpus.test.ids) != ids:
        raise WorkbenchError(
            "The corpus has changed since these runs: its texts are not those they were tested on."
        )
    gold = label_matrix(first.predictions["gold_labels"].to_numpy(), len(first.labels)).toarray() > 0
    predicted = {run.name: PredictedSets(run).of_documents(np.arange(len(run.scores))) for run in done}
    wrong = sum((sets != gold).sum(axis=1) for sets in predicted.values())
    rows = np.argsort(-np.asarray(wrong), kind="stable")[:EXAMPLES].tolist()
    names = [cut(name, _NAME_MOST) for name in first.label_texts]
    passages: list[Part] = [
        Passage(
            f"Document {cut(str(ids[row]), _NAME_MOST)}",
            corpus.test.texts[row],
            {
                "gold": _listed(names, gold[row]),
                **{name: _listed(names, sets[row]) for name, sets in predicted.items()},
            },
        )
        for row in rows
    ]
    return [
        Words("Read the text first, then what was predicted: is the gold right, and could you tell?"),
        *passages,
    ]


def _listed(names: Sequence[str], chosen: np.ndarray) -> str:
    return ", ".join(names[int(label)] for label in np.flatnonzero(chosen)) or "none"
