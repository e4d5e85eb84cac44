from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.analysis.long_tail import HEIGHT_OF_NONE, MOST_POINTS, group_summary, long_tail
from workbench.metrics.groups import frequency_groups


def frequencies(train: list[int], test: list[int] | None = None) -> pd.DataFrame:
    """As `label_frequencies` gives it, for counts that fall already."""
    table = pd.DataFrame(
        {"rank": np.arange(1, len(train) + 1), "label": [f"L{n}" for n in range(len(train))]}
    )
    table["text"] = "label " + table["label"]
    table["train"], table["test"], table["group"] = train, test or train, ""
    for group, members in frequency_groups(np.array(train)).items():
        table.loc[members, "group"] = group
    return table


def test_one_point_a_label_with_its_group():
    table = long_tail(frequencies([150, 100, 99, 20, 19, 1, 0]))
    assert table.columns.tolist() == ["rank", "label", "text", "documents", "height", "group"]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert table["documents"].tolist() == [150, 100, 99, 20, 19, 1, 0]
    assert table["group"].tolist() == ["head", "head", "mid", "mid", "tail", "tail", "unseen"]
    assert table["height"].tolist() == [150, 100, 99, 20, 19, 1, HEIGHT_OF_NONE]
    assert table["label"].tolist()[-1] == "L6"


def test_another_split_keeps_training_rank_and_group():
    table = long_tail(frequencies([150, 30, 0], test=[2, 0, 5]), "test")
    assert table["documents"].tolist() == [2, 0, 5]
    assert table["group"].tolist() == ["head", "mid", "unseen"]
    assert table["height"].tolist() == [2, HEIGHT_OF_NONE, 5]


def test_very_many_labels_are_thinned_out_keeping_the_ends_of_groups():
    counts = np.sort(np.r_[np.full(3, 500), np.full(2, 50), np.arange(60_000) % 19 + 1, np.zeros(7, int)])[
        ::-1
    ]
    table = long_tail(frequencies(counts.tolist()))
    assert len(table) <= MOST_POINTS
    assert table["rank"].is_monotonic_increasing
    for group, members in frequency_groups(counts).items():
        ranks = table.loc[table["group"] == group, "rank"]
        assert (ranks.iloc[0], ranks.iloc[-1]) == (members[0] + 1, members[-1] + 1)


def test_groups_are_summed_up():
    table = group_summary(frequencies([150, 30, 20, 0], test=[6, 0, 2, 0]))
    assert table.to_numpy().tolist() == [
        ["head", 1, 150, 0.75, 0],
        ["mid", 2, 50, 0.25, 0],
        ["unseen", 1, 0, 0, 1],
    ]
    assert table.columns.tolist() == ["group", "labels", "documents", "share", "without_documents"]
    test = group_summary(frequencies([150, 30, 20, 0], test=[6, 0, 2, 0]), "test").set_index("group")
    assert test["without_documents"].to_dict() == {"head": 0, "mid": 1, "unseen": 1}
    assert test["share"].to_dict() == pytest.approx({"head": 0.75, "mid": 0.25, "unseen": 0})


def test_a_split_without_documents_has_no_shares():
    table = group_summary(frequencies([3, 2]).assign(test=0), "test")
    assert table["documents"].tolist() == [0]
    assert table["share"].isna().all()
    assert long_tail(frequencies([3, 2]).assign(test=0), "test")["height"].tolist() == [0.5, 0.5]
