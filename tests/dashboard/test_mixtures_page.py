from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard import train_state
from dashboard.mixture_panels import train_address
from tests.dashboard.page import opened, pictures, said, tables
from tests.mixed_runs import mixed_run
from workbench.analysis.mixture_commands import mixture_request
from workbench.runs.store import Run

LABELS = "sep_mldc.label_contrast"


@pytest.fixture
def runs(workspace, monkeypatch) -> list[Run]:
    """Two seeds of a mixture and of its method, one of its lender; the corpus is here."""
    monkeypatch.setattr(train_state, "corpora", lambda: ["demo", "toy"])
    found = [
        mixed_run(workspace.runs, f"m-{seed}", "mix", (LABELS,), seed=seed, right=0.9) for seed in (0, 1)
    ]
    found += [mixed_run(workspace.runs, f"mix-{seed}", "mix", seed=seed) for seed in (0, 1)]
    return [*found, mixed_run(workspace.runs, "sep-0", "sep-mldc")]


@pytest.fixture(autouse=True)
def terms(monkeypatch) -> None:
    """Made-up runs keep no terms of their loss."""
    from dashboard import mixture_state
    from tests.mixed_runs import terms_of

    monkeypatch.setattr(mixture_state, "_terms", lambda key: terms_of(Run.load(key[0])))


def test_the_picture_comes_first_then_a_row_a_parent_and_metric(runs):
    test = opened("mixtures")
    (picture,) = pictures(test)
    names = [trace["name"] for trace in picture["data"]]
    assert names == ["less the method alone", "less lender of a term"]
    table, parents = (frame.value for frame in test.dataframe)
    assert table["parent"].tolist() == ["mix"] * 3 + ["sep-mldc"] * 3
    assert table["n"].tolist() == [2] * 3 + [1] * 3
    assert table["over"].tolist() == ["seeds"] * 3 + ["test documents"] * 3
    assert parents["seeds in common"].tolist() == ["0, 1", "0"]
    assert "mixtures.csv" in tables(test)
    assert table["floor"].isna().all()
    assert "another seed may say otherwise" in said(test)


def test_the_floor_stands_in_a_column_beside_both(runs, workspace):
    floor = mixed_run(workspace.runs, "br-0", "binary-relevance", encoder_settings={"max_length": None})
    table = opened("mixtures").dataframe[0].value
    overall = floor.metrics["test"]["overall"]
    assert table["floor"].tolist() == [overall[metric] for metric in table["metric"]]


def test_missing_parents_have_a_command_and_the_form_filled_in(runs):
    test = opened("mixtures")
    words = said(test)
    assert (
        f"workbench train mix --corpus toy --encoder cnn --seed 0 --seed 1 --set epochs=4 --add {LABELS}"
        in words
    )
    assert "sep\\-mldc** lacks seed 1" in words
    assert "workbench train sep-mldc --corpus toy --encoder cnn --seed 1 --set epochs=4" in words
    addresses = [button.proto.url for button in test.get("link_button")]
    assert addresses[-1] == "train?method=sep-mldc&corpus=toy&encoder=cnn&seeds=1&training.epochs=4"


def test_the_address_of_the_form_has_every_term_and_setting(workspace):
    terms = (LABELS, "protomix.prototype:weight=0.1")
    run = mixed_run(workspace.runs, "b", "mix", terms, own={"alpha": 0.2}, encoder_settings={"max_length": 9})
    address, elsewhere = train_address(mixture_request(run, seeds=(0, 2)), run)
    assert elsewhere == ["max_length=9"]  # of the encoder, whose settings have no one name in the form
    assert parse_qs(urlsplit(address).query) == {
        "method": ["mix"],
        "corpus": ["toy"],
        "encoder": ["cnn"],
        "seeds": ["0, 2"],
        "add": ["protomix.prototype:weight=0.1", LABELS],
        "training.epochs": ["4"],
        "protomix.alpha": ["0.2"],
    }


def test_a_corpus_that_is_not_here_is_named_in_place_of_the_form(runs, monkeypatch):
    monkeypatch.setattr(train_state, "corpora", lambda: ["demo"])
    test = opened("mixtures")
    assert "The corpus toy is not in this workspace" in said(test)
    assert len(test.get("link_button")) == 0


def test_metrics_and_mixtures_are_chosen_by_address(runs):
    test = opened("mixtures", metrics=["micro_F1"])
    assert set(test.dataframe[0].value["metric"]) == {"micro_F1"}
    assert "Choose a mixture" in said(opened("mixtures", session={"mixture": []}))


def test_without_a_mixture_it_says_how_one_is_made_and_shows_what_was_measured(run_factory):
    run_factory("tfidf-0", method="binary-relevance", encoder="tfidf", started_at="2026-03-01T00:00:00")
    run_factory("good-0", method="mix", started_at="2026-02-01T00:00:00")
    test = opened("mixtures")
    assert "No mixture among these runs yet" in said(test)
    assert "`good-0` is a parent already" in said(test)
    assert f"--add {LABELS}" in said(test)
    assert "protomix.prototype" not in "\n".join(block.value for block in test.code)  # of its own paper
    assert len(pictures(test)) == 1
    assert "not runs of this workspace" in said(test)


def test_a_mixture_whose_predictions_are_damaged_is_named(runs):
    (runs[0].path / "scores.npy").write_bytes(b"no array")
    test = opened("mixtures")
    assert any("m-0" in box.value or "scores.npy" in box.value for box in test.warning)
