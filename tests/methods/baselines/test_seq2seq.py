"""Seq2Seq_T: what it is told while it learns, no later label seen, padding without effect, predicted sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

import workbench
from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, recurrent_decoder
from workbench.methods.baselines.seq2seq import Seq2Seq
from workbench.methods.label_decoder import LabelDecoder, positions
from workbench.probes.inference import Predictor

TEXTS = ["the quick brown fox", "graphs and networks learn slowly", "one"]
TARGETS = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=torch.uint8)


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


def _seq2seq(bert: Path | str, labels: int = 4, **config) -> Seq2Seq:
    names = tuple("abcd") if labels == 4 else tuple(f"l{number}" for number in range(labels))
    counts = np.array([2, 1, 5, 1]) if labels == 4 else np.ones(labels, dtype=np.int64)
    space = LabelSpace(names, names, counts, 9)
    torch.manual_seed(0)
    encoder = build_encoder(str(bert), settings={"max_length": 12}, train_texts=TEXTS)
    return Seq2Seq(encoder, space, Seq2Seq.Config.parse({"layers": 2, **config})).eval()


def _batch(method: Seq2Seq, rows=(0, 1, 2)) -> Batch:
    rows = list(rows)
    return Batch(method.encoder.prepare(TEXTS).batch(rows), TARGETS[rows], torch.tensor(rows))


def test_gold_labels_come_in_the_order_of_their_frequency(bert: Path):
    method = _seq2seq(bert)
    (stage,) = method.stages()
    taught = stage.forward(_batch(method))
    assert method.order.tolist() == [2, 0, 1, 3]
    assert taught.gold[2].tolist() == [2, 0, 1, 3, 4]
    assert taught.gold[1].tolist() == [4, -100, -100, -100, -100]


def test_a_step_sees_nothing_that_is_said_later(bert: Path):
    method = _seq2seq(bert)
    memory = method.encoder(_batch(method).inputs)
    said = torch.tensor([[5, 0, 1], [5, 0, 2], [5, 0, 3]])
    logits = method.decoder(said, memory.tokens[:1].expand(3, -1, -1), memory.mask[:1].expand(3, -1))
    torch.testing.assert_close(logits[0, :2], logits[1, :2])
    assert not torch.allclose(logits[0, 2], logits[1, 2])


def test_a_document_teaches_the_same_alone_and_padded(bert: Path):
    method = _seq2seq(bert)
    (stage,) = method.stages()
    together = stage.forward(_batch(method)).steps
    alone = stage.forward(_batch(method, [0])).steps
    torch.testing.assert_close(alone[0], together[0, : alone.shape[1]], atol=1e-5, rtol=1e-4)


def test_evaluation_draws_nothing(bert: Path):
    method = _seq2seq(bert, dropout=0.5)
    batch = _batch(method)
    torch.testing.assert_close(method(batch).logits, method(batch).logits, rtol=0, atol=0)
    (stage,) = method.train().stages()
    assert not torch.equal(stage.forward(batch).steps, stage.forward(batch).steps)


def test_the_predicted_set_is_that_of_the_likeliest_sequence(bert: Path):
    method = _seq2seq(bert, beam=65)  # as many as there are sequences of four labels
    with torch.no_grad():
        found = method(_batch(method, [0])).chosen[0]
        memory = method.encoder(_batch(method, [0]).inputs)
        said, chosen = torch.tensor([[5]]), set()
        best, queue = (0.0, set()), [(said, 0.0, chosen)]
        while queue:
            said, log_prob, chosen = queue.pop()
            logits = method.decoder(said, memory.tokens, memory.mask)[0, -1]
            logits[list(chosen)] = -torch.inf
            for token, value in enumerate((logits.log_softmax(0) + log_prob).tolist()):
                if token == 4 and np.exp(value) > best[0]:
                    best = (float(np.exp(value)), chosen)
                elif token < 4 and token not in chosen:
                    queue.append((torch.cat([said, torch.tensor([[token]])], 1), value, chosen | {token}))
    assert set(found.nonzero().flatten().tolist()) == best[1]


def test_positions_by_hand():
    expected = [[0, 1, 0, 1], [np.sin(1), np.cos(1), np.sin(0.01), np.cos(0.01)]]
    found = positions(2, 4, torch.zeros(1, dtype=torch.float64))
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-6)
    assert positions(3, 5, torch.zeros(1)).shape == (3, 5)


def test_without_token_states_it_says_so(bert: Path):
    encoder = build_encoder(str(bert), settings={"max_length": 12}, train_texts=TEXTS, frozen=True)
    space = LabelSpace(tuple("ab"), tuple("ab"), np.array([1, 1]), 2)
    with pytest.raises(WorkbenchError, match="states=tokens"):
        Seq2Seq(encoder, space, Seq2Seq.Config())


def test_a_run_predicts_sets_and_tunes_no_threshold(toy_corpus, workspace):
    settings = {"epochs": 3, "filters": 16, "embedding_size": 16, "layers": 1, "most_labels": 4, "beam": 2}
    run = workbench.fit("seq2seq", toy_corpus, "cnn", device="cpu", threshold="per_label", **settings)
    assert run.metrics["threshold"] is None
    assert set(run.history.columns) >= {"loss/sequence", "micro_F1"}
    method = Predictor.load(run).method
    inputs = method.encoder.prepare(toy_corpus.test.texts).batch(range(60))
    with torch.no_grad():
        chosen = method(Batch(inputs, torch.zeros(60, 10), torch.arange(60))).chosen
    gold = toy_corpus.test.targets.toarray().astype(bool)
    wrong = (chosen.numpy() != gold).mean()
    assert run.metrics["test"]["overall"]["hamming_loss"] == pytest.approx(wrong)
    assert chosen.sum(dim=1).max() <= 4


@pytest.mark.parametrize("beam", [1, 3])
def test_step_by_step_it_says_what_it_says_at_once(beam: int):
    torch.manual_seed(0)
    decoder = LabelDecoder(4, 12, 8, 2, 0.1).eval()
    memory, mask = torch.randn(2, 5, 12), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]]).bool()
    step, generator = decoder.stepper(memory, mask), torch.Generator().manual_seed(1)
    said, parent = torch.full((2, beam, 1), 5), torch.arange(beam).expand(2, beam)
    for _ in range(4):
        found = step(said, parent)
        for document in range(2):
            room = slice(document, document + 1)
            for row in range(beam):
                whole = decoder(said[room, row], memory[room], mask[room])[0, -1]
                torch.testing.assert_close(found[document, row], whole, atol=1e-5, rtol=1e-4)
        parent = torch.randint(beam, (2, beam), generator=generator)
        token = torch.randint(4, (2, beam, 1), generator=generator)
        said = torch.cat([said.gather(1, parent.unsqueeze(2).expand_as(said)), token], dim=2)


def test_a_layer_attends_as_the_equations_say():
    torch.manual_seed(0)
    decoder = LabelDecoder(3, 8, 2, 1, 0.0).double().eval()
    memory, mask = torch.randn(1, 3, 8, dtype=torch.float64), torch.tensor([[True, True, False]])
    told = torch.tensor([[4, 1]])
    (layer,) = decoder.layers
    words = decoder.tokens[told[0]] * 8**0.5 + positions(2, 8, memory)

    def attended(asked, keys, values):
        parts = []
        for head in (slice(0, 4), slice(4, 8)):
            odds = torch.stack([(asked[head] * key[head]).sum() / 2 for key in keys]).softmax(0)
            parts.append(sum(odd * value[head] for odd, value in zip(odds, values, strict=True)))
        return torch.cat(parts)

    asked, keys, values = layer.said(words).split(8, dim=1)
    heard = torch.stack([attended(asked[s], keys[: s + 1], values[: s + 1]) for s in range(2)])
    words = layer.norms[0](words + layer.said_out(heard))
    keys, values = layer.read(memory[0, :2]).split(8, dim=1)
    found = torch.stack([attended(row, keys, values) for row in layer.asked(words)])
    words = layer.norms[1](words + layer.read_out(found))
    words = layer.norms[2](words + layer.wide(words))
    torch.testing.assert_close(decoder(told, memory, mask)[0], words @ decoder.tokens[:4].T + decoder.bias)


def test_it_learns_a_few_documents_by_heart(bert: Path):
    method = _seq2seq(bert, dropout=0.0).train()
    (stage,) = method.stages()
    batch, optimizer = _batch(method), torch.optim.Adam(method.parameters(), lr=3e-3)
    for _ in range(60):
        optimizer.zero_grad()
        stage.objectives[0](stage.forward(batch), batch).backward()
        optimizer.step()
    with torch.no_grad():
        predicted = method.eval()(batch).chosen
    assert predicted.tolist() == TARGETS.bool().tolist()


def test_too_many_labels_are_refused(bert: Path):
    with pytest.raises(WorkbenchError, match=r"seq2seq .*20,000.*21,000.* GB.*bert, text-cnn"):
        _seq2seq(bert, labels=21_000)


@pytest.mark.parametrize(("config", "rows"), [({"most_labels": 30}, 31), ({"beam": 90}, 90)])
def test_logits_without_room_are_refused(bert: Path, monkeypatch, config: dict[str, int], rows: int):
    size = _seq2seq(bert).encoder.hidden_size
    needed = 4 * (4 * 102 * size + 6 * 32 * rows * 101)
    monkeypatch.setattr(recurrent_decoder, "free_main_memory", lambda: needed)
    assert len(_seq2seq(bert, labels=100, **config).label_space) == 100
    monkeypatch.setattr(recurrent_decoder, "free_main_memory", lambda: needed - 1)
    with pytest.raises(WorkbenchError, match=r"seq2seq .*has 100: .* GB are free"):
        _seq2seq(bert, labels=100, **config)
