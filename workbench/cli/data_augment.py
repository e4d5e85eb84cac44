"""`workbench data augment`: a version of a corpus with changed copies of its training documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from workbench.errors import WorkbenchError, nearest
from workbench.progress import watched_bar
from workbench.wording import how_many
from workbench.workspace import Workspace

if TYPE_CHECKING:  # numpy and scipy are loaded when the corpus is
    from workbench.data.augment import Augmented, Rewrite
    from workbench.data.corpus import Corpus

_OF_WAYS = {
    "eda": ("rate", "vectors", "seed"),
    "back-translation": ("there", "back"),
    "rewriting": ("provider", "model", "set"),
}


@dataclass(frozen=True)
class _Asked:
    """A way with the options that were given for it."""

    way: str
    options: dict[str, Any]

    def __post_init__(self) -> None:
        if self.way not in _OF_WAYS:
            raise WorkbenchError(
                f"There is no way {self.way!r} to augment texts.{nearest(self.way, _OF_WAYS)} Say --with "
                f"{', --with '.join(_OF_WAYS)}."
            )
        for name, value in self.options.items():
            if value is not None and name not in _OF_WAYS[self.way]:
                (owner,) = (way for way, names in _OF_WAYS.items() if name in names)
                raise WorkbenchError(f"--{name} belongs to --with {owner}, not to --with {self.way}.")

    def get(self, name: str, default: Any) -> Any:
        value = self.options[name]
        return default if value is None else value


def augment(
    corpus: Annotated[str, typer.Argument(help="Corpus, or the folder of one.")],
    way: Annotated[
        str, typer.Option("--with", help="How texts are changed: eda, back-translation or rewriting.")
    ],
    copies: Annotated[int, typer.Option(help="Changed copies of each training document.")] = 1,
    name: Annotated[str, typer.Option(help="Name of the version; CORPUS-WAY by default.")] = "",
    rate: Annotated[
        float | None, typer.Option(help="eda: share of the words that change, 0.1 by default.")
    ] = None,
    vectors: Annotated[
        Path | None,
        typer.Option(help="eda: word vectors that synonyms come from; counted from the texts by default."),
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="eda: of what is drawn, 0 by default.")] = None,
    there: Annotated[
        str | None, typer.Option(help="back-translation: model, by name on the hub or its folder.")
    ] = None,
    back: Annotated[
        str | None, typer.Option(help="back-translation: the model that translates back.")
    ] = None,
    provider: Annotated[
        str | None, typer.Option(help="rewriting: who is asked, a server (openai) or a model here (local).")
    ] = None,
    model: Annotated[str | None, typer.Option(help="rewriting: the model that is asked.")] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="rewriting: a setting of the provider."),
    ] = None,
    examples: Annotated[int, typer.Option(min=0, help="How many examples to print.")] = 3,
    force: Annotated[bool, typer.Option("--force", help="Replace a corpus of that name.")] = False,
) -> None:
    """Add changed copies of the training documents, with their labels, as a version of the corpus."""
    options: dict[str, Any] = {"rate": rate, "vectors": vectors, "seed": seed, "there": there, "back": back}
    options |= {"provider": provider, "model": model, "set": assignments}
    asked = _Asked(way, options)
    from workbench.cli.augment_view import print_examples
    from workbench.data.library import load_corpus, save_corpus

    opened = load_corpus(corpus)
    folder = _folder(opened, asked, name, copies, force=force)
    try:
        made = _augmented(opened, asked, folder.name, copies)
    except KeyboardInterrupt:
        Console(stderr=True, highlight=False).print("stopped; nothing was written.")
        raise typer.Exit(130) from None
    save_corpus(made.corpus, folder, overwrite=force)
    console = Console(highlight=False)
    print_examples(console, opened, made, examples)
    _say_made(console, opened, made)


def _folder(corpus: Corpus, asked: _Asked, name: str, copies: int, *, force: bool) -> Path:
    """Where the version goes; refuses before anything long is begun."""
    from workbench.data.augment import check_augmentable, version_name
    from workbench.data.cards import BUILT_IN
    from workbench.data.names import check_name

    check_augmentable(corpus, copies)
    version = name or version_name(corpus.name, asked.way)
    check_name(version)
    if version in (BUILT_IN, corpus.name):
        raise WorkbenchError(f"--name {version} is the name of an original corpus. Use another --name.")
    folder = Workspace.current().corpora / version
    if folder.exists() and not force:
        raise WorkbenchError(
            f"There is a corpus {version!r} already. Use --force to replace it, or another --name."
        )
    return folder


def _augmented(corpus: Corpus, asked: _Asked, name: str, copies: int) -> Augmented:
    from workbench.data.augment import augment as add_copies

    with (
        _rewriter(corpus, asked) as (rewrite, note),
        watched_bar(f"Augmenting {corpus.name}", copies * len(corpus.train)) as advance,
    ):
        return add_copies(corpus, rewrite, asked.way, note, name=name, copies=copies, advance=advance)


@contextmanager
def _rewriter(corpus: Corpus, asked: _Asked) -> Iterator[tuple[Rewrite, str]]:
    """What changes texts, and how it does so in words."""
    if asked.way == "eda":
        yield _easy(corpus, asked)
    elif asked.way == "back-translation":
        yield _translating(asked)
    else:
        from workbench.augmentation.rewriting import Rewriting
        from workbench.llm.answers import Answers
        from workbench.llm.registry import OFFLINE, open_provider

        provider = open_provider(asked.get("provider", OFFLINE), corpus, _provider_settings(asked))
        with Answers(Workspace.current().answers, provider) as answers:
            yield Rewriting(provider, answers), f"rewritten by {provider.model} ({provider.name})"


def _easy(corpus: Corpus, asked: _Asked) -> tuple[Rewrite, str]:
    from workbench.data.easy_augmentation import RATE, EasyAugmentation
    from workbench.data.synonyms import synonyms_of

    rate, seed, vectors = asked.get("rate", RATE), asked.get("seed", 0), asked.get("vectors", None)
    EasyAugmentation({}, rate, seed)  # refuses a rate before words are counted
    texts = corpus.train.texts
    with watched_bar("Looking for synonyms", len(texts) * (1 if vectors else 2)) as advance:
        synonyms = synonyms_of(texts, vectors, advance)
    source = vectors.name if vectors else "vectors counted from the training texts"
    note = f"EDA, rate {rate:g}, seed {seed}, synonyms of {how_many(len(synonyms), 'word')} from {source}"
    return EasyAugmentation(synonyms, rate, seed), note


def _translating(asked: _Asked) -> tuple[Rewrite, str]:
    from workbench.augmentation.translation import BACK, THERE, BackTranslation, Translator

    there, back = asked.get("there", THERE), asked.get("back", BACK)
    if (there == THERE) != (back == BACK):
        raise WorkbenchError("A model alone does not translate there and back: give both --there and --back.")
    rewrite = BackTranslation(Translator.open(there), Translator.open(back))
    return rewrite, f"translated by {_last(there)} and back by {_last(back)}"


def _provider_settings(asked: _Asked) -> dict[str, Any]:
    from workbench.assignments import parse_assignments

    model = asked.get("model", None)
    return parse_assignments(asked.get("set", [])) | ({"model": model} if model else {})


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]


def _say_made(console: Console, corpus: Corpus, made: Augmented) -> None:
    version = made.corpus
    console.print(
        f"[bold green]made[/] [bold]{version.name}[/]: {len(corpus.train):,} training documents and "
        f"{len(made.sources):,} augmented; validation and test as in {corpus.name}"
    )
    console.print(f"  [dim]{escape(version.card.notes[-1])}[/]", soft_wrap=True)
    if made.left_out:
        console.print(
            f"  [dim]{how_many(made.left_out, 'copy', 'copies')} left out that differed in no word.[/]"
        )
    console.print(f"  [dim]train on it with: workbench train base --corpus {version.name}[/]")
