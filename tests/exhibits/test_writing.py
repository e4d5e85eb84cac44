from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.writing import folder_of, write_exhibit


@pytest.fixture
def written(scope, answer, analysed, workspace):
    def write(name: str, **how):
        exhibit = find_exhibit(name)
        for need in exhibit.needs(scope):
            answer(need)
        folder = folder_of(exhibit, scope, workspace)
        return folder, write_exhibit(exhibit, scope, *analysed(exhibit, scope), folder, **how)

    return write


def test_a_figure_is_kept_as_json_its_tables_as_csv_and_where_they_come_from(written, workspace):
    folder, paths = written("protomix/figure-6")
    assert folder == workspace.root / "exhibits/protomix/figure-6/demo-cnn-quick"
    assert {path.name for path in paths} == {"figure.json", "spectra.csv", "ranks.csv", "exhibit.json"}
    figure = json.loads((folder / "figure.json").read_text())
    assert len(figure["data"]) == 8
    assert pd.read_csv(folder / "ranks.csv")["method"].tolist() == ["base", "proto", "mix", "protomix"]
    origin = json.loads((folder / "exhibit.json").read_text())
    assert len(origin["runs"]) == 4
    assert (origin["missing_runs"], origin["corpus"]["split_id"]) == (0, "demo/2a9f61c3")
    assert origin["settings"]["cnn"]["filters"] == 128


def test_numbers_are_kept_with_the_papers(written):
    folder, _ = written("protomix/table-4")
    table = pd.read_csv(folder / "numbers.csv")
    assert table.groupby("source")["value"].count().to_dict() == {"ours": 25, "paper": 20}  # the floor too
    assert set(table.loc[table["source"] == "paper", "corpus"]) == {"EUR-Lex"}
    assert set(table.loc[table["source"] == "ours", "corpus"]) == {"demo"}


def test_a_page_of_its_own_needs_no_network(written):
    folder, paths = written("protomix/table-5", html=True)
    page = (folder / "figure.html").read_text()
    assert folder / "figure.html" in paths
    assert "<script src=" not in page
    assert len(page) > 1_000_000


def test_a_table_without_a_picture_writes_none(written):
    _, paths = written("protomix/table-1")
    assert [path.name for path in paths] == ["numbers.csv", "exhibit.json"]


def test_folders_say_corpus_encoders_and_budget(scope, workspace):
    exhibit = find_exhibit("protomix/table-4")
    wanted = replace(scope, encoders=("cnn", "org/My Model"), budget="full", frozen=True)
    assert folder_of(exhibit, wanted, workspace).name == "demo-cnn-frozen+my-model-frozen-full"
    assert folder_of(find_exhibit("protomix/table-1"), wanted, workspace).name == "demo"
