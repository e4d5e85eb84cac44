"""What `workbench llm` prints: estimates, progress, results, templates."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from workbench.data.corpus import Corpus
from workbench.llm.asking import HOW_ESTIMATED, Estimate, OnAnswer, Prices, Tally
from workbench.llm.base import Kind, Provider
from workbench.llm.job import Finished, Job
from workbench.llm.templates import PLACEHOLDERS, SHIPPED
from workbench.progress import is_watched, make_progress, watched_bar
from workbench.wording import how_many
from workbench.workspace import Workspace

_TITLES = {"describe": "describing labels", "generate": "generating documents"}
_SHOWN = 3


def say_estimate(job: Job, provider: Provider, estimated: Estimate, console: Console) -> None:
    """What will be asked of whom, and what it is expected to cost."""
    who = f"{provider.model} ({provider.name})"
    if not provider.is_language_model:
        who = f"{provider.name}, which is no language model ({provider.model})"
    console.print(f"{how_many(estimated.prompts, 'prompt')} for {escape(who)}; template {job.template.name}")
    if estimated.kept:
        console.print(f"  {how_many(estimated.kept, 'answer')} kept from before")
    if not provider.is_language_model:
        return
    cost = "" if estimated.cost is None else f", cost {estimated.cost:.4g}"
    console.print(
        f"  to ask: {estimated.prompts - estimated.kept:,}; about {estimated.tokens_in:,} tokens to read, "
        f"{estimated.tokens_out:,} to write{cost}\n  [dim](estimated: {HOW_ESTIMATED})[/]"
    )


@contextmanager
def progress(job: Job, estimated: Estimate, prices: Prices | None) -> Iterator[OnAnswer]:
    """A bar with answers, tokens and cost so far; plain lines where nobody watches but a page."""
    title, total = _TITLES[job.kind], len(job.prompts)
    if not is_watched():
        said = 0
        with watched_bar(title, total) as advance:

            def on_answer(tally: Tally) -> None:
                nonlocal said
                advance(tally.done - said)
                said = tally.done

            yield on_answer
        return
    with make_progress() as bars:
        task = bars.add_task(title, total=total, note="")
        yield lambda tally: bars.update(task, completed=tally.done, note=note(tally, estimated, prices))


def note(tally: Tally, estimated: Estimate, prices: Prices | None) -> str:
    """How far a job is, in one line."""
    parts = [f"{tally.done:,} of {how_many(tally.prompts, 'answer')}"]
    if tally.kept:
        parts.append(f"{tally.kept:,} kept from before")
    parts.append(f"{tally.tokens_in:,} tokens read, {tally.tokens_out:,} written")
    if prices is not None:
        whole = tally.expected_cost(prices, estimated)
        parts.append(f"cost {tally.cost(prices):.4g} of about {whole:.4g}")
    return " · ".join(parts)


def say_interrupted(kept: int, path: Path, console: Console) -> None:
    """After Ctrl-C: what is kept, and how to go on."""
    console.print(
        f"stopped; no corpus was written. {how_many(kept, 'answer')} of this model lie in "
        f"{escape(str(path))}: the same command goes on from there."
    )


def say_done(kind: Kind, finished: Finished, tally: Tally, prices: Prices | None, console: Console) -> None:
    """What came of a job: counts, what was struck, a few texts, what to do next."""
    corpus, report = finished.corpus, finished.report
    counts, what = report["counts"], "descriptions" if kind == "describe" else "documents"
    console.print(f"[bold green]written[/] [bold]{corpus.name}[/]: {counts['used']:,} {what}")
    if report["struck"]:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in report["struck_by_reason"].items())
        console.print(f"  struck: {reasons} (kept in the report)")
    if report["is_language_model"]:
        counted = "counted" if tally.counted else "in part estimated"
        cost = "" if prices is None else f", cost {tally.cost(prices):.4g}"
        console.print(
            f"  asked: {tally.asked:,}; {tally.tokens_in:,} tokens read, {tally.tokens_out:,} written "
            f"({counted}){cost}"
        )
    for line in _examples(kind, corpus):
        console.print(f"  [dim]{escape(line)}[/]")
    console.print(f"  [dim]fingerprint {corpus.fingerprint[:12]}, split id {corpus.split_id}[/]")


def _examples(kind: Kind, corpus: Corpus) -> list[str]:
    if kind == "describe":
        described = zip(corpus.labels, corpus.descriptions, strict=True)
        return [f"{code}: {text}" for code, text in described if text][:_SHOWN]
    return [" ".join(corpus.train.texts[len(corpus.train) - 1].split())]


def show_templates(known: dict[str, Path], workspace: Workspace, console: Console) -> None:
    """The templates and the placeholders of each prompt."""
    table = Table("template", "file", box=SIMPLE_HEAD, pad_edge=False)
    for name, path in known.items():
        table.add_row(name, "shipped" if path.parent == SHIPPED else escape(str(path)))
    console.print(table)
    for kind, placeholders in PLACEHOLDERS.items():
        console.print(f"[bold]{kind}[/]")
        for placeholder, meaning in placeholders.items():
            console.print(f"  {{{placeholder}}}  [dim]{escape(meaning)}[/]")
    console.print(
        f"[dim]Files in {escape(str(workspace.prompts))} stand before shipped ones. The one that a corpus's "
        "name begins with is taken, else general. To edit a copy: "
        "workbench llm templates --write general --to NAME[/]"
    )
