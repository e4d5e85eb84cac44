"""What is measured of finished runs, as one long table: metrics, spectra, sharpness, what less data costs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.landscape import Landscape, check_comparable, read_landscape
from workbench.analysis.settings import flat
from workbench.analysis.sharpness import EIGENVALUE, RISE
from workbench.analysis.spectrum import effective_rank, rank_for_energy, singular_values
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

EFFECTIVE_RANK, RANK_90 = "effective rank of the label embeddings", "singular values for 90 % of the energy"

ABOUT = ["run", "corpus", "encoder", "method", "prototype", "percent", "seed"]
"""What a row is about; `percent` is the share of the training documents, of the most that a run of its corpus
and encoder saw."""

_VARIED = {"method.variant", "method.prototype", "training.train_size"}
_OF_SOME = (
    frozenset({"encoder.label_tokens", "encoder.labels_at_once"}),
    frozenset({"method.low_frequency"}),
)
"""Settings that some variants lack: those of an encoder that reads labels behind each document, and that of
CL-MIL's first stage, which is unset without it. They are compared among runs that have them."""
_WITHOUT_EFFECT = {
    f"training.{key}" for key in ("device", "logger", "log_every", "keep_epochs", "keep_stages")
}


def about_runs(runs: Iterable[Run]) -> pd.DataFrame:
    """One row a run: the columns of `ABOUT`.

    Raises:
        WorkbenchError: when runs of one corpus and encoder differ in more than method, prototype, share and
            seed, or in the documents that a seed draws: their differences would mean something else.
    """
    chosen = list(runs)
    _check_alike(chosen)
    table = pd.DataFrame([_about(run) for run in chosen], columns=[*ABOUT[:-2], "n_train", "seed"])
    most = table.groupby(["corpus", "encoder"])["n_train"].transform("max")
    table["percent"] = (100 * table["n_train"] / most).round().astype("int64")
    return table[ABOUT]


def measurement_table(
    runs: Sequence[Run],
    distance: float,
    also: Callable[[Run], Iterable[tuple[str, str, float | None]]] | None = None,
) -> pd.DataFrame:
    """One row a run and measure: the columns of `ABOUT`, part, measure, value (float64).

    Measures are the metrics of the test documents under their names, `EFFECTIVE_RANK`, `RANK_90`, and where
    the run has been probed `RISE` (at `distance`) and `EIGENVALUE`. What a run does not have has no row.
    `also` gives (part, measure, value) of a run besides; the part is empty where all of a run is measured.

    Raises:
        WorkbenchError: as `about_runs`; when a file is damaged, or landscapes to be paired differ.
    """
    rows: list[dict[Hashable, Any]] = []
    about = about_runs(runs)
    for known, run in zip(about.to_dict("records"), runs, strict=True):
        measured = [("", name, value) for name, value in (_metrics(run) | _ranks(run)).items()]
        rows += [
            {**known, "part": part, "measure": name, "value": value}
            for part, name, value in (*measured, *(also(run) if also else ()))
        ]
    rows += _sharpness(about, runs, distance)
    table = pd.DataFrame(rows, columns=[*ABOUT, "part", "measure", "value"])
    return table.dropna(subset=["value"]).astype({"value": "float64"}).reset_index(drop=True)


def drops(table: pd.DataFrame, metric: str, percent: int) -> pd.DataFrame:
    """How much of `metric` each setting and seed loses from all training documents to `percent` of them.

    From a `measurement_table`; the same columns, one row for each run on all documents that has its partner.
    """
    key = ["corpus", "encoder", "method", "prototype", "seed"]
    here = table[table["measure"] == metric]
    few = here.loc[here["percent"] == percent, [*key, "value"]]
    pairs = here[here["percent"] == 100].merge(few, on=key, suffixes=("", "_few"), validate="1:1")
    lost = pairs["value"] - pairs["value_few"]
    return pairs.assign(measure=drop_of(metric, percent), value=lost)[table.columns.tolist()]


def drop_of(metric: str, percent: int) -> str:
    """What the measure of `drops` is called."""
    return f"drop of {metric} from 100 to {percent} %"


def shared_settings(runs: Iterable[Run]) -> dict[str, Any]:
    """The settings (flat) that are the same in all of these runs."""
    configs = [flat(run.manifest.get("config") or {}) for run in runs]
    if not configs:
        return {}
    return {
        key: value for key, value in configs[0].items() if all(one.get(key) == value for one in configs[1:])
    }


def _about(run: Run) -> dict[str, Any]:
    known = run.manifest
    return {
        "run": run.name,
        "corpus": known["corpus"]["name"],
        "encoder": known["encoder"],
        "method": known["method"],
        "prototype": str(known["config"]["method"].get("prototype", "")),
        "n_train": run.n_train,
        "seed": known["seed"],
    }


def _check_alike(runs: Sequence[Run]) -> None:
    """Compare every run with the first one of its corpus and encoder, and of its documents."""
    settings: dict[tuple[Any, ...], Run] = {}
    having: dict[tuple[Any, ...], Run] = {}
    documents: dict[tuple[Any, ...], Run] = {}
    for run in runs:
        corpus, encoder = run.manifest["corpus"], run.manifest["encoder"]
        first = settings.setdefault((corpus["name"], encoder), run)
        differing = _differing(_fixed(run), _fixed(first))
        for names in _OF_SOME:
            ours = _of(run, names)
            if ours and not differing:
                first = having.setdefault((corpus["name"], encoder, names), run)
                differing = _differing(ours, _of(first, names))
        drawn = (corpus["name"], corpus["n_train"], run.manifest["seed"])
        other = documents.setdefault(drawn, run)
        if not differing and other.manifest["corpus"]["fingerprint"] != corpus["fingerprint"]:
            first, differing = other, ["the training documents drawn"]
        if differing:
            raise WorkbenchError(
                f"{run.name} and {first.name} cannot be judged together, for they differ in "
                f"{', '.join(differing)}. Leave one of them out, or train it anew."
            )


def _fixed(run: Run) -> dict[str, Any]:
    """What must be the same in all runs of a corpus and encoder."""
    corpus = run.manifest["corpus"]
    whole = corpus.get("drawn_from") or corpus
    config = flat(run.manifest["config"])
    free = _VARIED.union(*_OF_SOME) | _WITHOUT_EFFECT
    kept = {key: value for key, value in config.items() if key not in free}
    return kept | {"corpus": whole["fingerprint"]}


def _of(run: Run, names: frozenset[str]) -> dict[str, Any]:
    """The run's settings of these names; none where none of them is set."""
    found = {key: value for key, value in flat(run.manifest["config"]).items() if key in names}
    return found if any(value is not None for value in found.values()) else {}


def _differing(ours: dict[str, Any], theirs: dict[str, Any]) -> list[str]:
    return sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))


def _metrics(run: Run) -> dict[str, float | None]:
    return dict(run.metrics["test"]["overall"])


def _ranks(run: Run) -> dict[str, float]:
    if "label_embeddings" not in run.array_names:
        return {}
    values = singular_values(run.array("label_embeddings"))
    return {EFFECTIVE_RANK: effective_rank(values), RANK_90: float(rank_for_energy(values))}


def _sharpness(about: pd.DataFrame, runs: Sequence[Run], distance: float) -> list[dict[Hashable, Any]]:
    """The rows of sharpness; landscapes are alike within a seed, whose runs are paired."""
    rows: list[dict[Hashable, Any]] = []
    paired: dict[tuple[Any, ...], Landscape] = {}
    for known, run in zip(about.to_dict("records"), runs, strict=True):
        one = read_landscape(run)
        if one is None:
            continue
        cell = (known["corpus"], known["encoder"])
        check_comparable([paired.setdefault((*cell, known["percent"], known["seed"]), one), one])
        _check_settings(paired.setdefault(cell, one), one)
        sharpness = one.report["sharpness"]
        rows.append({**known, "part": "", "measure": RISE, "value": _rise(one, distance)})
        eigenvalue = sharpness["eigenvalue"]["value"]
        rows.append({**known, "part": "", "measure": EIGENVALUE, "value": eigenvalue})
    return rows


def _check_settings(first: Landscape, other: Landscape) -> None:
    if first.report["settings"] != other.report["settings"]:
        raise WorkbenchError(
            f"The landscapes of {first.run} and {other.run} were computed with different settings. Probe "
            f"both in one command: workbench probe landscape {first.run} {other.run}"
        )


def _rise(one: Landscape, distance: float) -> float | None:
    """The mean rise at this distance; None where the loss overflowed there."""
    rises = {rise["radius"]: rise["mean"] for rise in one.report["sharpness"]["rises"]}
    for radius, mean in rises.items():
        if np.isclose(radius, distance):
            return mean
    raise WorkbenchError(
        f"The landscape of {one.run} has no rise at distance {distance:g}, but at "
        f"{', '.join(f'{radius:.4g}' for radius in rises)}: choose one of these, or probe it anew."
    )
