from __future__ import annotations

import pytest
import torch

from workbench.encoders.base import Encoded
from workbench.errors import WorkbenchError
from workbench.methods import Forward, find_method, method_names
from workbench.methods.protomix_objectives import PrototypeDistance
from workbench.methods.registry import objective_names, parse_objective


def test_variants_are_names_of_their_method():
    assert {"base", "proto", "mix", "protomix"} <= set(method_names())
    method, variant = find_method("mix")
    assert (method.name, variant) == ("protomix", "mix")


def test_an_unknown_method_names_the_nearest():
    with pytest.raises(WorkbenchError, match=r"Unknown method 'protomx'\. Did you mean 'protomix'"):
        find_method("protomx")


def test_an_objective_is_built_from_text():
    objective = parse_objective("protomix.prototype:weight=0.25,reduction=sum")
    assert isinstance(objective, PrototypeDistance)
    assert (objective.weight, objective.settings.reduction) == (0.25, "sum")
    assert "protomix.mixed_prototype" in objective_names()


@pytest.mark.parametrize(
    "text, message",
    [
        ("protomix.prototyp", "Did you mean 'protomix.prototype'"),
        ("protomix.prototype:weight", "'weight' is not key=value"),
        ("protomix.prototype:wieght=1", "Unknown setting 'wieght'. Did you mean 'weight'"),
        ("protomix.prototype:weight=-1", "greater than or equal to 0"),
    ],
)
def test_a_wrong_objective_says_what_is_known(text, message):
    with pytest.raises(WorkbenchError, match=message):
        parse_objective(text)


def test_an_objective_says_what_a_method_does_not_give():
    with pytest.raises(
        WorkbenchError, match="needs document, labels, which the method 'other' does not give"
    ):
        PrototypeDistance().check(Forward(torch.zeros(1, 2)), "other")


def test_token_states_are_given_without_being_computed():
    encoded = Encoded(torch.zeros(1, 3), lambda: pytest.fail("nobody reads them"), torch.ones(1, 2))
    assert Forward(torch.zeros(1, 2), encoded=encoded).given() == {"logits", "document", "tokens", "mask"}
    assert Forward(torch.zeros(1, 2), encoded=Encoded(torch.zeros(1, 3))).given() == {"logits", "document"}
    assert Forward(torch.zeros(1, 2)).tokens is None
