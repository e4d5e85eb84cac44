"""`workbench data import|list|show|check|augment|vectors`: corpora, what is in them, what is made of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from workbench.cli.data_augment import augment
from workbench.cli.data_vectors import vectors
from workbench.errors import WorkbenchError
from workbench.progress import watched_bar
from workbench.wording import how_many
from workbench.workspace import Workspace

if TYPE_CHECKING:  # numpy, scipy and pyarrow are loaded by the command that needs them
    from workbench.data.corpus import Corpus
    from workbench.data.importing import Checked
    from workbench.data.problems import Problem, Problems
    from workbench.data.reading import ReadOptions

app = typer.Typer(
    name="data",
    help="Import, list, show, check and augment corpora; count word vectors.",
    no_args_is_help=True,
)
app.command()(augment)
app.command()(vectors)

_FEW = 3
"""Warnings of a kind that an import prints each; of more, the first and their number."""

FormatOption = Annotated[
    str | None, typer.Option("--format", help="Format of the data; recognised when not given.")
]
LabelsOption = Annotated[
    Path | None,
    typer.Option("--labels", help='Label list: {"code": "name"} or ["code"]; labels.json is found.'),
]
TextField = Annotated[
    str, typer.Option(help="Field of the text; several, joined by commas, are put together.")
]
LabelsField = Annotated[str, typer.Option(help="Field of the labels.")]
IdField = Annotated[
    str | None,
    typer.Option(help="Field of the id; 'id' is used where there is one, \"\" ignores ids and numbers anew."),
]
Separator = Annotated[
    list[str] | None,
    typer.Option(help="What stands between the labels in one cell; repeat it where cells differ."),
]
Encoding = Annotated[str, typer.Option(help="Encoding of text files, such as cp1252 (Windows) or utf-16.")]
FoldLabels = Annotated[
    bool, typer.Option("--fold-labels", help="Labels that differ in case or white space alone are one.")
]


@app.command("import")
def import_(
    path: Annotated[str, typer.Argument(help="File or folder with raw data, or hub:NAME.")],
    name: Annotated[str, typer.Option(help="Name of the corpus.")],
    file_format: FormatOption = None,
    labels: LabelsOption = None,
    text_field: TextField = "text",
    labels_field: LabelsField = "labels",
    id_field: IdField = None,
    separator: Separator = None,
    encoding: Encoding = "utf-8",
    fold_labels: FoldLabels = False,
    title: Annotated[str, typer.Option(help="Title for tables and pictures; the name by default.")] = "",
    licence: Annotated[str, typer.Option(help="Terms of the data, kept on its card.")] = "",
    seed: Annotated[int, typer.Option(help="Seed of splits that are drawn, and of --limit.")] = 0,
    limit: Annotated[
        int | None, typer.Option(help="Keep only so many training documents, a stratified sample.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a corpus of that name.")] = False,
) -> None:
    """Read raw data into the workspace; with any error in it, nothing is written."""
    from workbench.data.importing import Source, import_corpus

    options = _options(text_field, labels_field, id_field, separator, encoding, fold_labels)
    source = Source(Path(path), file_format, options, labels)
    try:
        with watched_bar(f"Reading {path}", _bytes(source.path)) as advance:
            corpus, problems = import_corpus(
                source,
                name,
                title=title,
                licence=licence,
                seed=seed,
                limit=limit,
                overwrite=force,
                advance=advance,
            )
    except KeyboardInterrupt:
        Console(stderr=True, highlight=False).print("stopped; nothing was imported.")
        raise typer.Exit(130) from None
    _say_imported(corpus, problems)


def _say_imported(corpus: Corpus, problems: Problems) -> None:
    console = Console(highlight=False)
    for kind, count in problems.kinds("warning").items():
        alike = [problem for problem in problems.warnings if problem.kind == kind]
        shown = alike if count <= _FEW else alike[:1]
        for problem in shown:
            console.print(_line(problem, more=count - len(shown)), soft_wrap=True)
    counts = ", ".join(f"{len(split):,} {part}" for part, split in corpus.splits.items())
    console.print(
        f"[bold green]imported[/] [bold]{corpus.name}[/]: {counts}; {how_many(len(corpus.labels), 'label')}"
    )
    drawn = [f"validation {corpus.card.valid_drawn}"] if corpus.card.valid_drawn else []
    for note in (*drawn, *(note for note in corpus.card.notes if not note.startswith("Warned"))):
        console.print(f"  [dim]{escape(note)}[/]", soft_wrap=True)
    console.print(f"  [dim]split id {corpus.split_id}; see it with: workbench data show {corpus.name}[/]")


@app.command("list")
def list_() -> None:
    """List the corpora of this workspace."""
    from workbench.cli.corpus_list import corpora_table
    from workbench.data.cards import list_corpora

    workspace = Workspace.current()
    entries = list_corpora(workspace)
    console = Console(highlight=False)
    console.print(corpora_table(entries, console.width))
    for entry in entries:
        if entry.problem:
            console.print(f"[red]{escape(entry.problem)}[/]", soft_wrap=True)
    console.print(f"[dim]in {workspace.corpora}; add one with: workbench data import PATH --name NAME[/]")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Corpus, or the folder of one.")],
    documents: Annotated[int, typer.Option(min=0, help="How many training documents to print.")] = 3,
    pairs: Annotated[int, typer.Option(min=0, help="How many pairs of labels to print.")] = 8,
) -> None:
    """Show a corpus: splits, the long tail, groups, pairs of labels and a few documents."""
    from workbench.cli.corpus_view import show_corpus
    from workbench.data.library import load_corpus

    show_corpus(load_corpus(name), Console(highlight=False), documents, pairs)


@app.command()
def check(
    path: Annotated[
        str, typer.Argument(help="File or folder with raw data, hub:NAME, or an imported corpus.")
    ],
    file_format: FormatOption = None,
    labels: LabelsOption = None,
    text_field: TextField = "text",
    labels_field: LabelsField = "labels",
    id_field: IdField = None,
    separator: Separator = None,
    encoding: Encoding = "utf-8",
    fold_labels: FoldLabels = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
) -> None:
    """Print everything that is wrong with raw data; exits with 1 if there is an error, 0 if it is clean."""
    from workbench.data.importing import Source, check_source
    from workbench.data.library import verify_corpus

    corpus = _imported(path)
    if corpus is not None:
        verify_corpus(corpus)
        Console(highlight=False).print(
            f"[green]clean[/] {corpus}: the content has the fingerprint on its card"
        )
        return
    source = Source(
        Path(path),
        file_format,
        _options(text_field, labels_field, id_field, separator, encoding, fold_labels),
        labels,
    )
    with watched_bar(f"Checking {path}", _bytes(source.path)) as advance:
        checked = check_source(source, advance)
    _report(checked, path, strict)


def _report(checked: Checked, path: str, strict: bool) -> None:
    console = Console(highlight=False)
    for problem in checked.problems:
        console.print(_line(problem), soft_wrap=True)
    counts = ", ".join(f"{count:,} {part}" for part, count in checked.counts.items()) or "no documents"
    console.print(
        f"[dim]{escape(path)}, read as {checked.format}: {counts}; {how_many(checked.n_labels, 'label')}[/]"
    )
    for note in checked.notes:
        console.print(f"  [dim]{escape(note)}[/]", soft_wrap=True)
    errors, warnings = len(checked.problems.errors), len(checked.problems.warnings)
    if not errors and not warnings:
        console.print("[green]clean[/]")
        return
    console.print(
        f"[bold]{_counted(errors, 'error')}, {_counted(warnings, 'warning')}[/]: {_kinds(checked.problems)}",
        soft_wrap=True,
    )
    if errors or strict:
        raise typer.Exit(1)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _kinds(problems: Problems) -> str:
    kinds = {**problems.kinds("error"), **problems.kinds("warning")}
    return ", ".join(f"{kind} ({count})" for kind, count in kinds.items())


def _line(problem: Problem, more: int = 0) -> Text:
    colour = "red" if problem.severity == "error" else "yellow"
    again = f" (and {more} more like it)" if more else ""
    return Text.assemble(
        (problem.place, "bold"),
        (f": {problem.severity}: ", colour),
        problem.message,
        again,
        (f" {problem.remedy}", "dim"),
    )


def _imported(path: str) -> Path | None:
    """The folder of an imported corpus, given by path or (where no such path is) by name."""
    from workbench.data.cards import CARD

    given = Path(path)
    folder = given if given.exists() else Workspace.current().corpora / path
    return folder if (folder / CARD).is_file() else None


def _options(
    text_field: str,
    labels_field: str,
    id_field: str | None,
    separator: list[str] | None,
    encoding: str,
    fold_labels: bool,
) -> ReadOptions:
    from workbench.data.reading import ReadOptions

    try:
        "".encode(encoding)
    except LookupError:
        raise WorkbenchError(
            f"--encoding {encoding}: there is no such encoding. Try utf-8, cp1252 or utf-16."
        ) from None
    return ReadOptions(
        text_field=text_field,
        labels_field=labels_field,
        id_field=id_field,
        separator=tuple(separator) if separator else None,
        encoding=encoding,
        fold_labels=fold_labels,
    )


def _bytes(path: Path) -> int:
    from workbench.data.layout import data_files

    return sum(file.stat().st_size for file in data_files(path)) if path.exists() else 1
