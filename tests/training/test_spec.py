from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import workbench
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import list_runs
from workbench.training.spec import Recipe, manifest


def test_numpy_numbers_and_paths_are_kept_as_plain_ones(tmp_path):
    given = {"epochs": np.int64(2), "beta": np.float32(0.5), "widths": np.array([2, 3]), "vectors": tmp_path}
    recipe = Recipe.of("proto", tmp_path, "cnn", False, np.int64(3), given)
    assert Recipe(**json.loads(json.dumps(recipe.as_json()))) == recipe
    assert recipe.settings == {"epochs": 2, "beta": 0.5, "widths": [2, 3], "vectors": str(tmp_path)}
    assert recipe.resolve().training.epochs == 2


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "1"])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(WorkbenchError, match=r"is no seed: give a whole number from 0"):
        Recipe.of("base", "demo", "cnn", False, seed, {})


def test_a_corpus_in_a_folder_names_the_run_by_its_last_part(workspace, toy_corpus, tmp_path, monkeypatch):
    folder = save_corpus(toy_corpus, tmp_path / "mine" / "papers")
    monkeypatch.chdir(tmp_path)
    for given in ("./mine/papers", folder):
        run = workbench.fit("base", given, epochs=1, filters=4, embedding_size=4, workspace=workspace)
        assert run.name.startswith("papers-cnn-base-s0")


def test_the_manifest_keeps_every_hyper_parameter_defaults_too(toy_corpus):
    recipe = Recipe.of("proto", "toy", "cnn", False, 0, {"filters": 4, "epochs": 2})
    config = manifest(recipe, recipe.resolve(), toy_corpus, {})["config"]
    assert (config["encoder"]["filters"], config["encoder"]["max_length"]) == (4, 500)
    assert (config["training"]["epochs"], config["training"]["clip"]) == (2, 1.0)
    assert config["method"]["beta"] == 0.001


@pytest.mark.parametrize("part", ["train", "valid", "test"])
def test_a_corpus_with_an_empty_split_is_refused_before_anything_is_written(toy_corpus, workspace, part):
    corpus = replace(toy_corpus, **{part: toy_corpus.splits[part].take([])})
    with pytest.raises(WorkbenchError, match=f"has no {part} document.*files called train, valid and test"):
        workbench.fit("base", corpus, workspace=workspace)
    assert list_runs(workspace.runs) == []


def test_validation_documents_without_any_label_are_refused(toy_corpus, workspace):
    valid = replace(toy_corpus.valid, targets=toy_corpus.valid.targets * 0)
    valid.targets.eliminate_zeros()
    with pytest.raises(WorkbenchError, match="No validation document of 'toy' has a label"):
        workbench.fit("base", replace(toy_corpus, valid=valid), workspace=workspace)


def test_fewer_validation_documents_than_devices_are_refused(toy_corpus, workspace):
    corpus = replace(toy_corpus, valid=toy_corpus.valid.take([0, 1]))
    with pytest.raises(WorkbenchError, match=r"'toy' has 2 validation documents, .*devices=2 or fewer"):
        workbench.fit("base", corpus, workspace=workspace, devices=3)
    assert list_runs(workspace.runs) == []
