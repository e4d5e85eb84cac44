from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.analysis.bootstrap import paired_bootstrap
from workbench.analysis.compared_runs import METRICS, compare_runs
from workbench.analysis.compared_settings import ranks_over_corpora, seed_differences
from workbench.analysis.document_statistics import run_statistics
from workbench.analysis.significance import mcnemar
from workbench.errors import WorkbenchError

GOLD = np.random.default_rng(9).random((50, 6)) < 0.3


@pytest.fixture
def tested(workspace):
    def make(name: str, right: float = 0.5, number: int = 0, gold=GOLD, **about):
        return write_tested_run(workspace.runs, name, plausible_scores(gold, number, right), gold, **about)

    return make


def test_every_run_is_compared_with_the_first_of_its_split(tested):
    runs = [
        tested("a", 0.5, 1),
        tested("other", 0.5, 2, split_id="toy/2"),
        tested("b", 0.9, 3, method="proto"),
        tested("c", 0.4, 4),
        tested("more", 0.5, 5, split_id="toy/2"),
    ]
    one, other = compare_runs(runs, n=50, seed=3)
    assert (one.split_id, one.documents, one.runs["run"].tolist()) == ("toy/1", 50, ["a", "b", "c"])
    assert other.runs["run"].tolist() == ["other", "more"]
    assert set(one.differences["against"]) == {"a"}
    assert one.differences["metric"].tolist() == [*METRICS, *METRICS]
    for row in one.differences.to_dict("records"):
        run = next(run for run in runs if run.name == row["run"])
        pair = [run_statistics(side, [row["metric"]])[row["metric"]] for side in (run, runs[0])]
        expected = paired_bootstrap(*pair, n=50, seed=3)
        found = [row[name] for name in ("value", "reference", "difference", "low", "high", "p")]
        assert found == pytest.approx(list(vars(expected).values())[:-1])
        assert row["value"] == pytest.approx(run.metrics["test"]["overall"][row["metric"]])


def test_labels_are_named_and_the_clearest_comes_first(tested):
    names = ["zero", "one", "two", "three", "four", "five"]
    runs = [tested(name, 2 * number, number, labels=names) for number, name in enumerate("ab")]
    (found,) = compare_runs(runs, ["P@1"], n=10)
    first, second = (run.scores >= 0.5 for run in runs)
    expected = mcnemar(second, first, GOLD)
    assert found.labels["label"].tolist() == [names[label] for label in expected["label"]]
    assert found.labels["run_right"].tolist() == expected["first_right"].tolist()
    assert found.labels["p_holm"].tolist() == expected["p_holm"].tolist()


def test_identical_runs_do_not_differ(tested):
    (found,) = compare_runs([tested("a"), tested("b")], n=20)
    assert found.differences[["difference", "low", "high"]].to_numpy().tolist() == [[0, 0, 0]] * len(METRICS)
    assert found.differences["p"].tolist() == [1] * len(METRICS)
    assert found.labels["p_holm"].tolist() == [1] * 6


def test_what_cannot_be_compared_is_said(tested, run_factory):
    from workbench.runs.store import Run

    one, two = tested("one"), tested("two")
    with pytest.raises(WorkbenchError, match="at least two runs"):
        compare_runs([one])
    with pytest.raises(WorkbenchError, match="'one' is named twice"):
        compare_runs([one, two, one])
    with pytest.raises(WorkbenchError, match="'live' is running: only a finished run"):
        compare_runs([one, Run.load(run_factory("live", end="running"))])
    with pytest.raises(WorkbenchError, match="Did you mean 'micro_F1'"):
        compare_runs([one, two], ["micro_f1"])


def test_runs_of_different_documents_are_refused_with_both_splits(tested):
    with pytest.raises(WorkbenchError, match=r"one was tested on the split toy/1, but two on toy/2"):
        compare_runs([tested("one"), tested("two", split_id="toy/2")])
    ids = [f"e{row}" for row in range(50)]
    with pytest.raises(WorkbenchError, match=r"split toy/1\) and four \(split toy/1\).*different documents"):
        compare_runs([tested("three"), tested("four", ids=ids)])
    with pytest.raises(WorkbenchError, match="different gold labels"):
        compare_runs([tested("five"), tested("six", gold=~GOLD)])
    with pytest.raises(WorkbenchError, match="different gold labels"):
        compare_runs([tested("seven"), tested("eight", labels=list("abcdef"))])


def test_settings_are_paired_by_seed(tested):
    runs = [
        tested(f"{method}-{seed}", right, seed, method=method, seed=seed)
        for method, right, seeds in (("base", 0.5, (0, 1, 2)), ("proto", 0.9, (1, 2, 3)), ("mix", 0.9, (2,)))
        for seed in seeds
    ]
    table = seed_differences(runs, ["P@1", "macro_F1"])
    assert table["setting"].tolist() == ["proto · cnn"] * 2  # mix shares one seed alone
    assert (table["against"].tolist(), table["n"].tolist()) == (["base · cnn"] * 2, [2, 2])
    values = {run.name: run.metrics["test"]["overall"]["macro_F1"] for run in runs}
    pairs = [(values[f"proto-{seed}"], values[f"base-{seed}"]) for seed in (1, 2)]
    oracle = stats.ttest_rel(*zip(*pairs, strict=True))
    row = table[table["metric"] == "macro_F1"].iloc[0]
    assert row["p"] == pytest.approx(oracle.pvalue)
    assert (row["value"], row["reference"]) == pytest.approx(tuple(np.mean(pairs, axis=0)))
    assert row["difference"] == pytest.approx(row["value"] - row["reference"])


def test_a_seed_of_two_runs_counts_once_and_a_metric_not_written_has_no_row(tested):
    runs = [tested(f"base-{seed}", 0.5, seed, seed=seed) for seed in range(2)]
    runs += [tested(f"proto-{n}", 0.9, n, method="proto", seed=n % 2) for n in range(3)]
    table = seed_differences(runs, ["P@1", "P@7"])
    assert table["n"].tolist() == [2]
    values = [run.metrics["test"]["overall"]["P@1"] for run in runs[2:]]
    assert table["value"][0] == pytest.approx(np.mean([(values[0] + values[2]) / 2, values[1]]))


def test_three_settings_on_two_corpora_are_ranked(tested):
    runs = [
        tested(f"{method}-{split}", right, place, method=method, split_id=f"toy/{split}")
        for split in (1, 2)
        for place, (method, right) in enumerate((("base", 0.1), ("proto", 2.0), ("mix", 9.0)))
    ]
    lone = tested("laco-1", method="laco", split_id="toy/1")
    found = ranks_over_corpora([*runs, lone], ["P@1", "hamming_loss"])
    assert list(found) == ["P@1", "hamming_loss"]
    assert set(found["P@1"].ranks["method"]) == {"base · cnn", "proto · cnn", "mix · cnn"}
    values = pd.DataFrame(
        [[run.metrics["test"]["overall"]["hamming_loss"] for run in runs[i : i + 3]] for i in (0, 3)],
        columns=["base · cnn", "proto · cnn", "mix · cnn"],
    )
    expected = values.rank(axis=1).mean()  # the lowest loss is the best
    assert dict(found["hamming_loss"].ranks.to_numpy().tolist()) == expected.to_dict()
    assert ranks_over_corpora(runs[:5], ["P@1"]) == {}
    assert ranks_over_corpora(runs[:3], ["P@1"]) == {}
