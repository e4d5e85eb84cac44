from __future__ import annotations

from workbench.figures.theme import message


def test_a_message_says_why_there_is_no_picture():
    assert message("Nothing here").layout.annotations[0].text == "Nothing here"
