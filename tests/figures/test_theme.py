from __future__ import annotations

from workbench.figures.theme import message, wrapped


def test_a_message_says_why_there_is_no_picture():
    assert message("Nothing here").layout.annotations[0].text == "Nothing here"


def test_long_names_take_several_lines_and_lose_nothing():
    name = "protomix · cnn · alpha=0.1, embedding_size=300, filters=256, +5 more"
    lines = wrapped(name, 42).split("<br>")
    assert " ".join(lines) == name
    assert [len(line) <= 42 for line in lines] == [True, True]
    assert wrapped("base · cnn") == "base · cnn"
    assert wrapped("") == ""
