from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from tests.landscapes import give_landscape
from workbench.analysis.measurements import (
    EFFECTIVE_RANK,
    RANK_90,
    about_runs,
    drop_of,
    drops,
    measurement_table,
    shared_settings,
)
from workbench.analysis.sharpness import EIGENVALUE, RISE
from workbench.errors import WorkbenchError
from workbench.files import write_json
from workbench.runs.store import Run

WHOLE = {"fingerprint": "whole", "split_id": "demo/2a9f61c3", "n_train": 200}


@pytest.fixture
def trained(run_factory):
    """A run of this method and seed on this share of 200 training documents."""

    def make(method: str, seed: int = 0, share: float = 1, *, prototype: str = "attentive", **changes) -> Run:
        size = round(share * 200)
        config = {
            "method": {"variant": method, "prototype": prototype, "beta": changes.pop("beta", 0.001)},
            "training": {"epochs": 3, "train_size": size if share < 1 else None, "device": f"cpu:{seed}"},
        }
        path = run_factory(f"{method}-{prototype}-{size}-{seed}", method=method, seed=seed, config=config)
        manifest = json.loads((path / "run.json").read_text(encoding="utf-8"))
        part = {"fingerprint": f"{size} by {seed}", "n_train": size, "drawn_from": WHOLE}
        manifest["corpus"] |= (part if share < 1 else WHOLE) | changes
        write_json(path / "run.json", manifest)
        return Run.load(path)

    return make


def measured(table: pd.DataFrame, name: str) -> dict[str, float]:
    return table[table["measure"] == name].set_index("run")["value"].to_dict()


def test_runs_are_told_by_method_prototype_share_and_seed(trained):
    runs = [trained("base"), trained("proto", 1, 0.25), trained("proto", 1, prototype="average")]
    told = about_runs(runs)[["corpus", "encoder", "method", "prototype", "percent", "seed"]]
    assert told.to_numpy().tolist() == [
        ["demo", "cnn", "base", "attentive", 100, 0],
        ["demo", "cnn", "proto", "attentive", 25, 1],
        ["demo", "cnn", "proto", "average", 100, 1],
    ]


def test_metrics_and_ranks_of_each_run(trained):
    run = trained("base")
    table = measurement_table([run], 0.5)
    assert measured(table, "nDCG@5") == {run.name: run.metrics["test"]["overall"]["nDCG@5"]}
    values = np.linalg.svd(run.array("label_embeddings"), compute_uv=False)
    shares = values / values.sum()
    entropy = -sum(share * math.log(share) for share in shares)
    assert measured(table, EFFECTIVE_RANK)[run.name] == pytest.approx(math.exp(entropy))
    energy, needed = 0.0, 0
    while energy < 0.9 * (values**2).sum():
        energy, needed = energy + values[needed] ** 2, needed + 1
    assert measured(table, RANK_90) == {run.name: needed}
    assert RISE not in set(table["measure"])


def test_sharpness_is_that_of_the_probe(trained):
    runs = [trained("base"), trained("mix"), trained("base", 1)]
    for run, sharpness in zip(runs[:2], (1.0, 0.5), strict=True):
        give_landscape(run.path, sharpness=sharpness)
    table = measurement_table(runs, 0.5)
    assert measured(table, RISE) == pytest.approx({runs[0].name: 0.75, runs[1].name: 0.375})
    assert measured(table, EIGENVALUE) == pytest.approx({runs[0].name: 4.0, runs[1].name: 2.0})
    with pytest.raises(WorkbenchError, match=r"no rise at distance 0.3, but at 0.5, 1"):
        measurement_table(runs, 0.3)


def test_landscapes_share_documents_within_a_seed_and_settings_everywhere(trained):
    runs = [trained("base"), trained("mix"), trained("base", 1)]
    give_landscape(runs[0].path)
    give_landscape(runs[2].path, documents={"split": "train", "count": 20, "ids_sha256": "1" * 64})
    assert len(measured(measurement_table(runs, 0.5), RISE)) == 2  # another seed may draw other documents
    give_landscape(runs[1].path, documents={"split": "train", "count": 20, "ids_sha256": "1" * 64})
    with pytest.raises(WorkbenchError, match="differ in documents"):
        measurement_table(runs, 0.5)
    give_landscape(runs[2].path, grid=9)
    with pytest.raises(WorkbenchError, match="computed with different settings"):
        measurement_table([runs[0], runs[2]], 0.5)


def test_a_drop_is_all_documents_less_few(trained):
    runs = [trained("base"), trained("base", 0, 0.25), trained("base", 1), trained("mix", 0, 0.25)]
    lost = drops(measurement_table(runs, 0.5), "nDCG@5", 25)
    all_of_them, few = (run.metrics["test"]["overall"]["nDCG@5"] for run in runs[:2])
    assert lost[["run", "percent", "measure"]].to_numpy().tolist() == [
        [runs[0].name, 100, drop_of("nDCG@5", 25)]
    ]
    assert lost["value"].tolist() == pytest.approx([all_of_them - few])


def test_settings_of_reading_labels_count_among_those_that_read_them(trained):
    runs = [trained("laco-no-je"), trained("laco"), trained("laco+plcp")]
    for run in runs[1:]:
        read_labels(run, "text")
    assert len(about_runs([Run.load(run.path) for run in runs])) == 3
    read_labels(runs[2], "new")
    with pytest.raises(WorkbenchError, match=r"differ in encoder\.label_tokens"):
        about_runs([Run.load(run.path) for run in runs])


def read_labels(run: Run, tokens: str) -> None:
    """Make it a run whose encoder read the labels, as these tokens."""
    manifest = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    manifest["config"]["encoder"] = {"label_tokens": tokens}
    write_json(run.path / "run.json", manifest)


def test_runs_that_differ_in_more_are_refused(trained):
    with pytest.raises(WorkbenchError, match=r"base-attentive-200-0 and mix-.* differ in method\.beta\."):
        about_runs([trained("mix"), trained("base", beta=0.1)])
    with pytest.raises(WorkbenchError, match="differ in corpus"):
        about_runs([trained("mix", 1), trained("base", 1, fingerprint="another")])
    drawn = [trained("mix", 0, 0.5), trained("base", 0, 0.5, fingerprint="another draw")]
    with pytest.raises(WorkbenchError, match="differ in the training documents drawn"):
        about_runs(drawn)


def test_settings_that_all_runs_share(trained):
    shared = shared_settings([trained("base"), trained("mix", 0, 0.5)])
    assert shared == {
        "method.beta": 0.001,
        "method.prototype": "attentive",
        "training.epochs": 3,
        "training.device": "cpu:0",
    }
    assert shared_settings([]) == {}


def test_no_run_is_an_empty_table():
    table = measurement_table([], 0.5)
    assert table.empty
    assert drops(table, "nDCG@5", 25).empty
