"""SeqTag_Bert: likelihood, marginals and the likeliest tags against every row of tags there is."""

from __future__ import annotations

from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
import torch

import workbench
from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.seqtag import SeqTag, marginals
from workbench.training.settings import resolve

TEXTS = ["the quick brown fox", "graphs and networks learn slowly", "one"]
TARGETS = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=torch.uint8)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


def _seqtag(bert: Path, **config) -> SeqTag:
    space = LabelSpace(tuple("abcd"), tuple("abcd"), np.array([2, 1, 5, 1]), 9)
    torch.manual_seed(0)
    encoder = build_encoder(
        str(bert), settings={"max_length": 12}, train_texts=TEXTS, label_texts=["fox", "one", "graphs", "dog"]
    )
    method = SeqTag(encoder, space, SeqTag.Config.parse({"units": 6, **config})).eval()
    with torch.no_grad():  # strong enough that the tags depend on each other
        method.crf.transitions.copy_(torch.tensor([[0.9, -1.2], [-0.7, 1.5]]))
        method.emission.weight.mul_(8)
    return method


def _batch(method: SeqTag, rows=(0, 1, 2)) -> Batch:
    rows = list(rows)
    return Batch(method.encoder.prepare(TEXTS).batch(rows), TARGETS[rows], torch.tensor(rows))


def _rows(method: SeqTag, emissions: np.ndarray) -> dict[tuple[int, ...], float]:
    """Every row of tags of one document with its probability, in the order of the chain."""
    crf = method.crf
    start, move, end = (
        p.detach().double().numpy() for p in (crf.start_transitions, crf.transitions, crf.end_transitions)
    )
    weights = {}
    for tags in product((0, 1), repeat=len(emissions)):
        score = start[tags[0]] + end[tags[-1]]
        score += sum(emissions[place, tag] for place, tag in enumerate(tags))
        score += sum(move[one, other] for one, other in pairwise(tags))
        weights[tags] = np.exp(score)
    total = sum(weights.values())
    return {tags: weight / total for tags, weight in weights.items()}


def _taught(method: SeqTag):
    (stage,) = method.stages()
    batch = _batch(method)
    with torch.no_grad():
        tagged = stage.forward(batch)
        return tagged, float(stage.objectives[0](tagged, batch))


def test_the_loss_is_the_likelihood_of_the_gold_row(bert: Path):
    method = _seqtag(bert)
    tagged, loss = _taught(method)
    emissions = tagged.emissions.double().numpy()
    gold = TARGETS[:, method.order].tolist()
    expected = [-np.log(_rows(method, emissions[row])[tuple(gold[row])]) / 4 for row in range(3)]
    assert loss == pytest.approx(np.mean(expected), rel=1e-4)
    assert tagged.tags.tolist() == gold


def test_marginals_are_sums_over_all_rows(bert: Path):
    method = _seqtag(bert)
    tagged, _ = _taught(method)
    crf = method.crf
    found = marginals(tagged.emissions, crf.start_transitions, crf.transitions, crf.end_transitions)
    for row in range(3):
        every = _rows(method, tagged.emissions[row].double().numpy())
        expected = [sum(p for tags, p in every.items() if tags[place]) for place in range(4)]
        np.testing.assert_allclose(found[row].detach().numpy(), expected, atol=1e-5)


def test_a_single_label_has_a_marginal():
    found = marginals(
        torch.tensor([[[0.0, 1.0]]]), torch.zeros(2), torch.zeros(2, 2), torch.tensor([0.0, 0.5])
    )
    assert float(found) == pytest.approx(1 / (1 + np.exp(-1.5)))


def test_the_predicted_set_is_the_likeliest_row_and_ranked_by_marginals(bert: Path):
    method = _seqtag(bert)
    tagged, _ = _taught(method)
    with torch.no_grad():
        found = method(_batch(method))
    for row in range(3):
        every = _rows(method, tagged.emissions[row].double().numpy())
        best = np.array(max(every, key=lambda tags: every[tags]))
        assert found.chosen[row, method.order].tolist() == best.astype(bool).tolist()
        mass = np.array([sum(p for tags, p in every.items() if tags[place]) for place in range(4)])
        np.testing.assert_allclose(found.logits[row, method.order].sigmoid(), mass, rtol=1e-4)


def test_labels_stand_in_the_order_of_their_frequency(bert: Path):
    assert _seqtag(bert).order.tolist() == [2, 0, 1, 3]


def test_a_document_is_tagged_the_same_alone_and_padded(bert: Path):
    method = _seqtag(bert)
    together = method(_batch(method)).logits
    for row in range(3):
        torch.testing.assert_close(
            method(_batch(method, [row])).logits[0], together[row], atol=1e-5, rtol=1e-4
        )


def test_evaluation_draws_nothing(bert: Path):
    method = _seqtag(bert, dropout=0.5)
    batch = _batch(method)
    torch.testing.assert_close(method(batch).logits, method(batch).logits, rtol=0, atol=0)


def test_an_encoder_that_reads_no_labels_is_refused():
    with pytest.raises(WorkbenchError, match="--encoder minilm"):
        resolve("seqtag", "cnn", False, {})


def test_a_run_predicts_sets_and_tunes_no_threshold(bert: Path, toy_corpus, workspace):
    settings = {"epochs": 1, "max_length": 12, "units": 4, "train_size": 40}
    run = workbench.fit("seqtag", toy_corpus, str(bert), device="cpu", **settings)
    assert run.metrics["threshold"] is None
    assert "loss/tagging" in run.history


def test_it_learns_a_few_documents_by_heart(bert: Path):
    method = _seqtag(bert, dropout=0.0).train()
    (stage,) = method.stages()
    batch, optimizer = _batch(method), torch.optim.Adam(method.parameters(), lr=3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        stage.objectives[0](stage.forward(batch), batch).backward()
        optimizer.step()
    with torch.no_grad():
        predicted = method.eval()(batch).chosen
    assert predicted.tolist() == TARGETS.bool().tolist()
