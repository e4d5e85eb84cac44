"""`workbench data vectors`: word vectors counted from a corpus's training texts, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from workbench.errors import WorkbenchError
from workbench.progress import watched_bar
from workbench.wording import how_many

if TYPE_CHECKING:  # numpy is loaded when the corpus is
    import numpy as np


def vectors(
    corpus: Annotated[str, typer.Argument(help="Corpus, or the folder of one.")],
    out: Annotated[Path, typer.Option(help="File to write, in word2vec's text format; .gz packs it.")],
    size: Annotated[int, typer.Option(min=2, help="Dimensions of a vector.")] = 300,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
) -> None:
    """Count word vectors from the training texts, where no published ones can be had."""
    from workbench.data.library import load_corpus
    from workbench.data.word_vectors import write_vectors

    _check_free(out, force)
    opened = load_corpus(corpus)
    words, counted = _counted(list(opened.train.texts), size)
    write_vectors(out, words, counted)
    console = Console(highlight=False)
    console.print(
        f"[bold green]made[/] {escape(str(out))}: {how_many(len(words), 'word')} of {opened.name}, "
        f"{counted.shape[1]} dimensions",
        soft_wrap=True,
    )
    size_told = "" if counted.shape[1] == 300 else f" --set embedding_size={counted.shape[1]}"
    console.print(
        f"[dim]Next: workbench train attention-xml --corpus {escape(opened.name)} "
        f"--set vectors={escape(str(out))}{size_told}[/]",
        soft_wrap=True,
    )


def _check_free(out: Path, force: bool) -> None:
    """Refuse before anything long is begun."""
    if out.is_dir():
        raise WorkbenchError(f"--out {out} is a folder. Give the name of a file in it.")
    if not out.parent.is_dir():
        raise WorkbenchError(f"There is no folder {out.parent} for --out {out}. Make it first.")
    if out.exists() and not force:
        raise WorkbenchError(f"There is a file {out} already. Use --force to replace it.")


def _counted(texts: list[str], size: int) -> tuple[list[str], np.ndarray]:
    """The words of the texts, and their vectors (V, E)."""
    from workbench.data.counted_vectors import count_words, counted_vectors

    with watched_bar("Counting words", 2 * len(texts)) as advance:
        words = count_words(texts, advance=advance)
        if len(words) <= size:
            raise WorkbenchError(
                f"The training texts have {how_many(len(words), 'word')} that are frequent, too few for "
                f"vectors of {size} dimensions. Use a --size below {len(words)}, or more texts."
            )
        return words, counted_vectors(texts, words, advance, dimensions=size)
