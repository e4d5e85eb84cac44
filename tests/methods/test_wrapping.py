"""Methods around another one: how the one inside is named, what it answers, what is trained and saved."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch

from workbench.cards.protomix import CARD
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.lsfa import LSFA
from workbench.methods.protomix import ProtoMix
from workbench.methods.storage import save_trained
from workbench.methods.wrapping import Wrapper, WrapperConfig, parse_base

TEXTS = ["a few short words", "one", "two words more"]
LABELS = LabelSpace(tuple("abc"), tuple("abc"), np.array([2, 1, 1]), 3)


class Plain(Wrapper):
    """A wrapper that adds one parameter and no stage."""

    name = "plain"
    variants: ClassVar[dict[str, str]] = {"plain": "nothing more"}
    card = CARD
    Config = WrapperConfig

    def __init__(self, encoder, labels, config) -> None:
        super().__init__(encoder, labels, config)
        self.more = torch.nn.Linear(2, 2)

    def stages(self):
        return self.base_stages()


def _encoder():
    torch.manual_seed(0)
    settings = {"filters": 4, "embedding_size": 5, "min_count": 1}
    return build_encoder("cnn", settings=settings, train_texts=TEXTS)


def _plain(base: str, labels: LabelSpace = LABELS) -> Plain:
    return Plain(_encoder(), labels, WrapperConfig.parse({"base": base})).eval()


def _batch(method) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.ones(3, 3), torch.arange(3))


def test_the_method_inside_is_named_with_its_settings():
    method_class, config = parse_base("mix:alpha=2,bias=true")
    assert method_class is ProtoMix
    assert (config.variant, config.alpha, config.bias) == ("mix", 2.0, True)
    assert parse_base("lsfa-attention")[1].variant == "lsfa-attention"


@pytest.mark.parametrize(
    "text, message",
    [
        ("protomx", "Did you mean 'protomix'"),
        ("protomix:beta", "'beta' is not key=value"),
        ("protomix:btea=1", "Did you mean 'beta'"),
    ],
)
def test_a_wrong_base_says_what_is_known(text: str, message: str):
    with pytest.raises(WorkbenchError, match=message):
        _plain(text)


@pytest.mark.parametrize("base", ["laco", "vcldl", "knn"])
def test_what_cannot_be_inside_is_refused(base: str):
    with pytest.raises(
        WorkbenchError, match=rf"plain cannot be put around {base}, which .* --set base=proto"
    ):
        _plain(base)


def test_generated_documents_are_not_slipped_to_a_method_that_takes_none():
    labels = LabelSpace(LABELS.labels, LABELS.texts, LABELS.train_counts, 3, n_generated=2)
    with pytest.raises(WorkbenchError, match="takes no generated documents"):
        _plain("sep-mldc-no-datc", labels)


def test_the_base_answers_and_trains_by_the_names_that_it_has_here():
    method, (stage,) = _plain("lsfa-attention"), _plain("lsfa-attention").stages()
    alone = LSFA(_encoder(), LABELS, LSFA.Config.parse({"variant": "lsfa-attention"})).eval()
    alone.load_state_dict(
        {
            name.removeprefix("base."): value
            for name, value in method.state_dict().items()
            if "more" not in name
        }
    )
    torch.testing.assert_close(method(_batch(method)).logits, alone(_batch(alone)).logits)
    assert method.attends_by_label
    assert method.label_embeddings() is method.base.attention.embeddings
    trained = {name for name, _ in method.named_parameters() if stage.trains(name)}
    assert trained == {name for name, _ in method.named_parameters()} - {"more.weight", "more.bias"}


def test_a_stage_of_the_base_keeps_what_it_leaves_alone():
    method = _plain("lsfa:head_threshold=2")
    classifiers = method.stages()[2]
    assert [stage.name for stage in method.stages()] == ["features", "generator", "classifiers"]
    trained = {name for name, _ in method.named_parameters() if classifiers.trains(name)}
    assert trained == {"base.classifier.weight", "base.classifier.bias"} & {
        name for name, _ in method.named_parameters()
    }


def test_the_encoder_is_one_and_saved_once(tmp_path: Path):
    method = _plain("base")
    assert method.base.encoder is method.encoder
    assert not any(name.startswith("base.encoder") for name in method.state_dict())
    save_trained(method, tmp_path / "weights.safetensors")
    method.train()
    assert method.encoder.training
    method.double()
    assert method(_batch(method)).logits.dtype == torch.float64
