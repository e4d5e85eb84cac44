from __future__ import annotations

import pytest

from workbench.analysis.floor import FLOOR
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.reproduction import Reproduction, facts_of
from workbench.exhibits.scope import Scope
from workbench.methods.protomix import ProtoMix
from workbench.runs.store import Run, list_runs
from workbench.training.fit import TrainingInterrupted

SMALL = {"epochs": 1, "filters": 4, "embedding_size": 8, "batch_size": 32}


@pytest.fixture
def making(workspace, toy_corpus):
    """Reproduces an exhibit on the toy corpus with a tiny CNN."""
    save_corpus(toy_corpus, workspace.corpora / "toy")

    def make(name: str, **changes) -> Reproduction:
        scope = Scope(facts_of("toy", workspace), **({"settings": SMALL} | changes))
        return Reproduction(find_exhibit(name), scope, "toy", workspace)

    return make


def test_only_what_is_missing_is_trained_also_for_another_exhibit(making, workspace):
    told: list[Run] = []
    making("protomix/table-5").train(told.append)
    assert [run.manifest["method"] for run in told] == ["base", "protomix", FLOOR]
    making("protomix/table-5").train(told.append)
    making("protomix/figure-6").train(told.append)
    assert [run.manifest["method"] for run in told] == ["base", "protomix", FLOOR, "proto", "mix"]
    assert len(list_runs(workspace.runs)) == 5
    assert making("protomix/figure-6").state().is_whole
    assert len(making("protomix/figure-6").analyse().tables["ranks"]) == 4


def test_shares_of_the_training_documents_are_found_again(making):
    first = making("protomix/figure-4", seeds=(1,))
    needs = [need for need in first.state().missing if need.at == 0.25]
    assert {need.settings["train_size"] for need in needs} == {60}
    from workbench.training.once import fit_once

    fit_once(needs[0].method, "toy", "cnn", 1, workspace=first.workspace, **needs[0].settings)
    (found,) = first.state().made
    assert found.need == needs[0]
    assert found.run.manifest["corpus"]["n_train"] == 60
    numbers = first.analyse().tables["numbers"]
    assert set(numbers["split"]) == {f"{first.scope.corpus.split_id} / 240 train / 60 test"}
    assert set(numbers["at"]) == {0.25}


def test_after_an_interruption_the_finished_runs_stay_and_the_rest_goes_on(making, monkeypatch):
    told: list[Run] = []

    def only_once(run: Run) -> None:
        told.append(run)
        monkeypatch.setattr(ProtoMix, "forward", _interrupted)

    whole = ProtoMix.forward
    with pytest.raises(TrainingInterrupted):
        making("protomix/table-5").train(only_once)
    assert [one.run.name for one in making("protomix/table-5").state().made] == [told[0].name]
    monkeypatch.setattr(ProtoMix, "forward", whole)
    making("protomix/table-5").train(told.append)
    assert making("protomix/table-5").state().is_whole


def _interrupted(self, batch):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"encoders": ("cnnn",)}, "cnnn"),
        ({"frozen": True}, "frozen, it would encode nothing"),
        ({"settings": {"epoch": 1}}, "Did you mean 'epochs'"),
        ({"settings": {"epochs": 0}}, "epochs=0"),
    ],
    ids=str,
)
def test_what_cannot_be_trained_is_refused_before_anything_is(making, workspace, changes, message):
    with pytest.raises(WorkbenchError, match=message):
        making("protomix/table-5", **changes).check()
    assert list_runs(workspace.runs) == []


def test_an_unknown_corpus_is_named_with_those_there_are(workspace):
    with pytest.raises(WorkbenchError, match="no corpus 'toi'"):
        facts_of("toi", workspace)


def test_the_corpus_itself_is_counted_without_any_run(making):
    numbers = making("protomix/table-1").analyse().tables["numbers"].set_index("metric")["value"]
    assert numbers["train documents"] == 240
