"""`workbench predict` and `workbench evaluate`: a finished run at work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workbench.errors import WorkbenchError
from workbench.files import write_json
from workbench.progress import watched_bar
from workbench.wording import how_many

if TYPE_CHECKING:
    import pandas as pd

    from workbench.probes.inference import Predictor

JSON_LINES = (".jsonl", ".ndjson")
NOT_LINES = (".csv", ".tsv", ".parquet", ".json", ".gz")
"""Endings of files in which a line is no document."""


def predict(
    run: Annotated[str, typer.Argument(help="Name or folder of a finished run.")],
    text: Annotated[
        list[str] | None, typer.Option(help="A document; give it several times for several.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="Text with one document a line, or JSON lines with text (.jsonl); a blank line is an error."
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Labels shown per document.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per document instead.")] = False,
) -> None:
    """Score new documents; labels above the run's threshold are marked."""
    texts = [*_given(text or []), *(_read_documents(file) if file else [])]
    if not texts:
        raise WorkbenchError('Nothing to predict. Give --text "…" or --file documents.txt')
    predictor = _load(run, with_cache=False)
    found = predictor.predict(texts, top)
    if as_json:
        for document, rows in found.groupby("document"):
            labels = rows[["label", "label_text", "score", "is_predicted"]].to_dict("records")
            print(json.dumps({"text": texts[int(str(document))], "labels": labels}, ensure_ascii=False))
        return
    console = Console()
    for document, rows in found.groupby("document"):
        console.print(_table(texts[int(str(document))], rows))


def evaluate(
    run: Annotated[str, typer.Argument(help="Name or folder of a finished run.")],
    corpus: Annotated[str | None, typer.Option(help="Imported corpus; by default the run's own.")] = None,
    split: Annotated[str, typer.Option(help="train, valid or test.")] = "test",
    out: Annotated[Path | None, typer.Option(metavar="FILE.json", help="Write all metrics here too.")] = None,
) -> None:
    """Measure a run on a split of any corpus that shares its labels."""
    from workbench.data.library import load_corpus

    predictor = _load(run, with_cache=True)
    opened = load_corpus(corpus or predictor.run.manifest["recipe"]["corpus"])
    with watched_bar("scoring", len(opened.splits[split]) if split in opened.splits else 0) as advance:
        report = predictor.evaluate(opened, split, advance)
    table = Table("metric", "value", title=f"{predictor.run.name} on {opened.split_id} {split}")
    for name, value in report["overall"].items():
        table.add_row(name, "-" if value is None else f"{value:.4f}")
    console = Console()
    console.print(table)
    console.print(
        f"{how_many(report['documents'], 'document')}; left out of ranking metrics, without labels: "
        f"{report['documents_without_labels']:,}; gold labels unknown to the run: "
        f"{report['unknown_gold_labels']:,}.",
        highlight=False,
    )
    if out is not None:
        write_json(out, report)


def _load(name: str, with_cache: bool) -> Predictor:
    from workbench.probes.inference import Predictor
    from workbench.runs.opening import load_run
    from workbench.workspace import Workspace

    workspace = Workspace.current()
    cache = workspace.cache if with_cache else None
    return Predictor.load(load_run(name, workspace), cache)


def _given(texts: list[str]) -> list[str]:
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            which = "--text is" if len(texts) == 1 else f"--text number {number} of {len(texts)} is"
            raise WorkbenchError(f"{which} empty: write a document there, or leave it out.")
    return texts


def _read_documents(path: Path) -> list[str]:
    """The documents, one a line, so that answers stand in the order of the lines; blank lines end a file."""
    is_json = path.suffix.lower() in JSON_LINES
    if path.suffix.lower() in NOT_LINES:
        raise WorkbenchError(
            f"{path} is not read line by line: give a text file with one document a line, "
            'or JSON lines ({"text": "…"}) in a file that ends in .jsonl.'
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").rstrip().split("\n")
    except OSError as error:
        raise WorkbenchError(f"Cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise WorkbenchError(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8.") from None
    if lines == [""]:
        raise WorkbenchError(f"{path} holds no document: write one a line.")
    read = _document if is_json else _line
    return [read(line, path, number) for number, line in enumerate(lines, start=1)]


def _line(line: str, path: Path, number: int) -> str:
    if not line.strip():
        raise WorkbenchError(
            f"{path}, line {number}: the line is blank. Write a document there, or remove it."
        )
    return line


def _document(line: str, path: Path, number: int) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError):
        text = None
    if not isinstance(text, str) or not text.strip():
        raise WorkbenchError(f'{path}, line {number}: expected {{"text": "…"}}, one object a line.')
    return text


def _table(text: str, rows: pd.DataFrame) -> Table:
    shown = text if len(text) <= 200 else f"{text[:197]}..."
    table = Table("", "label", "score", "", title=Text(shown, "italic"), title_justify="left")
    for row in rows.to_dict("records"):
        code, text, score = row["label"], row["label_text"], float(row["score"])
        name = Text(code) if code == text else Text.assemble(code, "  ", (text, "dim"))
        table.add_row("✓" if row["is_predicted"] else "", name, f"{score:.3f}", "█" * round(20 * score))
    return table
