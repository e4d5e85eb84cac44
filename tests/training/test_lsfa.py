"""LSFA's three stages through the loop: what each trains, what is kept, and resuming in the middle."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from safetensors.numpy import load_file

from workbench.data import oversampling
from workbench.errors import WorkbenchError
from workbench.methods import lsfa as module
from workbench.methods.label_space import LabelSpace
from workbench.methods.lsfa import LSFA, LSFAConfig
from workbench.methods.storage import load_method
from workbench.runs.store import Run
from workbench.training import run_job
from workbench.training.fit import resume

TINY = {
    "projection": 12,
    "latent": 4,
    "generator_hidden": 8,
    "generator_epochs": 3,
    "adjust_epochs": 2,
    "augment_times": 6,
    "dropout": 0.0,
}


@pytest.fixture
def lsfa(train, toy_corpus):
    counts = np.sort(toy_corpus.train.targets.sum(axis=0))
    threshold = int(counts[len(counts) // 2])

    def fit(method: str = "lsfa", **settings) -> Run:
        return train(method, **(TINY | {"head_threshold": threshold} | settings))

    return fit


@pytest.fixture(scope="module")
def names() -> list[str]:
    return ["features", "generator", "classifiers"]


def test_each_stage_has_its_terms_and_only_classifying_ones_are_validated(lsfa, names):
    history = lsfa().history
    assert list(dict.fromkeys(history["stage"])) == names
    training = history[history["phase"] == "train"].groupby("stage")
    terms = {
        stage: {name for name in rows if name.startswith("loss/") and rows[name].notna().any()}
        for stage, rows in training
    }
    assert terms == {
        "features": {"loss/classification", "loss/prototypical_contrast"},
        "generator": {"loss/reconstruction"},
        "classifiers": {"loss/classification", "loss/augmented"},
    }
    valid = history[history["phase"] == "valid"].groupby("stage")["epoch"].count()
    assert valid.to_dict() == {"features": 2, "classifiers": 2}
    assert training["epoch"].max().to_dict() == {"features": 1, "generator": 2, "classifiers": 1}


def test_the_best_epoch_is_of_the_last_stage_that_is_validated(lsfa, workspace, monkeypatch):
    def stopping(self, seed):
        raise KeyboardInterrupt

    monkeypatch.setattr(LSFA, "_generate", stopping)
    with pytest.raises(KeyboardInterrupt):
        lsfa()
    run = Run.load(next(workspace.runs.iterdir()))
    assert set(run.history["stage"]) == {"features", "generator"}
    best = run.manifest["best"]
    assert (best["stage"], best["metric"]) == ("features", "nDCG@5")
    valid = run.history.query("phase == 'valid'").set_index("epoch")["nDCG@5"]
    assert best["value"] == valid[best["epoch"]] == valid.max()


def test_the_contrast_sets_in_after_the_epochs_it_was_told(lsfa):
    history = lsfa(epochs=3, contrast_after=2).history
    rows = history[(history["stage"] == "features") & (history["phase"] == "train")]
    contrast = rows.groupby("epoch")["loss/prototypical_contrast"].mean()
    assert contrast[0] == contrast[1] == 0
    assert contrast[2] > 0


def test_a_contrast_that_never_sets_in_is_said_before_training(lsfa, caplog):
    lsfa(epochs=1)
    (said,) = caplog.messages
    assert said.startswith("Note: With contrast_after=1 and epochs=1 the prototypical contrast never sets in")
    assert said.endswith("--set contrast_after=0")


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({"contrast_after": 1000}, 1),
        ({"contrast_after": 10}, 1),
        ({"contrast_after": 9}, 0),
        ({"contrast_after": 1000, "alpha": 0}, 0),
        ({"contrast_after": 1000, "variant": "lsfa-augment"}, 0),
    ],
)
def test_only_a_contrast_that_was_asked_for_can_be_missing(settings, count):
    notes = LSFAConfig(**settings).notes(10, LabelSpace((), (), np.zeros(0), 0))
    assert len(notes) == count
    assert all(note.endswith("--set contrast_after=1") for note in notes)


def test_every_stage_leaves_what_it_does_not_train_as_it_was(lsfa, monkeypatch):
    kept = {}
    run_stage = run_job.run_stage

    def watching(method, stage, *rest):
        before = {name: value.clone() for name, value in method.state_dict().items()}
        found = run_stage(method, stage, *rest)
        after = method.state_dict()
        kept[stage.name] = {name for name in after if not before[name].equal(after[name])}
        return found

    monkeypatch.setattr(run_job, "run_stage", watching)
    lsfa()
    assert not any(name.startswith("generator.") for name in kept["features"])
    assert {name.split(".")[0] for name in kept["generator"]} == {
        "generator",
        "prototypes",
        "prototype_counts",
    }
    assert kept["classifiers"] == {"classifier.weight"}


def test_a_run_keeps_features_prototypes_and_what_was_generated(lsfa, toy_corpus):
    run = lsfa()
    counts = toy_corpus.train.targets.sum(axis=0)
    tail = run.array("label_is_tail")
    np.testing.assert_array_equal(
        tail, (counts > 0) & (counts < run.manifest["config"]["method"]["head_threshold"])
    )
    generated = run.array("augmented_labels")
    assert np.unique(generated).tolist() == np.flatnonzero(tail).tolist()
    assert np.bincount(generated).max() == 6
    assert run.array("augmented_features").shape == (len(generated), 12)
    assert run.array("prototypes").shape == (len(counts), 12)
    features, label = run.array("label_features"), run.array("label_feature_labels")
    rows, splits = run.array("label_feature_rows"), run.array("label_feature_splits")
    assert features.shape == (len(label), 12)
    for number, split in enumerate((toy_corpus.train, toy_corpus.test)):
        here = splits == number
        assert (split.targets.toarray()[rows[here], label[here]] == 1).all()
        assert len(set(zip(rows[here], label[here], strict=True))) == here.sum()


def test_prototypes_are_the_means_of_the_kept_features(lsfa, toy_corpus):
    run = lsfa()
    label = run.array("label_feature_labels")
    of_training = run.array("label_feature_splits") == 0
    features = run.array("label_features").astype(np.float64)
    counts = np.asarray(toy_corpus.train.targets.sum(axis=0))
    complete = [k for k in range(len(counts)) if 0 < counts[k] == (of_training & (label == k)).sum()]
    assert complete
    for k in complete:
        mean = features[of_training & (label == k)].mean(axis=0)
        np.testing.assert_allclose(run.array("prototypes")[k], mean, atol=2e-3)


def test_thresholds_that_were_not_given_are_written_down(train):
    run = train("lsfa-attention", projection=12)
    chosen = run.manifest["config"]["method"]
    assert chosen["head_threshold"] >= 1
    assert chosen["augment_times"] >= 1
    assert load_method(run.model_dir).config.head_threshold == chosen["head_threshold"]


@pytest.mark.parametrize("call", [0, 3, 8])
def test_killed_in_stage_two_it_goes_on_there_to_the_same_weights(
    lsfa, workspace, toy_corpus, monkeypatch, call
):
    calls, reconstruct = count(), LSFA._reconstruct

    def stopping(self, batch):
        if next(calls) == call:
            raise KeyboardInterrupt
        return reconstruct(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(LSFA, "_reconstruct", stopping)
        with pytest.raises(KeyboardInterrupt):
            lsfa(generator_epochs=9)
    path = next(workspace.runs.iterdir())
    assert set(Run.load(path).history["stage"]) <= {"features", "generator"}
    best = Run.load(path).manifest["best"]
    assert (best["stage"], best["metric"]) == ("features", "nDCG@5")
    with monkeypatch.context() as patch:
        patch.setattr(module, "PairWriter", lambda *_: pytest.fail("features are computed again"))
        finished = resume(path, corpus=toy_corpus, workspace=workspace)
    undisturbed = lsfa(generator_epochs=9, name="undisturbed")
    ours, theirs = (load_file(run.model_dir / "model.safetensors") for run in (finished, undisturbed))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    for name in ("augmented_features", "label_features", "prototypes"):
        np.testing.assert_array_equal(finished.array(name), undisturbed.array(name))


def test_repeated_documents_make_an_epoch_longer(lsfa, toy_corpus):
    run = lsfa("lsfa-sample", batch_size=1000, epochs=1)
    assert run.history["step"].max() == 1
    longer = lsfa("lsfa-sample", epochs=1, augment_times=50, name="longer").history["step"].max()
    tail = int(run.array("label_is_tail").sum())
    assert longer == -(-(len(toy_corpus.train) + 50 * tail) // 16)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"head_threshold": 10_000},
            "With head_threshold=10000 there is no head label to learn from: labels have",
        ),
        ({"head_threshold": 1}, "With head_threshold=1 there is no tail label to augment"),
        ({"augment_times": 0}, "augment_times=0.*train lsfa-attention"),
        ({"augment_times": 10**12}, "Generate fewer: --set augment_times="),
    ],
)
def test_a_division_or_number_that_cannot_work_says_what_to_change(lsfa, settings, message):
    with pytest.raises(WorkbenchError, match=message):
        lsfa(**settings)


def test_repeated_documents_that_the_memory_cannot_list_are_refused(lsfa, monkeypatch):
    """A patched memory, so that the list is not made where the refusal fails."""
    monkeypatch.setattr(oversampling, "free_main_memory", lambda: 20_000)
    with pytest.raises(WorkbenchError, match="Repeat fewer: --set augment_times="):
        lsfa("lsfa-sample", augment_times=1000)


@pytest.mark.parametrize(
    ("setting", "stage", "usual"),
    [("generator_rate", "generator", 0.001), ("adjust_rate", "classifiers", 0.003)],
)
def test_a_loss_that_is_not_a_number_names_its_stage_and_the_rate_of_that_stage(lsfa, setting, stage, usual):
    """The CNN learns at 0.003, which the classifiers' rate is where it is not given."""
    message = rf"in stage '{stage}', epoch .* Lower the learning rate \(--set {setting}={usual}\), clip"
    with pytest.raises(WorkbenchError, match=message):
        lsfa(**{setting: 1e30}, clip=0, warmup=0.0)


def test_features_that_collapsed_are_refused_before_the_generator(lsfa, monkeypatch):
    monkeypatch.setattr(
        module.LabelAttention,
        "of_pairs",
        lambda self, tokens, mask, document, label: tokens.new_ones(len(label), 12),
    )
    with pytest.raises(WorkbenchError, match="one and the same vector in all documents"):
        lsfa("lsfa-augment")


def test_a_tail_label_with_one_document_is_generated_around_it(lsfa, toy_corpus, monkeypatch):
    run = lsfa()
    counts = np.asarray(toy_corpus.train.targets.sum(axis=0))
    rare = int(np.flatnonzero(counts == counts[counts > 0].min())[0])
    made = run.array("augmented_features")[run.array("augmented_labels") == rare]
    assert len(made) == 6
    assert len(np.unique(made, axis=0)) == 6
