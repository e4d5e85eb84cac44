from __future__ import annotations

import shlex

import pytest

from workbench.errors import WorkbenchError
from workbench.forms.request import Request


def test_without_a_wish_the_command_is_short():
    assert Request("base", "demo").command() == "workbench train base --corpus demo --seed 0"


def test_every_wish_is_a_word_of_the_command_and_quoted():
    assignments, added = ("widths=[2, 4]", "beta=0.5"), ("protomix.prototype:weight=1",)
    request = Request("cil", "mine", "a b", True, (1, 2), "", assignments, added)
    words = shlex.split(request.command())
    assert tuple(words[2:]) == request.arguments()
    assert words[2:9] == ["cil", "--corpus", "mine", "--encoder", "a b", "--frozen", "--seed"]
    assert words[words.index("--set") + 1] == "widths=[2, 4]"
    assert words.count("--seed") == words.count("--set") == 2
    assert words[-2:] == ["--add", "protomix.prototype:weight=1"]


def test_each_seed_is_a_run_with_a_name_that_is_free(tmp_path):
    (tmp_path / "demo-cnn-base-s0").mkdir()
    runs = Request("base", "demo", seeds=(0, 1, 1)).runs(tmp_path, "cnn", {"demo-cnn-base-s0-2"})
    assert [name for name, _ in runs] == ["demo-cnn-base-s0-3", "demo-cnn-base-s1", "demo-cnn-base-s1-2"]
    assert runs[1][1] == ("base", "--corpus", "demo", "--seed", "1", "--name", "demo-cnn-base-s1")


def test_a_name_of_ones_own_is_taken_as_it_is(tmp_path):
    ((name, arguments),) = Request("base", "demo", "minilm", True, name="mine").runs(tmp_path, "cnn")
    assert (name, arguments[-1]) == ("mine", "mine")
    ((name, _),) = Request("base", "demo", "minilm", True).runs(tmp_path, "cnn")
    assert name == "demo-minilm-frozen-base-s0"


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"seeds": (-1,)}, "seed=-1 is no seed"),
        ({"seeds": (2**63,)}, "is no seed"),
        ({"seeds": ()}, "Give a seed"),
        ({"seeds": (0, 1), "name": "mine"}, "A name names one run"),
        ({"name": "../up"}, "cannot name a run"),
        ({"corpus": "../../etc"}, "cannot name a corpus"),
        ({"encoder": "--help"}, "no encoder"),
    ],
)
def test_what_cannot_be_is_refused(wrong, message):
    with pytest.raises(WorkbenchError, match=message):
        Request(**{"method": "base", "corpus": "demo", **wrong}).check()
