from __future__ import annotations

from workbench.wording import how_many, is_are


def test_only_one_is_singular():
    assert [how_many(count, "label") for count in (0, 1, 2, 1204)] == [
        "0 labels",
        "1 label",
        "2 labels",
        "1,204 labels",
    ]
    assert [how_many(count, "corpus", "corpora") for count in (1, 2)] == ["1 corpus", "2 corpora"]
    assert [is_are(count) for count in (0, 1, 2)] == ["are", "is", "are"]
