from __future__ import annotations

import pytest

from benchmarks.baselines import METRICS, recorded
from workbench.files import write_json


def test_seeds_become_a_mean_and_corpora_keep_their_order(tmp_path):
    for corpus, seed, value in (("cooking", 0, 0.5), ("demo", 0, 0.6), ("demo", 1, 0.8)):
        kept = {"method": "lsan", "test": dict.fromkeys(METRICS, value)}
        write_json(tmp_path / corpus / f"lsan-s{seed}.json", kept)
    table = recorded(tmp_path)
    assert table["corpus"].unique().tolist() == ["built-in corpus", "Cooking"]
    assert table["value"].tolist() == pytest.approx([0.7, 0.7, 0.5, 0.5])
    assert table["metric"].tolist() == list(METRICS) * 2


def test_nothing_recorded_is_an_empty_table(tmp_path):
    assert recorded(tmp_path).empty
