from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import workbench
from tests.encoders.conftest import save_bert
from tests.methods.test_contract import TEXTS, _method
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import LabelSpace, find_method, method_names
from workbench.methods.base import Method
from workbench.probes.entrances import entrance, word_entrance
from workbench.probes.inference import Predictor
from workbench.probes.saliency import gradient_times_input, text_saliency
from workbench.runs.store import Run

TEXT = "graphs of unheard networks"
SMALL = {"filters": 4, "widths": [2], "embedding_size": 8, "epochs": 1}


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return save_bert(tmp_path_factory.mktemp("model") / "bert")


def predictor_of(method: Method, tmp_path) -> Predictor:
    run = Run(tmp_path, {"precision": "32-true"}, "done")
    return Predictor(run, method.eval(), np.array(0.5))


def linear_bag(texts=TEXTS, **settings) -> Method:
    """Binary relevance with weights that were drawn."""
    labels = LabelSpace(tuple("ab"), tuple("AB"), np.array([2, 2]), 4)
    encoder = build_encoder("tfidf", settings={"min_df": 1} | settings, train_texts=texts)
    method_class, _ = find_method("binary-relevance")
    method = method_class(encoder, labels, method_class.Config.parse({}))
    method.weight.requires_grad_(False)
    generator = torch.Generator().manual_seed(4)
    with torch.no_grad():
        method.weight.copy_(torch.randn(method.weight.shape, generator=generator))
        method.bias.copy_(torch.tensor([0.3, -2.0]))
    return method


def test_of_a_linear_bag_of_words_it_is_coefficient_times_input(tmp_path):
    method = linear_bag(ngrams=1)
    text = "a longer word3, and word4 and WORD3 unheard"
    found = text_saliency(predictor_of(method, tmp_path), text, [0, 1])
    words = [text[start:end].lower() for start, end in found.spans.tolist()]
    assert words == ["longer", "word3", "and", "word4", "and", "word3", "unheard"]
    bag = method.encoder.prepare([text]).matrix.toarray()[0]
    for row, label in enumerate((0, 1)):
        for place, word in enumerate(words):
            if word == "unheard":
                assert found.values[row, place] == 0
                continue
            term = method.encoder.terms.index(word)
            expected = float(bag[term]) * float(method.weight[term, label]) / words.count(word)
            assert found.values[row, place] == pytest.approx(expected, rel=1e-5)


def test_a_pair_of_words_is_shared_by_its_words_and_values_add_up_to_the_logit(tmp_path):
    method = linear_bag(ngrams=2)
    predictor = predictor_of(method, tmp_path)
    text = "two words and a few more words and a few"
    found = text_saliency(predictor, text, [1, 0])
    with torch.no_grad():
        batch = method.encoder.prepare([text]).batch([0])
        logits = (method.weight[batch["terms"][0]] * batch["weights"][0, :, None]).sum(dim=0)
    np.testing.assert_allclose(found.values.sum(axis=1), logits[[1, 0]].numpy(), rtol=1e-4)
    np.testing.assert_allclose(found.change, logits[[1, 0]].numpy(), rtol=1e-4)
    assert found.adds_up.all()
    assert found.of == "logit"
    bag = dict(zip(batch["terms"][0].tolist(), batch["weights"][0].tolist(), strict=True))
    terms = method.encoder.terms
    shares = {"two": 1.0, "two words": 0.5}
    expected = sum(
        share * bag[terms.index(term)] * float(method.weight[terms.index(term), 1])
        for term, share in shares.items()
    )
    assert found.values[0, 0] == pytest.approx(expected, rel=1e-4)


def test_a_term_that_no_word_of_the_text_spells_goes_to_a_token_of_no_character(tmp_path):
    """A capital that becomes two small letters: the bag cuts the lowered text, places come from the other."""
    text = "the İstanbul graph"
    method = linear_bag([text, *TEXTS], ngrams=1)
    found = text_saliency(predictor_of(method, tmp_path), text, [0])
    assert found.adds_up.all()
    assert (found.spans[-1] == len(text)).all() or found.values.shape[1] == 3


def test_word_embeddings_by_hand(toy_method):
    """Mean of words, then a linear layer: what a word brings is its embedding times the weights, over T."""
    labels = LabelSpace(tuple("abc"), tuple("ABC"), np.array([2, 2, 3]), 5)
    encoder = build_encoder("words", settings={"embedding_size": 6, "min_count": 1}, train_texts=TEXTS)
    method_class, _ = find_method("base")
    method = method_class(encoder, labels, method_class.Config.parse({"variant": "base"})).eval().double()
    inputs = encoder.prepare(["two words"]).batch([0])
    start = word_entrance(method, inputs)
    found = gradient_times_input(lambda values: start.run(values).logits, start.values, [2])
    weight = method.classifier.weight[2].detach()
    for place in range(2):
        by_hand = sum(float(a) * float(b) for a, b in zip(start.values[0, place], weight, strict=True)) / 2
        assert float(found[0, 0, place]) == pytest.approx(by_hand, rel=1e-9)


@pytest.mark.parametrize("encoder", ["cnn", "bilstm"])
def test_padding_gets_zero_and_changes_nothing(toy_method, encoder):
    size = {"cnn": {"filters": 4}, "bilstm": {"units": 4}}[encoder]
    method = toy_method(encoder, embedding_size=6, **size).double()
    prepared = method.encoder.prepare(["one", "neural networks learn graphs"])

    def of(rows):
        start = word_entrance(method, prepared.batch(rows))
        return gradient_times_input(lambda values: start.run(values).logits, start.values, [0, 2])

    together, alone = of([0, 1]), of([0])
    assert together.shape == (2, 2, 4)
    assert (together[:, 0, 1:] == 0).all()
    torch.testing.assert_close(together[:, 0, :1], alone[:, 0])


def test_a_network_of_relus_without_biases_adds_up():
    """ReLUs without biases are homogeneous: gradient x input sums to the output."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(6, 5, bias=False), nn.ReLU(), nn.Linear(5, 3, bias=False)).double()
    values = torch.randn(1, 4, 6, dtype=torch.float64)
    found = gradient_times_input(lambda words: network(words.sum(dim=1)), values, [0, 1, 2])
    torch.testing.assert_close(found.sum(dim=2)[:, 0], network(values.sum(dim=1))[0])


def test_half_precision_is_taken():
    values = torch.randn(1, 3, 2).bfloat16()
    found = gradient_times_input(lambda words: words.sum(dim=1), values, [1])
    assert torch.equal(found[0, 0], values[0, :, 1])


def test_scores_without_a_gradient_are_refused():
    with pytest.raises(WorkbenchError, match="no gradient"):
        gradient_times_input(lambda words: (words.detach() > 0).float().sum(dim=1), torch.ones(1, 3, 2), [0])


@pytest.mark.parametrize("name", method_names())
def test_every_method_says_what_moves_it(name, bert, tmp_path):
    method = _method(name, bert)
    if hasattr(method, "weight"):
        nn.init.normal_(method.weight)  # what is solved begins with zeros
    wanted = [parameter.requires_grad for parameter in method.parameters()]
    text = TEXTS[2]
    found = text_saliency(predictor_of(method, tmp_path), text, [0, 3])
    assert found.values.shape == (2, len(found.spans))
    assert np.isfinite(found.values).all()
    assert found.values.any()
    assert [parameter.requires_grad for parameter in method.parameters()] == wanted
    assert not method.encoder._forward_pre_hooks


@pytest.mark.parametrize("states", ["document", "tokens"])
def test_a_frozen_encoder_is_run_from_its_word_embeddings(bert, tmp_path, states):
    labels = LabelSpace(tuple("abc"), tuple("ABC"), np.array([2, 2, 3]), 5)
    settings = {"states": states, "max_length": 12}
    encoder = build_encoder(str(bert), settings=settings, train_texts=[], frozen=True)
    method_class, variant = find_method("base" if states == "document" else "lsfa-attention")
    method = method_class(encoder, labels, method_class.Config.parse({"variant": variant})).eval()
    encoder.prepare(["its weights are loaded where gradients are off"])
    predictor = predictor_of(method, tmp_path)
    found = text_saliency(predictor, TEXT, [1])
    start = entrance(method, TEXT)
    with torch.no_grad():
        logits = start.run(start.values).logits
    np.testing.assert_allclose(
        torch.sigmoid(logits).numpy(), predictor.scores([TEXT]), atol=2e-3
    )  # kept in half
    assert found.on.endswith("which is frozen")
    assert found.values.shape == (1, len(encoder.token_spans([TEXT])[0]))


def test_scores_that_are_no_sigmoid_of_logits_are_differentiated_themselves(
    toy_method, tmp_path, monkeypatch
):
    method = toy_method("cnn", **{key: SMALL[key] for key in ("filters", "embedding_size")})
    monkeypatch.setattr(
        type(method), "probabilities", lambda self, forward: forward.logits.softmax(dim=-1), raising=False
    )
    assert text_saliency(predictor_of(method, tmp_path), "neural networks", [0]).of == "score"


def test_scores_that_move_in_steps_are_said_to(toy_method, tmp_path, monkeypatch):
    method = toy_method("cnn", filters=4, embedding_size=6)
    steps = lambda self, forward: (forward.logits > 0).float() + 0 * forward.logits  # noqa: E731
    monkeypatch.setattr(type(method), "probabilities", steps)
    with pytest.raises(WorkbenchError, match="zero on every token"):
        text_saliency(predictor_of(method, tmp_path), "neural networks", [0])


def test_a_text_of_which_nothing_is_known_is_refused(tmp_path):
    with pytest.raises(WorkbenchError, match="Nothing of this text is known"):
        text_saliency(predictor_of(linear_bag(), tmp_path), "xqzv", [0])


def test_a_finished_run_tells_the_same_twice(toy_corpus, workspace):
    predictor = Predictor.load(workbench.fit("protomix", toy_corpus, workspace=workspace, **SMALL))
    first, second = (text_saliency(predictor, TEXT, [0, 1]) for _ in range(2))
    assert np.array_equal(first.values, second.values)
    np.testing.assert_allclose(predictor.scores([TEXT]), predictor.scores([TEXT]))
    assert [TEXT[start:end] for start, end in first.spans] == TEXT.split()
