"""The one look of all progress bars; silent when nobody watches, plain lines for a page that does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, Task, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column
from rich.text import Text

LINES = "WORKBENCH_PROGRESS_LINES"
"""Set in the environment of a command, how far it is comes in plain lines: pages show the last one."""

_LINES_MOST = 50


def is_watched() -> bool:
    """Whether standard error is a terminal."""
    return sys.stderr.isatty()


class _Title(TextColumn):
    """What is going on: shortened with an ellipsis where a line is too narrow for it and the times."""

    def render(self, task: Task) -> Text:
        """One line, whatever its length."""
        return Text(task.description, style="bold", no_wrap=True, overflow="ellipsis")


class _TwoLines(Progress):
    """The bar, and below it what the task notes: together they are wider than most terminals."""

    def get_renderables(self) -> Iterable[RenderableType]:
        """A line for each bar and one for each note."""
        yield self.make_tasks_table(self.tasks)
        for task in self.tasks:
            if task.fields.get("note"):
                yield Text(f"  {task.fields['note']}", style="dim", no_wrap=True, overflow="ellipsis")


def make_progress() -> Progress:
    """The one look of all bars, on standard error."""
    return _TwoLines(
        _Title("", table_column=Column()),
        BarColumn(bar_width=24, table_column=Column(no_wrap=True)),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(table_column=Column(no_wrap=True)),
        TextColumn("left"),
        TimeRemainingColumn(table_column=Column(no_wrap=True)),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def watched_bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar for something that takes long; gives the function that advances it, silent unless watched."""
    if not is_watched():
        yield _line_by_line(title, total) if os.environ.get(LINES) else lambda count: None
        return
    with make_progress() as progress:
        task = progress.add_task(title, total=total)
        yield lambda count: progress.advance(task, count)


def _line_by_line(title: str, total: int) -> Callable[[int], None]:
    """Says on standard error how far it is, each time that another fiftieth is done."""
    done = said = 0

    def advance(count: int) -> None:
        nonlocal done, said
        done += count
        if done * _LINES_MOST // max(total, 1) > said:
            said = done * _LINES_MOST // max(total, 1)
            print(f"{title} {done / max(total, 1):.0%}", file=sys.stderr, flush=True)

    return advance
