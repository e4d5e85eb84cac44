"""SGM: gold labels by frequency, masks, padding, what it says twice the same, its ranking, its limits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.sgm import SGM

TEXTS = ["the quick brown fox", "graphs and networks learn slowly", "one"]
TARGETS = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=torch.uint8)
SMALL = {
    "units": 5,
    "layers": 1,
    "embedding_size": 8,
    "min_count": 1,
    "dropout": 0.0,
    "embedding_dropout": 0.0,
}


def _sgm(encoder: str = "bilstm", labels: int = 4, **config) -> SGM:
    counts = np.array([2, 1, 5, 1]) if labels == 4 else np.ones(labels, dtype=int)
    names = tuple(f"label {number}" for number in range(labels))
    torch.manual_seed(0)
    settings = SMALL if encoder == "bilstm" else {"max_length": 12}
    built = build_encoder(encoder, settings=settings, train_texts=TEXTS)
    config = {"state_size": 12, "label_size": 6} | config
    return SGM(built, LabelSpace(names, names, counts, 9), SGM.Config.parse(config)).eval()


def _batch(method: SGM, rows=(0, 1, 2)) -> Batch:
    rows = list(rows)
    return Batch(method.encoder.prepare(TEXTS).batch(rows), TARGETS[rows], torch.tensor(rows))


def _longer(batch: Batch, more: int = 6) -> Batch:
    inputs = {name: torch.nn.functional.pad(value, (0, more)) for name, value in batch.inputs.items()}
    return Batch(inputs, batch.targets, batch.rows)


def test_gold_labels_come_in_the_order_of_their_frequency():
    method = _sgm()
    (stage,) = method.stages()
    taught = stage.forward(_batch(method))
    assert method.order.tolist() == [2, 0, 1, 3]
    assert taught.gold.tolist() == [[2, 0, 4, -100, -100], [4] + 4 * [-100], [2, 0, 1, 3, 4]]
    assert taught.steps[2].isinf().sum(dim=1).tolist() == [0, 1, 2, 3, 4]  # masked while it learns


@pytest.mark.parametrize("global_embedding", [True, False])
def test_the_loss_is_the_cross_entropy_of_the_masked_softmax(global_embedding: bool):
    method = _sgm(global_embedding=global_embedding).double()
    (stage,) = method.stages()
    batch = _batch(method)
    taught = stage.forward(batch)
    found = float(stage.objectives[0](taught, batch).detach())
    terms = []
    for row, labels in enumerate([(2, 0), (), (2, 0, 1, 3)]):
        for place, token in enumerate((*labels, 4)):
            odds = np.exp(taught.steps[row, place].detach().numpy())
            assert (odds[list(labels[:place])] == 0).all()
            terms.append(-np.log(odds[token] / odds.sum()))
    assert found == pytest.approx(np.mean(terms))


def test_longer_padding_changes_nothing_in_training_and_in_the_search():
    method = _sgm()
    (stage,) = method.stages()
    batch = _batch(method)
    torch.testing.assert_close(stage.forward(_longer(batch)).steps, stage.forward(batch).steps)
    torch.testing.assert_close(method(_longer(batch)).logits, method(batch).logits)
    alone = stage.forward(_batch(method, [0])).steps
    torch.testing.assert_close(alone[0], stage.forward(batch).steps[0, : alone.shape[1]])


def test_evaluation_draws_nothing_and_training_does():
    method = _sgm(dropout=0.5)
    batch = _batch(method)
    torch.testing.assert_close(method(batch).logits, method(batch).logits, rtol=0, atol=0)
    (stage,) = method.train().stages()
    assert not torch.equal(stage.forward(batch).steps, stage.forward(batch).steps)


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize("most", [1, 2, 30])
def test_a_predicted_set_has_different_labels_up_to_the_most(beam: int, most: int):
    method = _sgm(beam=beam, most_labels=most)
    found = method(_batch(method))
    assert (found.chosen.sum(dim=1) <= min(most, 4)).all()
    assert found.logits.isfinite().all()


def test_labels_are_ranked_by_the_sequences_of_the_beam_that_have_them():
    method = _sgm(beam=65)  # as many as there are sequences of four labels
    batch = _batch(method, [0])
    encoded = method.encoder(batch.inputs)
    memories = method.decoder.read((encoded.tokens, encoded.mask))
    mass, best = np.zeros(4), (0.0, ())
    queue = [((), 1.0)]
    while queue:
        said, probability = queue.pop()
        odds = method.decoder(torch.tensor([[5, *said]]), memories)[0, -1].softmax(0).tolist()
        whole = probability * odds[4]
        mass[list(said)] += whole
        best = max(best, (whole, said))
        queue += [((*said, label), probability * odds[label]) for label in range(4) if label not in said]
    found = method(batch)
    assert set(found.chosen[0].nonzero().flatten().tolist()) == set(best[1])
    assert found.logits[0].argsort(descending=True).tolist() == np.argsort(-mass).tolist()
    np.testing.assert_allclose(method.probabilities(found)[0].detach(), mass, rtol=1e-4)


def test_a_label_that_was_not_said_changes_the_next_step_by_the_global_embedding_alone():
    batch_of = {}
    for uses in (True, False):
        method = _sgm(global_embedding=uses)
        (stage,) = method.stages()
        before = stage.forward(_batch(method, [0])).steps
        with torch.no_grad():
            method.decoder.embedding.weight[1] += 1.0
        batch_of[uses] = (before, stage.forward(_batch(method, [0])).steps)
    torch.testing.assert_close(*batch_of[False])
    assert not torch.allclose(*batch_of[True])


def test_it_learns_a_few_documents_by_heart():
    method = _sgm(dropout=0.0, state_size=24).train()
    (stage,) = method.stages()
    batch, optimizer = _batch(method), torch.optim.Adam(method.parameters(), lr=1e-2)
    for _ in range(60):
        optimizer.zero_grad()
        stage.objectives[0](stage.forward(batch), batch).backward()
        optimizer.step()
    with torch.no_grad():
        predicted = method.eval()(batch).chosen
    assert predicted.tolist() == TARGETS.bool().tolist()


def test_one_label_is_enough():
    method = _sgm(labels=1)
    batch = _batch(method)
    batch.targets = torch.tensor([[1], [0], [1]])
    (stage,) = method.stages()
    assert stage.forward(batch).gold.tolist() == [[0, 1], [1, -100], [0, 1]]
    assert method(batch).logits.shape == (3, 1)


def test_a_transformer_reads_for_it_as_well(tmp_path):
    method = _sgm(str(save_bert(tmp_path / "bert")))
    assert method(_batch(method)).logits.shape == (3, 4)


def test_too_many_labels_are_refused():
    with pytest.raises(WorkbenchError, match=r"sgm .*5,000.*6,000.* GB.*bert, text-cnn"):
        _sgm(labels=6_000)
