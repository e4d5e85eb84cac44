from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError
from workbench.llm.templates import (
    PLACEHOLDERS,
    SHIPPED,
    choose_template,
    list_templates,
    read_template,
    write_template,
)

DESCRIBE = 'describe = "What is {label}?"\n'


def write(folder, name="mine", describe=DESCRIBE, generate="Like {document} about {label_1}, …, {label_n}."):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(f'{describe}generate = """{generate}"""\n')
    return path


def filled(path, n=3, document="D"):
    labels, texts = [f"L{i}" for i in range(1, n + 1)], [f"T{i}." for i in range(1, n + 1)]
    return read_template(path).fill_generate("C", document, labels, texts, 90)


@pytest.mark.parametrize("name", ["aapd", "eurlex", "general"])
def test_shipped_templates_say_all_that_the_paper_gives(name):
    template = read_template(SHIPPED / f"{name}.toml")
    described = template.fill_describe("CORPUS", "LABEL", 30)
    assert "LABEL" in described
    assert "no more than 30 tokens" in described
    written = template.fill_generate("CORPUS", "DOCUMENT", ["A", "B"], ["first.", "second."], 120)
    for part in ("Example: DOCUMENT", "A, B", "A represents first, B represents second.", "120 tokens"):
        assert part in written
    assert "{" not in described + written
    assert ("CORPUS" in described) == (name == "general")


@pytest.mark.parametrize(
    "n, expected", [(1, "about L1: L1=T1 end"), (3, "about L1, L2, L3: L1=T1, L2=T2, L3=T3 end")]
)
@pytest.mark.parametrize("dots", ["…", "..."])
def test_a_row_is_written_out_for_every_label(tmp_path, n, expected, dots):
    row = f"{{label_1}}, {dots}, {{label_n}}: {{label_1}}={{text_1}}, {dots}, {{label_n}}={{text_n}} end"
    assert filled(write(tmp_path, generate="{document} about " + row), n).endswith(expected)


def test_dots_between_other_words_stay(tmp_path):
    assert filled(write(tmp_path, generate="{document} one, …, two {label_1}")) == "D one, …, two L1"


def test_braces_of_a_document_stay_as_they_are(tmp_path):
    assert (
        filled(write(tmp_path), 1, r"\mathbf{x} {label_1} {m}") == r"Like \mathbf{x} {label_1} {m} about L1."
    )


@pytest.mark.parametrize(
    "describe, generate, message",
    [
        (
            'describe = "{lable}"\n',
            "{document}",
            r"'describe' .* \{lable\}. Did you mean 'label'\? Known: \{corp",
        ),
        (DESCRIBE, "{document} {label_2}", r"unknown placeholder \{label_2\}"),
        (DESCRIBE, "{document} {label_n}", r"\{label_n\} without the row"),
        (DESCRIBE, "write {m}", "'generate' has no {document}"),
        ("", "{document}", "'describe' is missing"),
        (DESCRIBE + 'rewrite = "x"\n', "{document}", "unknown prompt 'rewrite'"),
        ("describe = what\n", "{document}", "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_the_file(tmp_path, describe, generate, message):
    path = write(tmp_path, describe=describe, generate=generate)
    with pytest.raises(WorkbenchError, match=message) as raised:
        read_template(path)
    assert str(path) in str(raised.value)


def test_a_corpus_finds_its_template_by_name_or_reader(workspace):
    def chosen(name, reader="", asked=None):
        return choose_template(name, reader, workspace, asked).name

    assert [chosen("aapd-2k"), chosen("mine", "eurlex57k"), chosen("mine")] == ["aapd", "eurlex", "general"]
    write(workspace.prompts, "mine")
    write(workspace.prompts, "mine-long")
    assert [chosen("mine"), chosen("mine-long-2"), chosen("mine", asked="aapd")] == [
        "mine",
        "mine-long",
        "aapd",
    ]
    with pytest.raises(WorkbenchError, match=r"Unknown template 'apd'. Did you mean 'aapd'"):
        chosen("mine", asked="apd")


def test_the_workspaces_files_stand_before_the_shipped_ones(workspace):
    path = write(workspace.prompts, "aapd")
    assert list_templates(workspace)["aapd"] == path
    assert choose_template("aapd", "", workspace).describe == "What is {label}?"


def test_a_template_is_written_out_to_be_edited(workspace):
    path = write_template("general", "kitchen", workspace)
    assert path.read_text() == (SHIPPED / "general.toml").read_text()
    assert choose_template("kitchen", "", workspace).path == path
    with pytest.raises(WorkbenchError, match=r"kitchen.toml is there already.*--force"):
        write_template("general", "kitchen", workspace)
    write_template("aapd", "kitchen", workspace, overwrite=True)
    assert "ArXiv" in path.read_text()
    with pytest.raises(WorkbenchError, match="cannot name"):
        write_template("aapd", "../out", workspace)


def test_criteria_are_what_the_prompt_says_itself():
    criteria = read_template(SHIPPED / "aapd.toml").criteria()
    assert "Keep a similar essay writing style, requiring rigor and no mistakes" in criteria
    assert not any("{" in piece or len(piece.split()) < 5 for piece in criteria)


def test_every_placeholder_is_explained():
    assert all(meaning for known in PLACEHOLDERS.values() for meaning in known.values())
