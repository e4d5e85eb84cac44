from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from workbench.analysis.document_statistics import run_statistics
from workbench.analysis.frequency_bins import bin_table
from workbench.analysis.trained_on import trained_on
from workbench.errors import WorkbenchError
from workbench.methods.protomix import ProtoMix
from workbench.probes.inference import Predictor
from workbench.runs.store import Run, list_runs
from workbench.training.loop import StageModule


def test_a_run_holds_what_the_store_promises(train, toy_corpus):
    run = train("protomix", epochs=3)
    assert run.status == "done"
    assert run.manifest["corpus"]["split_id"] == toy_corpus.split_id
    assert run.manifest["config"]["method"]["variant"] == "protomix"
    assert run.array("label_embeddings").shape == (10, 24)
    assert run.array("document_embeddings").shape == (60, 24)
    assert run.scores.shape == (60, 10)
    assert run.metrics["test"]["documents"] == 60
    assert run.manifest["durations_s"]["total"] > 0
    assert not (run.path / "checkpoints").exists()


def test_the_history_names_every_term_and_every_epoch(train):
    history = train("protomix", epochs=3, patience=0).history
    training = history[history["phase"] == "train"]
    assert {"loss", "loss/mixed_classification", "loss/mixed_prototype"} <= set(training.columns)
    total = training["loss/mixed_classification"] + 0.001 * training["loss/mixed_prototype"]
    np.testing.assert_allclose(training["loss"], total, rtol=1e-3)
    assert history[history["phase"] == "valid"]["epoch"].tolist() == [0, 1, 2]
    assert training["step"].max() == 3 * 15


def test_it_learns(train):
    run = train("base", epochs=12, head_learning_rate=0.02, learning_rate=0.02)
    assert run.metrics["test"]["overall"]["P@1"] > 0.8


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(train):
    weights = [load_file(train("protomix", seed=seed).model_dir / "model.safetensors") for seed in (3, 3, 4)]
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])
    assert not np.array_equal(weights[0]["classifier.weight"], weights[2]["classifier.weight"])


def test_the_best_epoch_is_kept_not_the_last(train):
    run = train("base", epochs=6, learning_rate=0.05, head_learning_rate=0.05, patience=2)
    valid = run.history[run.history["phase"] == "valid"].reset_index(drop=True)
    best = run.manifest["best"]
    assert best["epoch"] == valid["nDCG@5"].idxmax()
    assert run.metrics["valid"]["overall"]["nDCG@5"] == pytest.approx(valid["nDCG@5"].max(), abs=1e-6)


def test_early_stopping_waits_for_patience(train, monkeypatch):
    scores = iter([0.5, 0.9, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1])
    from workbench.training import callbacks

    monkeypatch.setattr(callbacks, "evaluate", lambda *a, **k: {"overall": {"nDCG@5": next(scores)}})
    run = train("base", epochs=8, patience=2)
    assert run.manifest["best"]["epoch"] == 1
    assert run.history["epoch"].max() == 3


def test_weight_averaging_keeps_the_mean_of_the_last_epochs(train):
    kwargs = {"epochs": 4, "patience": 0, "schedule": "constant", "warmup": 0.0}
    averaged = train("base", swa_start=2, **kwargs)
    ends = [_weights_after(train, epoch, kwargs) for epoch in (3, 4)]
    mean = (ends[0] + ends[1]) / 2
    kept = averaged.manifest["best"]["epoch"]
    expected = {2: ends[0], 3: mean}[kept] if kept >= 2 else None
    if expected is None:  # an earlier epoch was better on validation: its weights are not averaged
        expected = _weights_after(train, kept + 1, kwargs)
    got = load_file(averaged.model_dir / "model.safetensors")["classifier.weight"]
    np.testing.assert_allclose(got, expected, atol=1e-6)


def _weights_after(train, epochs, kwargs):
    from workbench.training import callbacks

    grows = iter(range(1, 100))
    with pytest.MonkeyPatch.context() as patch:  # every epoch is better than the last: the last is kept
        patch.setattr(callbacks, "evaluate", lambda *a, **k: {"overall": {"nDCG@5": next(grows)}})
        run = train("base", **(kwargs | {"epochs": epochs}))
    return load_file(run.model_dir / "model.safetensors")["classifier.weight"]


def test_gradient_accumulation_halves_the_steps(train):
    assert train("base", accumulate=2, epochs=1).history["step"].max() == 8


def test_another_methods_objective_can_be_added(train):
    run = train("base", add=("protomix.prototype:weight=0.5",))
    assert "loss/prototype" in run.history.columns
    assert run.manifest["config"]["method"]["add"] == ["protomix.prototype:weight=0.5"]


def test_an_objective_cannot_be_added_twice(train):
    with pytest.raises(WorkbenchError, match="has an objective 'prototype' already"):
        train("proto", add=("protomix.prototype",))


def test_a_smaller_training_split_has_another_split_id(train, toy_corpus):
    run = train("base", train_size=100)
    assert run.manifest["corpus"]["n_train"] == 100
    assert run.manifest["corpus"]["split_id"] != toy_corpus.split_id


def test_mixing_word_embeddings_trains(train):
    run = train("protomix", mix_at="embedding")
    assert np.isfinite(run.history["loss"].dropna()).all()


@pytest.mark.parametrize("threshold", ["fixed", "per_label", "tuned"])
def test_thresholds_come_from_validation(train, threshold):
    value = train("base", threshold=threshold).metrics["threshold"]
    assert (len(value) == 10) if threshold == "per_label" else (0 <= value <= 1)


def test_names_are_made_unique_and_given_ones_must_be_free(train):
    assert train().path.name == "toy-cnn-base-s0"
    assert train().path.name == "toy-cnn-base-s0-2"
    train(name="mine")
    with pytest.raises(WorkbenchError, match="mine"):
        train(name="mine")


def test_wrong_settings_leave_nothing_behind(train, workspace):
    with pytest.raises(WorkbenchError, match="epoch"):
        train(epoch=3)
    assert not workspace.runs.exists()


def test_a_loss_that_is_not_a_number_names_the_term_and_the_remedy(train, workspace):
    with pytest.raises(WorkbenchError, match=r"The loss became (nan|inf).*Lower the learning rate"):
        train("proto", learning_rate=1e30, head_learning_rate=1e30, clip=0, warmup=0.0, precision="float32")
    (run,) = list_runs(workspace.runs)
    assert (run.status, "Lower the learning rate" in run.reason) == ("failed", True)
    assert not run.history.empty
    # the CNN's own rate, not a tenth of what cannot work
    assert "in stage 'classification', epoch 1" in run.reason
    assert "--set learning_rate=0.003 --set head_learning_rate=0.003)" in run.reason


@pytest.mark.parametrize("name", ["mine", None])
def test_what_is_refused_before_the_first_step_leaves_its_name_to_the_next_try(train, workspace, name):
    for refused in (
        {"method": "lsfa", "head_threshold": 100_000},
        {"add": ("protomix.classification",)},
        {"strategy": "dpp"},
    ):
        with pytest.raises(WorkbenchError):
            train(name=name, **refused)
        assert not any(workspace.runs.iterdir())
    assert train(name=name, epochs=1).name == (name or "toy-cnn-base-s0")


def test_a_mistake_of_the_workbench_itself_is_kept_to_be_looked_at(train, workspace, monkeypatch):
    monkeypatch.setattr(ProtoMix, "stages", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train()
    assert [run.status for run in list_runs(workspace.runs)] == ["failed"]


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"logger": "wandb"}, "pip install wandb"),
        ({"precision": "float16", "device": "cpu"}, "precision=float16 trains on GPUs only"),
        ({"add": ("protomix.prototyp",)}, "Did you mean 'protomix.prototype'"),
    ],
    ids=["logger", "precision", "objective"],
)
def test_what_can_be_known_is_refused_before_anything_is_written(
    train, workspace, monkeypatch, settings, message
):
    from workbench.training import loggers

    monkeypatch.setattr(loggers, "find_spec", lambda name: None, raising=False)
    with pytest.raises(WorkbenchError, match=message):
        train(**settings)
    assert not workspace.runs.exists()


def test_run_is_loaded_from_its_path(train):
    run = train()
    assert Run.load(run.path).metrics == run.metrics


def test_a_stage_trains_its_own_parameters_and_gives_the_others_back(train, monkeypatch):
    stages, seen = ProtoMix.stages, {}

    def two_stages(self):
        (whole,) = stages(self)
        head = replace(whole, name="head", epochs=1, trains=lambda name: name.startswith("classifier"))
        return [head, replace(whole, name="all", epochs=1)]

    from workbench.training import loop

    configure = loop.StageModule.configure_optimizers

    def spy(self):
        seen[self.stage.name] = {
            n.split(".")[0] for n, p in self.method.named_parameters() if p.requires_grad
        }
        return configure(self)

    monkeypatch.setattr(ProtoMix, "stages", two_stages)
    monkeypatch.setattr(loop.StageModule, "configure_optimizers", spy)
    history = train("base").history
    assert seen == {"head": {"classifier"}, "all": {"classifier", "encoder"}}
    assert history["stage"].unique().tolist() == ["head", "all"]


def test_a_strategy_that_lightning_refuses_is_named(train):
    with pytest.raises(WorkbenchError, match=r"Lightning refuses devices=1, strategy=dpp: "):
        train(strategy="dpp")


def test_a_second_run_on_several_devices_needs_a_process_of_its_own(train, workspace, monkeypatch):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    with pytest.raises(WorkbenchError, match="start one program for each such run"):
        train(devices=2)
    assert list_runs(workspace.runs) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (0.003, 0.003)),  # the CNN's own rate
        ({"learning_rate": 0.05}, (0.05, 0.05)),
        ({"learning_rate": 1e-5}, (1e-5, 1e-3)),
        ({"head_learning_rate": 0.002}, (0.003, 0.002)),
    ],
)
def test_the_head_learns_no_slower_than_the_encoder_unless_told(train, monkeypatch, given, expected):
    seen, configure = [], StageModule.configure_optimizers
    monkeypatch.setattr(
        StageModule, "configure_optimizers", lambda self: seen.append(self.rates()) or configure(self)
    )
    train(epochs=1, **given)
    assert seen == [expected]


@pytest.fixture
def enlarged_corpus(toy_corpus):
    """The same corpus with ten documents more, made of its first ones, and described labels."""
    first = toy_corpus.train.take(range(10))
    ids = [f"made-{row}" for row in range(10)]
    described = toy_corpus.with_descriptions("toy-described", ["About it."] * len(toy_corpus.labels), "")
    return described.with_generated("toy-more", list(first.texts), first.targets, ids, "")


def test_generated_documents_are_trained_on_and_counted_apart(train, toy_corpus, enlarged_corpus):
    run = train("base", corpus=enlarged_corpus)
    plain = train("base")
    about = run.manifest["corpus"]
    assert (about["n_train"], about["n_generated"]) == (len(toy_corpus.train) + 10, 10)
    assert about["described"] and not plain.manifest["corpus"]["described"]
    assert run.split_id == plain.split_id
    assert run.train_counts.tolist() == plain.train_counts.tolist()
    assert trained_on(run, enlarged_corpus) is enlarged_corpus


def test_a_variant_that_reads_no_generated_documents_is_trained_on_the_others(
    train, toy_corpus, enlarged_corpus, monkeypatch
):
    monkeypatch.setattr(ProtoMix, "reads_generated", classmethod(lambda cls, variant: variant != "base"))
    run = train("base", corpus=enlarged_corpus)
    about = run.manifest["corpus"]
    assert (about["n_train"], about["n_generated"]) == (len(toy_corpus.train), 0)
    assert about["drawn_from"]["fingerprint"] == enlarged_corpus.fingerprint
    assert run.split_id == toy_corpus.split_id
    assert len(trained_on(run, enlarged_corpus).train) == len(toy_corpus.train)
    assert train("proto", corpus=enlarged_corpus).manifest["corpus"]["n_generated"] == 10


def test_generated_documents_weigh_in_no_propensity(train, enlarged_corpus):
    run = train("base", corpus=enlarged_corpus)
    measured = run.metrics["test"]["overall"]["PSP@3"]
    assert run.n_train == len(enlarged_corpus.train) - 10
    assert float(run_statistics(run, ["PSP@3"])["PSP@3"](np.ones((1, 60)))[0]) == pytest.approx(measured)
    assert Predictor.load(run).evaluate(enlarged_corpus)["overall"]["PSP@3"] == pytest.approx(measured)
    everything = bin_table(run, 1, 3)  # one bin of all labels
    assert everything["PSP"].item() == pytest.approx(measured)
