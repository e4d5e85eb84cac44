"""The weights of each epoch are kept where they are asked for, also through an interruption."""

from __future__ import annotations

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

from workbench.runs.store import Run
from workbench.training.epochs import epochs_before
from workbench.training.fit import resume


def test_no_epoch_is_kept_unless_asked_for(train):
    assert train().epoch_files == []


def test_the_first_weights_and_those_of_each_epoch_are_kept_in_half_precision(train):
    run = train(keep_epochs=True, epochs=3, patience=0)
    assert [path.name for path in run.epoch_files] == [f"epoch-00{number}.safetensors" for number in range(4)]
    final = load_file(run.model_dir / "model.safetensors")
    epochs = [load_file(path) for path in run.epoch_files]
    assert all(set(epoch) == set(final) for epoch in epochs)
    assert {tensor.dtype for epoch in epochs for tensor in epoch.values()} == {np.dtype(np.float16)}
    best = epochs[run.manifest["best"]["epoch"] + 1]
    for name, tensor in final.items():
        assert np.array_equal(best[name], tensor.astype(np.float16))
        assert not np.array_equal(epochs[0][name], best[name]) or tensor.ndim == 0


def test_what_is_not_trained_is_not_kept(train):
    run = train(keep_epochs=True, epochs=1, train_vectors=False)
    kept = load_file(run.epoch_files[-1])
    assert "encoder.embedding.weight" not in kept
    assert "classifier.weight" in kept


def test_an_interrupted_training_keeps_the_same_weights_as_an_undisturbed_one(
    train, workspace, toy_corpus, interrupted
):
    settings = {"epochs": 3, "patience": 0, "keep_epochs": True}
    with interrupted(25):  # in the second epoch
        train("base", name="interrupted", **settings)
    path = workspace.runs / "interrupted"
    assert len(Run.load(path).epoch_files) == 2
    ours = resume(path, corpus=toy_corpus, workspace=workspace).epoch_files
    theirs = train("base", name="undisturbed", **settings).epoch_files
    assert [file.name for file in ours] == [file.name for file in theirs]
    for one, other in zip(ours, theirs, strict=True):
        first, second = load_file(one), load_file(other)
        assert all(np.array_equal(first[name], second[name]) for name in second)


def test_keeping_epochs_changes_nothing_else(train):
    plain, kept = train(name="plain"), train(name="kept", keep_epochs=True)
    ours, theirs = (load_file(run.model_dir / "model.safetensors") for run in (plain, kept))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_epochs_are_counted_on_over_stages():
    earlier = pd.DataFrame({"stage": ["one", "one", "two", "three"], "epoch": [0, 1, 0, 4]})
    assert epochs_before("three", earlier) == 3
    assert epochs_before("one", pd.DataFrame()) == 0
    assert epochs_before("one", earlier[earlier["stage"] == "one"]) == 0
