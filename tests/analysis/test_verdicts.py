from __future__ import annotations

import numpy as np
import pytest

from workbench.analysis.verdicts import agreement, mistakes, moved_labels, shown_labels, verdict_table

SCORES = np.array([0.9, 0.45, 0.1, 0.6, 0.0], dtype=np.float32)
COUNTS = np.array([50, 30, 20, 9, 0])


def why(scores, threshold, gold, counts=COUNTS) -> dict[int, str]:
    found = mistakes(verdict_table(np.asarray(scores), threshold, gold, counts))
    return dict(zip(found["label"].tolist(), found["why"].tolist(), strict=True))


def test_a_verdict_for_each_label():
    table = verdict_table(SCORES, 0.5, [0, 1, 4], COUNTS)
    assert table["verdict"].tolist() == ["found", "missed", "left out", "wrong", "missed"]
    assert table["rank"].tolist() == [1, 3, 4, 2, 5]
    np.testing.assert_allclose(table["distance"], SCORES - 0.5, atol=1e-7)
    assert table["is_predicted"].tolist() == [True, False, False, True, False]


def test_equal_scores_are_ranked_by_label_and_a_score_at_the_threshold_is_predicted():
    table = verdict_table(np.array([0.5, 0.7, 0.5]), np.array([0.5, 0.9, np.inf]), None, np.ones(3, int))
    assert table["rank"].tolist() == [2, 1, 3]
    assert table["verdict"].tolist() == ["predicted", "left out", "left out"]


@pytest.mark.parametrize(
    "gold, verdicts",
    [([], ["wrong", "left out"]), ([0, 1], ["found", "missed"]), (None, ["predicted", "left out"])],
)
def test_no_label_all_labels_and_unknown_ones(gold, verdicts):
    table = verdict_table(np.array([0.9, 0.1]), 0.5, gold, np.array([1, 1]))
    assert table["verdict"].tolist() == verdicts
    assert len(mistakes(table)) == sum(verdict in ("missed", "wrong") for verdict in verdicts)


def test_one_label_alone():
    assert mistakes(verdict_table(np.array([0.1]), 0.5, [0], np.array([8])))["rank"].tolist() == [1]


def test_each_mistake_is_told_in_one_sentence():
    said = why(SCORES, 0.5, [0, 1, 4])
    assert said[1] == "Below the threshold by little: 0.450 of 0.500."
    assert said[4] == "Never seen: no training document has it."
    assert said[3] == "Above the threshold by little: 0.600 of 0.500."


def test_an_outranked_label_counts_who_is_ahead_of_it():
    assert (
        why([0.3, 0.2, 0.1, 0.05], 0.5, [2], np.full(4, 9))[2]
        == "Outranked: 2 labels not gold scored higher."
    )
    assert why([0.3, 0.2, 0.1], 0.5, [1], np.array([9, 2, 9]))[1] == (
        "Outranked: 1 label not gold scored higher. Few examples: 2 training documents."
    )


def test_a_label_ranked_first_that_the_threshold_cuts():
    expected = "Ranked above every label that is not gold, but its score is 20% of the threshold."
    assert why([0.1, 0.05], 0.5, [0], np.array([9, 9]))[0] == expected


def test_a_label_that_is_never_predicted_says_so():
    assert "threshold is infinite" in why([0.9, 0.1], np.array([np.inf, 0.5]), [0], np.array([9, 9]))[0]


def test_wrong_labels_well_above_the_threshold():
    assert "higher than 1 gold label" in why([0.9, 0.1], 0.5, [1], np.array([9, 9]))[0]
    assert "without any gold label" in why([0.9, 0.1], 0.5, [], np.array([9, 9]))[0]
    assert "every gold label scored higher" in why([0.9, 0.95], 0.5, [1], np.array([9, 9]))[0]


def test_mistakes_nearest_to_the_threshold_come_first_missed_before_wrong():
    found = mistakes(verdict_table(np.array([0.1, 0.4, 0.9, 0.6]), 0.5, [0, 1], np.full(4, 9)))
    assert found["label"].tolist() == [1, 0, 3, 2]


def test_runs_agree_where_all_predict_a_label():
    tables = {
        "a": verdict_table(np.array([0.9, 0.1, 0.6]), 0.5, [1], np.full(3, 9)),
        "b": verdict_table(np.array([0.8, 0.2, 0.4]), 0.5, [1], np.full(3, 9)),
    }
    assert agreement(tables).tolist() == [2, 0, 1]
    assert shown_labels(tables, [1], 10) == [1, 0, 2]
    assert shown_labels(tables, [1], 2) == [1, 0]
    assert shown_labels(tables, None, 2) == [0, 2]


def test_a_predicted_label_is_shown_before_one_of_a_higher_score():
    """With thresholds of their own, a label may be predicted at a lower score than another that is not."""
    table = verdict_table(np.array([0.4, 0.3]), np.array([0.5, 0.2]), None, np.full(2, 9))
    assert shown_labels({"a": table}, None, 1) == [1]


def test_labels_that_an_edit_moved():
    before, after = [np.array([0.1, 0.5, 0.5])], [np.array([0.2, 0.1, 0.5])]
    assert moved_labels(before, after, 5) == [1, 0]
    assert moved_labels(before, after, 1) == [1]
    assert moved_labels(before, before, 5) == []


def test_sets_that_a_method_says_need_no_threshold():
    chosen = np.array([True, False, True, False])
    table = verdict_table(np.array([0.2, 0.9, 0.4, 0.1]), np.nan, [1, 2], np.array([9, 9, 9, 2]), chosen)
    assert table["is_predicted"].tolist() == chosen.tolist()
    assert table["verdict"].tolist() == ["wrong", "missed", "found", "left out"]
    assert table[["threshold", "distance"]].isna().all(axis=None)
    assert mistakes(table)["why"].tolist() == [
        "Left out of the set that the method says, at rank 1.",
        "In the set that the method says, at rank 3.",
    ]
