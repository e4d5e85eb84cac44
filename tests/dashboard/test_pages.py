from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard import cards
from dashboard.plain import plain
from tests.dashboard.page import PAGES, opened, pictures, said, tables
from tests.training_sets import give_micro_f1
from workbench.cards import paper_cards

EVERY_PAGE = sorted(path.stem for path in PAGES.glob("*.py") if path.stem != "__init__")
PAGES_OF_CORPORA = ("labels", "label_texts", "relations", "train")
PAGES_OF_RUNS = [page for page in EVERY_PAGE if page not in (*PAGES_OF_CORPORA, "claims")]


@pytest.mark.parametrize("page", PAGES_OF_RUNS)
def test_an_empty_workspace_says_what_to_do(page: str, workspace):
    test = opened(page)
    assert "No runs yet" in said(test)
    assert "workbench demo" in said(test)


@pytest.mark.parametrize("page", PAGES_OF_RUNS)
def test_broken_runs_are_named_with_their_reason_beside_the_good_ones(page: str, run_factory, workspace):
    run_factory("good-0")
    (run_factory("cut-0") / "run.json").write_text('{"schema": 1')
    (workspace.runs / "half-0").mkdir()
    (run_factory("hollow-0") / "history.parquet").unlink()
    run_factory("newer-0", schema=99)
    test = opened(page)
    (warning,) = [box.value for box in test.warning]
    for reason in (
        "cut-0",
        "run.json cannot be read",
        "half-0",
        "has no run.json",
        "hollow-0",
        "newer workbench",
    ):
        assert reason in warning
    if page not in ("tail_features", "inside"):  # the good run has nothing that these draw
        tables = "".join(str(frame.value) for frame in test.dataframe)
        assert "good-0" in said(test) + json.dumps(pictures(test)) + tables


@pytest.mark.usefixtures("nothing_left_over")
@pytest.mark.parametrize("page", EVERY_PAGE)
def test_only_a_run_in_training_is_no_error(page: str, run_factory):
    run_factory("live-0", end="running")
    assert not opened(page).exception


def test_the_overview_draws_the_newest_split_first(run_factory):
    run_factory("old-0", method="base", split_id="old/1", started_at="2026-01-01T00:00:00+00:00")
    run_factory("new-0", method="mix", split_id="new/2", started_at="2026-02-01T00:00:00+00:00")
    run_factory("new-1", method="mix", split_id="new/2", seed=1, started_at="2026-02-02T00:00:00+00:00")
    test = opened("overview")
    picture = test.get("html")[0].proto.body
    assert "mix · cnn" in picture
    assert "(n = 2)" in picture
    assert "base · cnn" not in picture
    assert "<div>Finished runs<b>3</b></div>" in said(test)


def test_the_overview_says_which_methods_have_runs_and_where_the_floor_is(run_factory):
    assert "green-badge" not in said(opened("overview"))
    run_factory("mixed-0", method="mix")
    for method in ("attention-xml", "lsan"):
        run_factory(f"{method}-0", method=method, family=method)
    text = said(opened("overview"))
    assert "**ProtoMix** :green-badge[mix]" in text
    assert f"**Baselines and others** :green-badge[{plain('attention-xml')}] :green-badge[lsan]" in text
    assert "No floor yet: `workbench train binary-relevance --corpus demo`" in text
    run_factory("floor-0", method="binary-relevance", family="binary-relevance")
    text = said(opened("overview"))
    assert "No floor yet" not in text and "The dashed line is binary relevance" in text
    for number in range(7):
        run_factory(f"own-{number}", method=f"own_{number}", family=f"own_{number}")
    assert "and 4 more" in said(opened("overview"))


def test_the_overview_says_of_papers_what_their_cards_say():
    known = paper_cards()
    assert {family: summary for family, (_, summary) in cards.PAPERS.items()} == {
        family: known[family].summary for family in cards.PAPERS
    }


def test_the_overview_lists_corpora(workspace):
    folder = workspace.corpora / "torn"
    folder.mkdir(parents=True)
    (folder / "card.json").write_text("{")
    text = said(opened("overview"))
    assert "torn" in text
    assert "Broken" in text
    assert "built in" in text


def test_runs_of_different_splits_are_never_drawn_together(run_factory):
    run_factory("one-0", method="base", split_id="a/1", started_at="2026-01-01T00:00:00+00:00")
    run_factory("two-0", method="mix", split_id="b/2", started_at="2026-02-01T00:00:00+00:00")
    assert "base · cnn" not in json.dumps(pictures(opened("runs")), ensure_ascii=False)
    other = json.dumps(pictures(opened("runs", split="a/1")), ensure_ascii=False)
    assert "base · cnn" in other
    assert "mix · cnn" not in other


def test_the_comparison_has_a_row_a_run_and_tables_to_take_away(run_factory):
    for seed in range(2):
        run_factory(f"mix-{seed}", method="mix", seed=seed)
    test = opened("runs")
    table = test.dataframe[0].value
    assert sorted(table["run"]) == ["mix-0", "mix-1"]
    assert {"nDCG@5", "P@1", "train_s"} <= set(table.columns)
    assert tables(test) == ["runs.csv", "means.csv"]
    assert len({trace["xaxis"] for trace in pictures(test)[0]["data"]}) == 3  # one panel a metric


def test_methods_in_the_address_filter_the_comparison(run_factory):
    run_factory("base-0", method="base")
    run_factory("mix-0", method="mix")
    assert opened("runs", method="mix").dataframe[0].value["run"].tolist() == ["mix-0"]


def test_learning_curves_have_a_panel_a_term(run_factory):
    run_factory("base-0", method="base")
    test = opened("runs", shown="Learning curves")
    (figure,) = pictures(test)
    titles = {axis["title"]["text"] for name, axis in figure["layout"].items() if name.startswith("yaxis")}
    assert titles == {"loss", "loss/classification", "loss/prototype", "nDCG@5", "P@1"}
    narrowed = opened("runs", shown="Learning curves", terms=["loss/prototype"], over="wall time (s)")
    (figure,) = pictures(narrowed)
    assert figure["layout"]["yaxis"]["title"]["text"] == "loss/prototype"
    assert figure["layout"]["xaxis"]["title"]["text"] == "wall time (s)"


def test_f1_of_curves_is_said_to_have_another_threshold(run_factory):
    give_micro_f1(run_factory("base-0", method="base"))
    chosen = opened("runs", shown="Learning curves", terms=["nDCG@5", "micro_F1"])
    assert "F1 takes scores of 0.5 and more" in said(chosen)
    assert "F1 takes scores" not in said(opened("runs", shown="Learning curves", terms=["nDCG@5"]))


@pytest.mark.parametrize(
    ("page", "choices", "box", "asked"),
    [
        ("runs", {}, "metrics", "Choose a metric to look at."),
        ("runs", {"shown": "Learning curves"}, "runs", "Choose a run to look at."),
        ("runs", {"shown": "Learning curves"}, "terms", "Choose a panel to look at."),
        ("compare", {}, "metrics", "Choose a metric to look at."),
        ("spectra", {}, "runs", "Choose a run to look at."),
    ],
)
def test_where_nothing_is_chosen_a_page_asks_for_it_and_draws_no_empty_picture(
    run_factory, page, choices, box, asked
):
    run_factory("base-0", method="base")
    test = opened(page, **choices)
    test.multiselect(key=box).set_value([]).run()
    assert not test.exception
    assert asked in said(test)
    assert "Look" not in said(test)
    assert not pictures(test)
    assert tables(test) == ([] if box != "metrics" else tables(opened(page, **choices)))


def test_a_loss_term_that_is_a_single_dot_has_no_panel_at_first(run_factory):
    import pandas as pd

    run_factory("base-0", method="base")
    path = run_factory("linear-0", method="binary-relevance", encoder="tfidf") / "history.parquet"
    one = pd.read_parquet(path).query("phase == 'train'").head(1)
    one.assign(**{"loss/squared_hinge": 0.02}).to_parquet(path)
    box = opened("runs", shown="Learning curves", runs=["base-0", "linear-0"]).multiselect(key="terms")
    assert "loss/squared_hinge" in box.options
    assert "loss/squared_hinge" not in box.value
    assert "loss/classification" in box.value
    alone = opened("runs", shown="Learning curves", runs=["linear-0"])
    assert "loss/squared_hinge" in alone.multiselect(key="terms").value


def test_learning_curves_leave_out_a_damaged_history(run_factory):
    run_factory("good-0")
    (run_factory("bad-0", seed=1) / "history.parquet").write_bytes(b"PAR1")
    test = opened("runs", shown="Learning curves")
    assert {trace["name"] for trace in pictures(test)[0]["data"]} == {"good-0"}
    assert "history.parquet cannot be read" in test.warning[0].value


def test_label_groups_go_from_head_to_tail(run_factory):
    run_factory("base-0", method="base")
    (figure,) = pictures(opened("runs", shown="Label groups"))
    assert figure["layout"]["xaxis"]["tickvals"] == ["head", "mid", "tail"]
    assert figure["layout"]["yaxis"]["title"]["text"] == "macro_F1 (0 to 1)"


def test_spectra_compare_the_chosen_runs(run_factory):
    run_factory("flat-0", method="protomix", decay=0.0)
    run_factory("steep-0", method="base", decay=1.0)
    test = opened("spectra")
    ranks = test.dataframe[0].value.set_index("run")["effective_rank"]
    assert ranks["flat-0"] > 2 * ranks["steep-0"]
    only = opened("spectra", runs=["flat-0"], scale="raw")
    (figure,) = pictures(only)
    assert {trace["name"] for trace in figure["data"]} == {"flat-0"}
    assert "as trained" in figure["layout"]["yaxis"]["title"]["text"]


def test_spectra_leave_out_embeddings_that_diverged_or_are_damaged(run_factory):
    import numpy as np

    run_factory("good-0")
    np.save(run_factory("nan-0", method="base") / "arrays" / "label_embeddings.npy", np.full((3, 2), np.nan))
    (run_factory("cut-0", method="mix") / "arrays" / "label_embeddings.npy").write_bytes(b"\x93NUMPY")
    test = opened("spectra")
    assert test.dataframe[0].value["run"].tolist() == ["good-0"]
    (warning,) = [box.value for box in test.warning]
    assert "diverged" in warning
    assert "label_embeddings.npy cannot be read" in warning


def test_a_folder_of_runs_can_be_named(run_factory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    path = run_factory("moved-0")
    path.parent.rename(tmp_path / "elsewhere")
    monkeypatch.setenv("WORKBENCH_RUNS", str(tmp_path / "elsewhere"))
    assert opened("runs").dataframe[0].value["run"].tolist() == ["moved-0"]


def test_a_finished_run_replaces_what_was_cached_of_it(run_factory):
    from workbench.runs.writer import RunWriter

    path = run_factory("one-0", end="stopped")
    assert not opened("runs").dataframe
    writer = RunWriter.reopen(path)
    writer.write_metrics({"test": {"overall": {"P@1": 0.25}}})
    writer.finish()
    assert opened("runs").dataframe[0].value["P@1"].tolist() == [0.25]


def test_no_page_imports_torch(run_factory):
    run_factory("base-0")
    code = (
        "import sys\n"
        "from streamlit.components.v2 import manifest_scanner\n"
        "from streamlit.testing.v1 import AppTest\n"
        "from dashboard import __main__ as serving\n"
        "manifest_scanner.scan_component_manifests = serving._no_components\n"
        "for page in sys.argv[1:]:\n"
        "    assert not AppTest.from_file(page, default_timeout=60).run().exception\n"
        "print(sorted({'torch', 'transformers', 'lightning', 'sklearn'} & set(sys.modules)))\n"
    )
    pages = [str(PAGES / f"{page}.py") for page in EVERY_PAGE]
    done = subprocess.run([sys.executable, "-c", code, *pages], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
