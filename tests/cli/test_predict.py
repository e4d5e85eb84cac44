from __future__ import annotations

import json
import shutil

import pytest

SMALL = ["--set", "filters=16", "--set", "embedding_size=16", "--set", "batch_size=16"]
FAST = ["--set", "learning_rate=0.02", "--set", "head_learning_rate=0.02"]


@pytest.fixture
def trained(command, toy, workspace, made_once) -> str:
    def make() -> None:
        train = ["train", "base", "--corpus", toy, *SMALL, *FAST, "--set", "epochs=8", "--name", "r"]
        assert command(*train).status == 0

    made_once(workspace.runs / "r", make)
    return "r"


def test_predict_finds_the_label_whose_words_are_there(command, trained):
    ended = command("predict", trained, "--text", "word4x1 word4x2 noise3 word4x0", "--top", 3, "--json")
    found = json.loads(ended.out)
    assert len(found["labels"]) == 3
    assert found["labels"][0]["label"] == "topic.4"
    assert found["labels"][0]["is_predicted"]


def test_predict_reads_a_file_and_draws_a_table(command, trained, tmp_path):
    path = tmp_path / "documents.txt"
    path.write_text("\ufeffword1x1 word1x2\nword2x1\u2028word2x2\n\n", encoding="utf-8")
    answers = command("predict", trained, "--file", path, "--json").out.rstrip().split("\n")
    assert [json.loads(line)["text"] for line in answers] == ["word1x1 word1x2", "word2x1\u2028word2x2"]
    out = command("predict", trained, "--file", path).out
    assert "topic number 1" in out
    assert "topic number 2" in out
    assert "✓" in out


@pytest.mark.parametrize(
    "broken", ['{"txt": "word2x1"}', '{"text": null}', '{"text": " "}', "word2x1", "[1]", "\n{}"]
)
def test_predict_reads_json_lines_and_names_a_broken_one(command, trained, tmp_path, broken):
    path = tmp_path / "documents.jsonl"
    path.write_text('{"text": "word1x1"}\n' + broken + "\n")
    ended = command("predict", trained, "--file", path)
    assert (ended.status, "documents.jsonl, line 2" in ended.err) == (1, True)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["r"], "Nothing to predict"),
        (["r", "--text", "word1x1", "--text", " "], "--text number 2 of 2 is empty"),
        (["r", "--text", ""], "--text is empty"),
        (["nothing", "--text", "x"], "No run 'nothing'"),
        (["r", "--file", "missing.txt"], "Cannot read missing.txt"),
    ],
)
def test_mistakes_in_predict_are_one_message(command, trained, arguments, message):
    ended = command("predict", *arguments)
    assert (ended.status, message in ended.err) == (1, True)


@pytest.mark.parametrize(
    "name, content, message",
    [
        ("three.txt", "first\n\nthird\n", "three.txt, line 2: the line is blank"),
        ("empty.txt", " \n\n", "holds no document"),
        ("table.csv", "text,labels\nfirst,a\n", "is not read line by line"),
        ("TABLE.PARQUET", "PAR1", "is not read line by line"),
        ("whole.json", '[{"text": "first"}]', "JSON lines"),
    ],
)
def test_a_file_without_a_document_on_each_line_is_refused(
    command, trained, tmp_path, name, content, message
):
    (tmp_path / name).write_text(content)
    ended = command("predict", trained, "--file", tmp_path / name)
    assert (ended.status, message in ended.err) == (1, True)


def test_a_run_works_after_the_folder_moved_and_the_corpus_is_gone(command, trained, workspace, tmp_path):
    shutil.move(workspace.runs / trained, tmp_path / "elsewhere")
    shutil.rmtree(workspace.corpora)
    ended = command("predict", tmp_path / "elsewhere", "--text", "word7x1 word7x2", "--json")
    assert json.loads(ended.out)["labels"][0]["label"] == "topic.7"


def test_evaluate_agrees_with_the_metrics_of_the_run(command, trained, toy, workspace, tmp_path):
    from workbench.runs.store import Run

    out = tmp_path / "metrics.json"
    ended = command("evaluate", trained, "--out", out)  # on its own corpus
    assert ended.status == 0
    report = json.loads(out.read_text())
    expected = Run.load(workspace.runs / trained).metrics["test"]["overall"]
    assert report["overall"] == pytest.approx(expected, abs=1e-6)
    assert report["unknown_gold_labels"] == 0


def test_evaluate_refuses_an_unknown_split_and_a_foreign_corpus(command, trained, toy):
    assert (
        "known splits: train, valid, test"
        in command("evaluate", trained, "--corpus", toy, "--split", "dev").err
    )
    assert "share no label" in command("evaluate", trained, "--corpus", "demo").err


def test_a_stopped_run_does_not_predict(command, run_factory):
    run_factory("cut", end="stopped")
    assert "only a finished run predicts" in command("predict", "cut", "--text", "x").err


def test_brackets_in_texts_and_labels_are_no_markup(command, workspace):
    from scipy import sparse

    from workbench.data.corpus import Split, make_corpus
    from workbench.data.library import save_corpus

    targets = sparse.csr_array([[1, 0], [0, 1]] * 8, dtype="uint8")
    train, valid, test = (
        Split([f"{name}{row % 2} text" for row in range(16)], targets, [f"{name}{row}" for row in range(16)])
        for name in "abc"
    )
    corpus = make_corpus("odd", train, valid, test, ["[/]", "x\\"], ["[red]closed", "[/dim] open"])
    save_corpus(corpus, workspace.corpora / "odd")
    assert command("train", "base", "--corpus", "odd", *SMALL, "--set", "epochs=1", "--name", "o").status == 0
    out = command("predict", "o", "--text", "[/] a [bold] text").out
    assert all(shown in out for shown in ("[/] a [bold] text", "[/]  [red]closed", "x\\  [/dim] open"))
