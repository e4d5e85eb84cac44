from __future__ import annotations

import pandas as pd
import pytest

from tests.exhibits.conftest import FACTS
from workbench.exhibits.numbers import over_seeds, printed_encoder, side_by_side, single_numbers, wide
from workbench.exhibits.printed import along, counts, percentages
from workbench.exhibits.scope import Made, Need, Scope
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter

SCOPE = Scope(FACTS)
SPLIT = f"{FACTS.split_id} / 240 train / 30 test"

PAPER = percentages(
    "AAPD", "9 train / 1 test", "cnn base 80.5 70\ncnn mix 81 -\nbert base 90 80", ("P@1", "P@3")
)


@pytest.fixture
def made(workspace):
    """A finished run with these test metrics as the answer to a need."""

    def make(method: str, seed: int, at: float | None = None, **overall: float | None) -> Made:
        writer = RunWriter.create(
            workspace.runs, f"{method}-{at}-{seed}", {"encoder": "cnn", "corpus": {"n_test": 30}}
        )
        writer.write_labels([], [], [])
        writer.write_history(pd.DataFrame({"epoch": [0]}))
        writer.write_metrics({"test": {"overall": overall}})
        writer.finish()
        return Made(Need(method, "cnn", seed, False, {}, at), Run.load(writer.path))

    return make


def test_lines_like_the_papers_become_fractions_and_dashes_nothing():
    assert PAPER["value"].tolist() == [0.805, 0.70, 0.81, 0.90, 0.80]
    assert PAPER["metric"].tolist() == ["P@1", "P@3", "P@1", "P@1", "P@3"]
    table = along("AAPD", "9 train / 1 test", "protomix", "0.05 86.36\n1 87.81", ("P@1",))
    assert table["at"].tolist() == [0.05, 1.0]
    assert table["variant"].unique().tolist() == ["protomix"]
    two_words = percentages("AAPD", "s", "LLM_rewriting 50", ("P@1",), encoder="bert")
    assert two_words["variant"].tolist() == ["LLM rewriting"]


def test_means_and_deviations_over_seeds_by_hand(made):
    runs = [made("base", 0, P1=0.5), made("mix", 0, P1=0.6), made("mix", 1, P1=0.8), made("mix", 2, P1=None)]
    single, problems = single_numbers(runs, SCOPE, ("P1",))
    assert problems == []
    table = over_seeds(single).set_index("variant")
    assert table.loc["mix", "value"] == pytest.approx(0.7)
    assert table.loc["mix", "std"] == pytest.approx(0.02**0.5)  # sqrt((0.1² + 0.1²) / 1)
    assert table["n"].to_dict() == {"base": 1, "mix": 2}
    assert pd.isna(table.loc["base", "std"])
    assert set(table["split"]) == {SPLIT}


def test_values_of_what_is_varied_stay_apart_and_nothing_gives_an_empty_table(made):
    runs = [made("mix", 0, at, P1=at) for at in (0.1, 0.5)] + [made("base", 0, P1=0.2)]
    table = over_seeds(single_numbers(runs, SCOPE, ("P1",))[0])
    assert table["value"].tolist() == [0.1, 0.5, 0.2]
    assert table["at"].isna().tolist() == [False, False, True]
    assert over_seeds(single_numbers([], SCOPE)[0]).empty


def test_damaged_metrics_are_a_problem_and_no_number(made):
    run = made("base", 0, P1=0.5)
    (run.run.path / "metrics.json").write_text("{")
    single, (problem,) = single_numbers([run], SCOPE, ("P1",))
    assert single.empty
    assert "metrics.json cannot be read" in problem


@pytest.mark.parametrize(
    "encoders, expected",
    [
        (("cnn",), {"cnn"}),
        (("cnn", "someone/BERT"), {"cnn", "bert"}),
        (("minilm",), {"cnn", "bert"}),
        ((), {"cnn", "bert"}),
    ],
    ids=["one of them", "both", "neither", "none asked for"],
)
def test_the_papers_numbers_of_the_same_encoder_or_else_all(encoders, expected):
    sides = side_by_side(PAPER, pd.DataFrame(), encoders)
    assert set(sides["encoder"]) == expected
    assert set(sides["source"]) == {"paper"}


@pytest.mark.parametrize(
    "name, printed",
    [
        ("cnn", "cnn"),
        ("bert-base-uncased", "bert-base-uncased"),
        ("models/bert-base-uncased/", "bert-base-uncased"),
        ("meta-llama/Meta-Llama-3-8B", "llama-3-8b"),
        ("meta-llama/Llama-3-8B-Instruct", "llama-3-8b"),
    ],
)
def test_encoders_are_known_by_the_papers_names(name, printed):
    assert printed_encoder(name) == printed


def test_different_splits_never_share_a_column(made):
    ours = over_seeds(
        single_numbers([made("base", 0, **{"P@1": 0.5}), made("base", 1, **{"P@1": 0.6})], SCOPE)[0]
    )
    table = wide(side_by_side(PAPER, ours, ("cnn",)))
    paper, own = "paper: AAPD\n9 train\n1 test\ncnn", "ours: demo\ndemo/2a9f61c3\n240 train\n30 test\ncnn"
    assert table.columns.tolist() == ["metric", "variant", paper, own]
    assert table[["metric", "variant"]].to_numpy().tolist() == [
        ["P@1", "base"],
        ["P@1", "mix"],
        ["P@3", "base"],
    ]
    assert table[paper].tolist() == ["80.50", "81.00", "70.00"]
    assert table[own].tolist() == ["55.00 ± 7.07", "–", "–"]


def test_a_part_of_the_training_documents_is_said_in_the_heading(made):
    part = Scope(FACTS, budget="", settings={"training.train_size": 60})
    table = over_seeds(single_numbers([made("base", 0, **{"P@1": 0.5})], part)[0])
    assert wide(side_by_side(PAPER.iloc[:0], table)).columns[-1].split("\n")[2:4] == ["60 train", "30 test"]
    assert Scope(FACTS, settings={"train_size": 9999}).n_train == FACTS.n_train


def test_what_is_varied_is_a_column_in_the_order_of_its_values(made):
    runs = [made("mix", 0, at, **{"P@1": at}) for at in (0.5, 0.1)] + [made("base", 0, **{"P@1": 0.2})]
    table = wide(side_by_side(PAPER.iloc[:0], over_seeds(single_numbers(runs, SCOPE)[0])), "alpha")
    assert table[["variant", "alpha"]].to_numpy().tolist() == [["mix", "0.1"], ["mix", "0.5"], ["base", ""]]


def test_counts_are_no_percentages_and_have_no_variant():
    table = wide(
        side_by_side(
            counts([("A", "1 train", "documents", 23149), ("A", "1 train", "per", 3.18)]), pd.DataFrame()
        )
    )
    assert table.columns.tolist() == ["metric", "paper: A\n1 train"]
    assert table.iloc[:, 1].tolist() == ["23,149", "3.18"]


def test_nothing_printed_and_nothing_run_is_an_empty_table():
    assert wide(side_by_side(PAPER.iloc[:0], pd.DataFrame())).empty
