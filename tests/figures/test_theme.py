from __future__ import annotations

from workbench.figures.theme import message, shortened, wrapped


def test_a_message_says_why_there_is_no_picture():
    assert message("Nothing here").layout.annotations[0].text == "Nothing here"


def test_long_names_take_several_lines_and_lose_nothing():
    name = "protomix · cnn · alpha=0.1, embedding_size=300, filters=256, +5 more"
    (first, second, empty), row = wrapped([name, "base · cnn", ""], 42)
    lines = first.split("<br>")
    assert " ".join(lines) == name
    assert [len(line) <= 42 for line in lines] == [True, True]
    assert (second, empty, row) == ("base · cnn", "", 44)


def test_rows_are_as_high_as_the_longest_name_needs_and_words_stay_whole():
    encoder = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
    (lines,), row = wrapped([f"mix · {encoder} frozen · train_size=250, +12 more"], 42)
    assert encoder in lines.split("<br>")
    assert row == 10 + 17 * 3


def test_names_are_cut_at_the_end_and_stay_different():
    assert shortened(["base", "base · a=1, b=2"], 12) == ["base", "base · a=1…"]
    alike = [f"base · a=1, b=2, c={number}" for number in (3, 4)]
    short = shortened(alike, 12)
    assert len(set(short)) == 2
    assert all(len(name) == 12 and "…" in name for name in short)
