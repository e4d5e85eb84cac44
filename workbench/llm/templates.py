"""Prompts as files that can be edited: shipped ones, overridden by those of the workspace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.data.names import check_name
from workbench.errors import WorkbenchError, nearest
from workbench.files import write_text
from workbench.workspace import Workspace

SHIPPED = Path(__file__).with_name("templates")
GENERAL = "general"
CRITERION_WORDS = 5

PLACEHOLDERS: dict[str, dict[str, str]] = {
    "describe": {
        "corpus": "the corpus's title",
        "label": "the label to describe: its name, and its code where that says more",
        "m": "the most tokens of the description",
    },
    "generate": {
        "corpus": "the corpus's title",
        "document": "the demonstration: a training document of the label; it must be there",
        "m": "the length to write, in tokens",
        "label_1": "the first label of the demonstration, in a row that goes on to {label_n}",
        "text_1": "the description of that label, or its name",
        "label_n": "the last label of the demonstration",
        "text_n": "the description of that label",
    },
}
"""What can stand in braces in each prompt, and what takes its place."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z_0-9]*)\}")
_AND_SO_ON = re.compile(r"(, )(?:…|\.\.\.)(?:, )")


@dataclass(frozen=True)
class Template:
    """The prompts of one file.

    Attributes:
        name: of the file, without its ending.
        path: where it lies.
        describe: the prompt of SEP-MLDC's Eq. 1.
        generate: the prompt of SEP-MLDC's Eq. 3.
    """

    name: str
    path: Path
    describe: str
    generate: str

    def fill_describe(self, corpus: str, label: str, m: int) -> str:
        """The prompt that asks what a label means."""
        return _fill(self.describe, {"corpus": corpus, "label": label, "m": str(m)})

    def fill_generate(
        self, corpus: str, document: str, labels: Sequence[str], texts: Sequence[str], m: int
    ) -> str:
        """The prompt that asks for a document like the demonstration, with its labels and what they mean."""
        written = _write_out(self.generate, len(labels))
        values = {"corpus": corpus, "document": document, "m": str(m)}
        for place, (label, text) in enumerate(zip(labels, texts, strict=True), start=1):
            values |= {f"label_{place}": label, f"text_{place}": text.rstrip(".")}
        return _fill(written, values)

    def criteria(self) -> list[str]:
        """What the prompt to generate says itself, in pieces: an answer with one has copied the prompt."""
        own = self.generate.rpartition("{document}")[2] or self.generate
        return [
            piece.strip()
            for piece in re.split(r"\{\w+\}|[.:\n…]", own)
            if len(piece.split()) >= CRITERION_WORDS
        ]


def list_templates(workspace: Workspace) -> dict[str, Path]:
    """Every template's file by name; one in the workspace stands before a shipped one of the same name."""
    found = {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}
    return found | {path.stem: path for path in sorted(workspace.prompts.glob("*.toml"))}


def choose_template(corpus_name: str, reader: str, workspace: Workspace, name: str | None = None) -> Template:
    """The template asked for, else one that the corpus's name or reader begins with, else the general one.

    Raises:
        WorkbenchError: an unknown name, or a file that cannot be read.
    """
    known = list_templates(workspace)
    if name is not None and name not in known:
        raise WorkbenchError(
            f"Unknown template {name!r}.{nearest(name, known)} Known: {', '.join(known)}. "
            f"A new one is a file {workspace.prompts / f'{name}.toml'}."
        )
    fitting = [one for one in known if corpus_name.startswith(one) or reader.startswith(one)]
    chosen = name or max(fitting, key=len, default=GENERAL)
    return read_template(known[chosen])


def read_template(path: Path) -> Template:
    """Read a template's file and check what stands in braces.

    Raises:
        WorkbenchError: no TOML, a prompt that is missing or unknown, a placeholder without a value.
    """
    try:
        prompts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WorkbenchError(f"{path} cannot be read as TOML: {error}") from None
    for key in prompts.keys() - PLACEHOLDERS.keys():
        raise WorkbenchError(
            f"{path}: unknown prompt {key!r}.{nearest(key, PLACEHOLDERS)} Known: {', '.join(PLACEHOLDERS)}."
        )
    for key in PLACEHOLDERS:
        if not isinstance(prompts.get(key), str) or not prompts[key].strip():
            raise WorkbenchError(f'{path}: the prompt {key!r} is missing. Write {key} = """…""".')
        _check(prompts[key], key, path)
    if "{document}" not in prompts["generate"]:
        raise WorkbenchError(f"{path}: the prompt 'generate' has no {{document}}, the demonstration.")
    return Template(path.stem, path, prompts["describe"].strip(), prompts["generate"].strip())


def write_template(name: str, target: str, workspace: Workspace, *, overwrite: bool = False) -> Path:
    """Copy a template to the workspace's folder of prompts under the name `target`, to be edited there.

    Raises:
        WorkbenchError: an unknown template, or a file that is there and not to be replaced.
    """
    check_name(target)
    path = workspace.prompts / f"{target}.toml"
    text = choose_template("", "", workspace, name).path.read_text(encoding="utf-8")
    if path.exists() and not overwrite:
        raise WorkbenchError(f"{path} is there already. Edit it, or use --force to replace it.")
    write_text(path, text)
    return path


def _check(prompt: str, key: str, path: Path) -> None:
    known = PLACEHOLDERS[key]
    left = _PLACEHOLDER.findall(_write_out(prompt, 1))
    for name in _PLACEHOLDER.findall(prompt):
        if name not in known:
            raise WorkbenchError(
                f"{path}: the prompt {key!r} has the unknown placeholder {{{name}}}.{nearest(name, known)} "
                f"Known: {', '.join(f'{{{one}}}' for one in known)}."
            )
    for name in left:
        if name.endswith("_n"):
            raise WorkbenchError(
                f"{path}: the prompt {key!r} has {{{name}}} without the row that leads to it. Write a row "
                'such as "{label_1}, …, {label_n}", the same words on both sides.'
            )


def _write_out(prompt: str, n: int) -> str:
    """Every row "A 1, …, A n" as "A 1, A 2, A 3" up to n; the words of A are the same on both sides."""
    position = 0
    while (found := _AND_SO_ON.search(prompt, position)) is not None:
        last = _last_of_row(prompt[: found.start()], prompt[found.end() :])
        position = found.end()
        if last:
            before, after = prompt[: found.start() - len(last)], prompt[found.end() + len(last) :]
            row = ", ".join(last.replace("_n}", f"_{place}}}") for place in range(1, n + 1))
            prompt, position = f"{before}{row}{after}", len(before) + len(row)
    return prompt


def _last_of_row(left: str, right: str) -> str:
    """The longest beginning of `right` that ends `left` too, 1 instead of n, and ends with a brace."""
    ends = [found.end() for found in re.finditer(r"_n\}", right)]
    fitting = [right[:end] for end in ends if left.endswith(right[:end].replace("_n}", "_1}"))]
    return max(fitting, key=len, default="")


def _fill(prompt: str, values: Mapping[str, str]) -> str:
    """Every placeholder replaced in one pass, so that braces of a document stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], prompt)
