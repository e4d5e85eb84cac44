from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.mixed_runs import mixed_run
from workbench.analysis.mixture_differences import BETTER, NONE, SEEDS, WORSE, compare_mixtures
from workbench.analysis.mixtures import LENDER, METHOD
from workbench.analysis.recorded_mixtures import recorded_mixtures, write_mixtures
from workbench.errors import WorkbenchError


def test_what_is_packaged_has_three_mixtures_beside_both_parents_on_two_corpora():
    table = recorded_mixtures()
    assert set(table["corpus"]) == {"demo", "aapd-2k"}
    for _, rows in table.groupby("corpus"):
        assert rows["mixture"].nunique() >= 3
        assert rows.groupby("mixture")["role"].agg(set).map({METHOD, LENDER}.__le__).all()


def test_each_recorded_verdict_is_that_of_its_interval():
    for row in recorded_mixtures().to_dict("records"):
        is_clear = row["low"] > 0 or row["high"] < 0
        assert (row["verdict"] != NONE) == is_clear
        assert not is_clear or row["verdict"].startswith(BETTER if row["difference"] > 0 else WORSE)
        assert (row["n"] > 1) == (row["over"] == SEEDS)
        assert row["low"] <= row["difference"] <= row["high"]
        assert row["value"] - row["reference"] == pytest.approx(row["difference"])


def test_a_table_comes_back_as_it_was_written(tmp_path: Path):
    runs = [mixed_run(tmp_path, "m-0", "mix", ("sep_mldc.label_contrast",))]
    runs.append(mixed_run(tmp_path, "mix-0", "mix"))
    table = compare_mixtures(runs, ["P@1", "macro_F1"])
    write_mixtures(table, tmp_path / "kept.json")
    pd.testing.assert_frame_equal(recorded_mixtures(tmp_path / "kept.json"), table, check_dtype=False)


@pytest.mark.parametrize("text", [None, "{", '["no row"]'])
def test_a_damaged_file_says_how_it_is_made(tmp_path: Path, text: str | None):
    path = tmp_path / "kept.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(WorkbenchError, match=r"benchmarks/mixtures\.py"):
        recorded_mixtures(path)
