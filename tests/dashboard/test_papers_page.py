from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest

from dashboard.plain import plain
from tests.dashboard import page
from tests.dashboard.page import exhibits_of, pictures, said, tables
from tests.landscapes import give_landscape
from workbench.cards import paper_cards
from workbench.data.library import save_corpus
from workbench.exhibits.places import NOTEBOOKS
from workbench.exhibits.registry import all_exhibits, find_exhibit

opened = partial(page.opened, "papers")


def test_without_runs_the_papers_numbers_and_the_command_are_there(workspace):
    test = opened(exhibit="protomix/table-6")
    text = said(test)
    assert "No runs yet" in text
    assert "Table 6" in text
    assert "workbench reproduce protomix/table-6 --corpus demo" in text
    table = test.table[0].value
    assert "paper: AAPD  \n54,840 train  \n1,000 test  \ncnn" in table.columns
    assert "84.60" in table.to_numpy()
    assert not any(name.startswith("ours") for name in table.columns)


def test_ours_stand_beside_the_papers_with_both_splits_named(answered):
    answered("protomix/table-4", seeds=(0, 1))
    test = opened(exhibit="protomix/table-4")
    table = test.table[0].value
    paper, ours, floor = table.columns[2:]
    assert paper.split("  \n")[1:3] == ["15,449 train", "3,865 test"]
    assert ours.split("  \n")[1:4] == ["demo/2a9f61c3", "240 train", "30 test"]
    assert table[paper].tolist()[:2] == ["74.75", "76.35"]
    is_floor = table["variant"] == "binary-relevance"
    assert all(" ± " in cell for cell in table.loc[~is_floor, ours])
    assert "tfidf" in floor and not table.loc[is_floor, floor].str.contains("±|–").any()  # of one seed
    assert table["metric"].tolist()[:6] == ["P@1", "", "", "", "", "P@3"]
    assert pictures(test)
    assert "is made by" not in said(test)
    assert set(tables(test)) == {"protomix-table-4-numbers.csv", "protomix-table-4-runs.csv"}


def test_a_figure_is_drawn_from_the_runs_and_says_which_they_are(answered, run_factory):
    answered("protomix/figure-6")
    run_factory("another-0")
    test = opened(exhibit="protomix/figure-6")
    (figure,) = pictures(test)
    assert {trace["name"] for trace in figure["data"]} == {
        f"{method}-None-s0" for method in ("base", "proto", "mix", "protomix")
    }
    text = said(test)
    assert "Made from: base-None-s0" in text
    assert "Other runs on this corpus: another-0." in text
    assert "prints no numbers" in text


def test_an_unfinished_exhibit_says_how_to_go_on(answered):
    answered("protomix/table-5")
    text = said(opened(exhibit="protomix/figure-6"))
    assert "2 of 4 runs are there" in text
    assert "workbench reproduce protomix/figure-6 --corpus demo --encoder cnn --budget quick" in text


@pytest.mark.parametrize("paper", ["ProtoMix", "LSFA", "LACO", "CL-MIL", "SEP-MLDC"])
def test_a_paper_has_its_card_equations_and_notebook(workspace, paper):
    test = opened(paper=paper)
    (key,) = {one.paper.key for one in all_exhibits().values() if one.paper.name == paper}
    card = paper_cards()[key]
    assert {one.value.strip("$\n ") for one in test.latex} == set(card.equations.values())
    text = said(test)
    assert card.title in text
    assert card.authors in text
    assert NOTEBOOKS[key] in text
    assert all(f"Eq. {number} · " in text for number in card.numbers.values())


def test_an_unknown_exhibit_in_the_address_shows_the_gallery(workspace):
    assert exhibits_of(opened(exhibit="protomix/table-99"))


def test_other_settings_are_a_choice_of_their_own(answered):
    answered("protomix/table-5")
    answered("protomix/table-4", seeds=(5,), settings={"epochs": 3}, budget="")
    assert "made, 5 runs" in exhibits_of(opened(paper="ProtoMix"))["Table 4"]
    test = opened(exhibit="protomix/table-4", trained="cnn · quick")
    assert "3 of 5 runs are there" in said(test)


def test_all_documents_come_before_a_part_of_them(answered):
    answered("protomix/table-4", settings={"train_size": 60, "epochs": 3}, budget="")
    answered("protomix/table-5", settings={"epochs": 3}, budget="")
    test = opened(exhibit="protomix/table-4")
    assert "240 train" in test.table[0].value.columns[-1]
    assert test.selectbox(key="trained").options == ["cnn · all documents", "cnn · 60 documents"]


def test_runs_without_landscapes_are_given_the_command_of_the_probe(answered):
    folders = answered("protomix/figure-5", settings={"epochs": 3}, budget="")
    give_landscape(folders["base"])
    test = opened(exhibit="protomix/figure-5")
    assert "4 of 4 runs are there. What is computed from them is made by" in said(test)
    others = " ".join(folders[method].name for method in ("proto", "mix", "protomix"))
    assert f"workbench probe landscape {others}" in said(test)


def test_a_table_of_nothing_is_not_shown(answered):
    answered("protomix/figure-5")
    test = opened(exhibit="protomix/figure-5")
    assert "workbench reproduce protomix/figure-5" in said(test)
    assert all(len(one.value) for one in test.dataframe)


def test_embeddings_that_diverged_are_left_out_and_named(answered):
    folders = answered("protomix/figure-6")
    np.save(folders["mix"] / "arrays" / "label_embeddings.npy", np.full((3, 2), np.nan))
    test = opened(exhibit="protomix/figure-6")
    assert len({trace["name"] for trace in pictures(test)[0]["data"]}) == 3
    (warning,) = test.warning
    assert plain("mix-None-s0") in warning.value
    assert "diverged" in warning.value


def test_the_corpus_itself_is_counted_where_it_is(answered, run_factory, workspace, toy_corpus):
    answered("protomix/table-5")
    assert "not in this workspace" in said(opened(exhibit="protomix/table-1"))
    save_corpus(toy_corpus, workspace.corpora / "toy")
    facts = {
        "name": "toy",
        "fingerprint": toy_corpus.fingerprint,
        "split_id": toy_corpus.split_id,
        "n_train": 240,
    }
    path = run_factory("toy-0")
    manifest = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps(manifest | {"corpus": facts}))
    test = opened(exhibit="protomix/table-1", corpus=toy_corpus.split_id)
    table = test.table[0].value
    ours = table.columns[-1]
    assert ours.startswith("ours: toy")
    assert dict(zip(table["metric"], table[ours], strict=True))["train documents"] == "240"


def test_a_run_on_a_part_of_the_corpus_belongs_to_the_whole(answered, run_factory):
    answered("protomix/figure-4")
    test = opened(exhibit="protomix/figure-4")
    assert "is made by" not in said(test)
    (figure,) = pictures(test)
    assert figure["layout"]["xaxis"]["title"]["text"] == "share of the training documents"


def test_sharpness_of_one_seed_has_its_distance_and_readable_columns(answered):
    for folder in answered("protomix/figure-5").values():
        give_landscape(folder)
    (table,) = (one.value for one in opened(exhibit="protomix/figure-5").dataframe)
    assert "mean rise of the loss at distance 0.5" in set(table["measure"])
    assert list(table.columns)[-3:] == ["standard deviation", "95 % from", "95 % to"]
    assert table["95 % to"].isna().all()


def test_ranks_have_readable_columns(answered):
    answered("protomix/figure-6")
    (table,) = (one.value for one in opened(exhibit="protomix/figure-6").dataframe)
    assert not [name for name in table.columns if "_" in name]


def test_shares_of_the_training_documents_are_percentages(answered):
    answered("protomix/figure-4")
    test = opened(exhibit="protomix/figure-4")
    shares = test.table[0].value["share of the training documents"]
    assert set(shares) == {"25 %", "50 %", "75 %", "100 %"}
    assert "240 train" in test.table[0].value.columns[-1]
    ticks = pictures(test)[0]["layout"]["xaxis"]["ticktext"]
    assert ticks == ["25 %", "50 %", "75 %", "100 %"]


def test_what_metrics_say_of_each_label_is_read_from_the_run_itself(answered):
    """The pages keep summaries of runs, which leave the tables of labels out."""
    answered("laco/figure-2", encoders=("small-bert",))
    test = opened(exhibit="laco/figure-2")
    assert "cannot be shown" not in said(test)
    assert len(pictures(test)) == 1
    (table,) = (one.value for one in test.dataframe)
    assert set(table["bin"]) == {1, 2, 3, 4}
    assert set(table["method"]) == set(find_exhibit("laco/figure-2").compared)


def test_versions_of_a_corpus_are_chosen_apart(run_factory):
    for name, corpus, fingerprint in (("new-0", "demo-sep", "a" * 64), ("old-0", "demo", "b" * 64)):
        run_factory(name, method="protomix", corpus=corpus, fingerprint=fingerprint)
    test = opened(exhibit="protomix/table-6")
    assert set(test.selectbox(key="corpus").options) == {"demo/2a9f61c3", "demo/2a9f61c3 · demo-sep"}
    test.selectbox(key="corpus").select("demo/2a9f61c3 · demo-sep").run()
    assert not test.exception
    assert "old-0" not in said(test)


def test_a_command_is_never_empty(run_factory):
    same = {"corpus": "demo", "encoder": "cnn"}
    for method in ("base", "proto", "mix"):
        run_factory(f"{method}-0", method=method, **same)
    run_factory("protomix-0", method="protomix", end="running", **same)
    test = opened(exhibit="protomix/table-6")
    assert test.code
    assert all(block.value for block in test.code)
