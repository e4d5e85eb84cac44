"""The contract of an exhibit: what it shows, which runs it needs, and what becomes of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.exhibits.printed import no_numbers
from workbench.exhibits.scope import CorpusFacts, Made, Need, Scope
from workbench.workspace import Workspace


@dataclass(frozen=True)
class Paper:
    """The paper that an exhibit is from; `key` is the first part of its exhibits' ids."""

    key: str
    name: str
    title: str


@dataclass(frozen=True)
class Material:
    """What an analysis may read: the finished runs, and the corpus, which `corpus()` opens.

    An exhibit that needs no corpus never opens it.
    """

    scope: Scope
    made: Sequence[Made]
    corpus: Callable[[], Corpus]


@dataclass(frozen=True)
class Result:
    """The tables of an exhibit by name, and what could not be read.

    A table called `numbers` stands beside the printed ones (columns as in `numbers.COLUMNS`).
    """

    tables: Mapping[str, pd.DataFrame]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exhibit(ABC):
    """A paper's table or figure.

    Attributes:
        id: the paper's key and the exhibit's own name, such as "protomix/figure-6".
        place: where the paper has it, such as "Figure 6".
        title: what it shows, in a few words.
        caption: what it shows and how to read it, in our words.
        encoders: the paper's, as far as a run can name them: what the budget `full` trains.
        quick_encoders: what the budget `quick` trains.
        own_encoders: methods that read with another encoder, whichever the exhibit is made with.
        printed: the paper's numbers (columns as in `printed.COLUMNS`); empty where it prints none.
        remark: what must be known beside the numbers, such as that none are printed.
        shown: the result's tables that are printed and shown, beside the figure.
        varied: the setting that the exhibit varies along its axis, if it varies one.
        also_varied: further settings that it varies.
        needs_corpus: whether the analysis reads the corpus itself.
        draws_printed: whether the figure is of the printed numbers, so that it needs no run.
        probed_by: what `workbench probe` calls the probe that its runs need, if they need one.
    """

    id: str
    paper: Paper
    place: str
    title: str
    caption: str
    encoders: tuple[str, ...] = ()
    quick_encoders: tuple[str, ...] = ("cnn",)
    own_encoders: Mapping[str, str] = field(default_factory=dict)
    printed: pd.DataFrame = field(default_factory=no_numbers, repr=False)
    remark: str = ""
    shown: tuple[str, ...] = ("numbers",)
    varied: str = ""
    also_varied: tuple[str, ...] = ()
    needs_corpus: bool = False
    draws_printed: bool = False
    probed_by: str = ""

    @abstractmethod
    def needs(self, scope: Scope) -> list[Need]:
        """The grid of runs, in the order in which they are best trained."""

    @abstractmethod
    def analyse(self, material: Material) -> Result:
        """Tables from whatever runs there are, also from none."""

    def figure(self, result: Result) -> Any:
        """A plotly figure of the tables, or None for an exhibit that is a table alone."""
        return None

    def scope(
        self,
        corpus: CorpusFacts,
        encoders: Sequence[str] = (),
        *,
        seeds: tuple[int, ...] = (0,),
        budget: str = "quick",
        frozen: bool = False,
        settings: Mapping[str, Any] | None = None,
    ) -> Scope:
        """Where and how it is made; encoders are the exhibit's own where none are given."""
        own = self.encoders if budget == "full" and self.encoders else self.quick_encoders
        return Scope(corpus, tuple(encoders) or own, seeds, budget, frozen, dict(settings or {}))

    @property
    def heading(self) -> str:
        """What stands over the values of what is varied; nothing where nothing is."""
        return self.varied

    def value_text(self, at: float) -> str:
        """Such a value as it is said."""
        return f"{at:g}"

    def unprobed(self, made: Sequence[Made]) -> list[Made]:
        """Runs that a probe must visit before `analyse` can read what it needs."""
        return []

    def probe(self, one: Made, workspace: Workspace) -> None:
        """Visit one such run; imports torch.

        Raises:
            WorkbenchError: for an exhibit that leaves no run unprobed.
        """
        raise WorkbenchError(
            f"{self.id} reads what training writes: {one.run.name!r} waits for no probe. Analyse it as it is."
        )

    def check(self, scope: Scope) -> None:
        """Refuse settings that would undo what the exhibit varies.

        Raises:
            WorkbenchError: naming the setting.
        """
        given = {key.rpartition(".")[2] for key in scope.settings}
        for name in (self.varied, *self.also_varied):
            if name in given:
                raise WorkbenchError(
                    f"{self.id} varies {name} itself: leave --set {name}=… out, or train such a run on its "
                    "own with `workbench train`."
                )
