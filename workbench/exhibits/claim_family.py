"""What a paper claims, as comparisons of runs with several seeds: claims in families, and what they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from workbench.analysis.claims import Claim
from workbench.exhibits.base import Paper
from workbench.runs.store import Run


@dataclass(frozen=True)
class ClaimFamily:
    """Claims of one kind, told together.

    Attributes:
        place: where the paper makes them.
        says: what it says there.
        measure: what the claims compare, as `measurement_table` and `drops` call it.
        unit: what a difference is counted in, after multiplying by `scale`; `digits` of it are told.
        claims: each gets a verdict in words.
        further: the same for other metrics or shares: for a table.
        together: sentence -> the claims that must all hold for it.
    """

    id: str
    title: str
    place: str
    says: str
    measure: str
    unit: str
    scale: float
    digits: int
    claims: tuple[Claim, ...]
    further: tuple[Claim, ...] = ()
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


Measure = tuple[str, str, float | None]
"""What of a run is measured (empty for all of it), by what, and how much it is."""


@dataclass(frozen=True)
class PaperClaims:
    """All families of a paper.

    Attributes:
        paper: whose claims they are; results lie in a folder of its key.
        methods: in the order in which tables show them.
        metric: by which epochs are chosen on validation documents: kept of each run.
        kept: the measures that are kept of each run.
        families: of claims.
        needed: the settings that some claim compares, each once.
        with_landscapes: whether some family compares sharpness, which `workbench probe landscape` measures.
        measures: what the paper measures besides, of one run.
        derived: adds what is made of several runs to the table of measurements.
    """

    paper: Paper
    methods: tuple[str, ...]
    metric: str
    kept: tuple[str, ...]
    families: tuple[ClaimFamily, ...]
    needed: tuple[Mapping[str, object], ...]
    with_landscapes: bool = False
    measures: Callable[[Run], Iterable[Measure]] | None = None
    derived: Callable[[pd.DataFrame], pd.DataFrame] | None = None
