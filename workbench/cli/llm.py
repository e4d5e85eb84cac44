"""`workbench llm describe|generate|templates`: label texts and pseudo-documents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from workbench.errors import WorkbenchError
from workbench.workspace import Workspace

if TYPE_CHECKING:
    from workbench.llm.asking import Prices
    from workbench.llm.base import Kind

app = typer.Typer(
    name="llm",
    help="Describe labels and generate documents for rare ones, with a language model or without.",
    no_args_is_help=True,
)

CorpusOption = Annotated[str, typer.Option("--corpus", help="Imported corpus, or demo.")]
NameOption = Annotated[str | None, typer.Option("--name", help="Name of the new version of the corpus.")]
ProviderOption = Annotated[
    str,
    typer.Option(
        "--provider",
        help="offline (no language model, needs nothing), openai (a server of that protocol) or local "
        "(a causal LM on this machine).",
    ),
]
ModelOption = Annotated[str | None, typer.Option("--model", help="Model of the server, or a local folder.")]
AddressOption = Annotated[
    str | None, typer.Option("--base-url", help="Address of the server, such as http://127.0.0.1:8000/v1")
]
VariableOption = Annotated[
    str | None,
    typer.Option(
        "--key-variable", help="Environment variable with the server's key: OPENAI_API_KEY if unset."
    ),
]
TemplateOption = Annotated[
    str | None, typer.Option("--template", help="Prompts; `workbench llm templates` lists them.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="A setting of the job or the provider, as temperature=0.7"
    ),
]
PriceIn = Annotated[float | None, typer.Option(min=0, help="Price of a million tokens that are read.")]
PriceOut = Annotated[float | None, typer.Option(min=0, help="Price of a million tokens that are written.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count prompts, tokens and cost; ask nothing.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a corpus of that name.")]


@dataclass(frozen=True)
class Order:
    """A job as the command line asks for it."""

    kind: Kind
    corpus: str
    name: str
    provider: str
    template: str | None
    settings: dict[str, Any]
    prices: Prices | None
    dry_run: bool
    force: bool


@app.command()
def describe(
    corpus: CorpusOption,
    name: NameOption = None,
    provider: ProviderOption = "offline",
    model: ModelOption = None,
    base_url: AddressOption = None,
    key_variable: VariableOption = None,
    template: TemplateOption = None,
    assignments: SetOption = None,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Describe each label in a sentence; the descriptions make a new version of the corpus."""
    settings = _settings(assignments, model=model, base_url=base_url, key_variable=key_variable)
    prices = _prices(price_in, price_out)
    named = name or f"{Path(corpus).name}-described"
    _carry_out(Order("describe", corpus, named, provider, template, settings, prices, dry_run, force))


@app.command()
def generate(
    corpus: CorpusOption,
    name: NameOption = None,
    provider: ProviderOption = "offline",
    model: ModelOption = None,
    base_url: AddressOption = None,
    key_variable: VariableOption = None,
    template: TemplateOption = None,
    assignments: SetOption = None,
    price_in: PriceIn = None,
    price_out: PriceOut = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Generate training documents for rare labels; with them the corpus makes a new version.

    50 for each label with fewer than 50 training documents (--set tail_below=50, --set each=50). Where
    labels are described, the prompts say their descriptions.
    """
    settings = _settings(assignments, model=model, base_url=base_url, key_variable=key_variable)
    prices = _prices(price_in, price_out)
    named = name or f"{Path(corpus).name}-generated"
    _carry_out(Order("generate", corpus, named, provider, template, settings, prices, dry_run, force))


@app.command()
def templates(
    write: Annotated[
        str | None, typer.Option("--write", metavar="TEMPLATE", help="Write this one out, to be edited.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Its new name: that of a corpus makes it that corpus's own.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """List the prompts and what can stand in their braces; --write copies one into the workspace."""
    from workbench.cli.llm_view import show_templates
    from workbench.llm.templates import list_templates, write_template

    workspace, console = Workspace.current(), Console(highlight=False, soft_wrap=True)
    if write is None and to is not None:
        raise WorkbenchError("--to says under which name to write; name the template with --write.")
    if write is None:
        show_templates(list_templates(workspace), workspace, console)
        return
    path = write_template(write, to or write, workspace, overwrite=force)
    console.print(f"written: {escape(str(path))}\nIt is used for corpora whose name begins with {path.stem}.")


def _settings(assignments: list[str] | None, **named: str | None) -> dict[str, Any]:
    from workbench.assignments import parse_assignments

    return parse_assignments(assignments or []) | {
        key: value for key, value in named.items() if value is not None
    }


def _prices(price_in: float | None, price_out: float | None) -> Prices | None:
    from workbench.llm.asking import Prices

    if price_in is None and price_out is None:
        return None
    if price_in is None or price_out is None:
        raise WorkbenchError("Give both --price-in and --price-out, each for a million tokens.")
    return Prices(price_in, price_out)


def _carry_out(order: Order) -> None:
    from workbench.cli.llm_view import progress, say_done, say_estimate, say_interrupted
    from workbench.data.library import lasting_name, load_corpus
    from workbench.llm.answers import Answers
    from workbench.llm.asking import ask, estimate
    from workbench.llm.registry import open_provider, provider_class
    from workbench.llm.report import read_report
    from workbench.llm.templates import choose_template
    from workbench.llm.version import check_free, divide_settings, make_job, save_version

    workspace, console = Workspace.current(), Console(highlight=False, soft_wrap=True)
    folder = workspace.corpora / order.name
    if not order.dry_run:
        check_free(folder, overwrite=order.force)
    ours, theirs = divide_settings(order.kind, provider_class(order.provider).Settings, order.settings)
    corpus = load_corpus(order.corpus, workspace)
    provider = open_provider(order.provider, corpus, theirs)
    template = choose_template(corpus.name, corpus.card.reader, workspace, order.template)
    job = make_job(order.kind, corpus, template, ours)
    with Answers(workspace.answers, provider) as answers:
        estimated = estimate(job.prompts, job.written, provider, answers, order.prices)
        say_estimate(job, provider, estimated, console)
        if order.dry_run:
            return
        try:
            with progress(job, estimated, order.prices) as on_answer:
                answered, tally = ask(job.prompts, provider, answers, on_answer)
        except KeyboardInterrupt:
            say_interrupted(len(answers), answers.path, console)
            raise typer.Exit(130) from None
    finished = job.finish(answered, provider, tally, order.name)
    before = read_report(workspace.corpora / lasting_name(order.corpus, workspace))
    save_version(order.kind, finished, before, folder, overwrite=order.force)
    say_done(order.kind, finished, tally, order.prices, console)
