"""Exhibits of loss landscapes: the training loss around the minimum that each method finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from workbench.analysis.landscape import Landscape, common_scale, grid_table, path_table, read_landscape
from workbench.analysis.sharpness import RISE, distances, sharpness_over_seeds, sharpness_table
from workbench.errors import WorkbenchError
from workbench.exhibits.base import Material, Result
from workbench.exhibits.grids import VariantTable
from workbench.exhibits.scope import Made
from workbench.workspace import Workspace

PROBE = "landscape"


@dataclass(frozen=True, kw_only=True)
class LandscapeFigure(VariantTable):
    """Loss landscapes of several methods over the same plane, and how sharp they are over all seeds."""

    has_floor: bool = False
    shown: tuple[str, ...] = ("sharpness",)
    probed_by: str = PROBE

    def unprobed(self, made: Sequence[Made]) -> list[Made]:
        """Runs without a landscape; a damaged one is left for `analyse` to name."""
        return [one for one in made if _is_unprobed(one)]

    def probe(self, one: Made, workspace: Workspace) -> None:
        """Compute the landscape of a run, which takes seconds to minutes."""
        from workbench.probes.landscape import probe_landscape

        probe_landscape(one.run, workspace=workspace)

    def analyse(self, material: Material) -> Result:
        """`landscapes` and `paths` of the first seed, and `sharpness` over all seeds."""
        read, problems = _read(material.made)
        if not read:
            return Result(_tables([], []), tuple(problems))
        most, _ = Counter(landscape.identity for _, landscape in read).most_common(1)[0]
        problems += [
            f"{one.run.name}: its landscape was computed otherwise than the others. Make it again with: "
            f"workbench probe landscape {one.run.name} --force"
            for one, landscape in read
            if landscape.identity != most
        ]
        alike = [(one, landscape) for one, landscape in read if landscape.identity == most]
        return Result(_tables(*map(list, zip(*alike, strict=True))), tuple(problems))

    def figure(self, result: Result) -> Any:
        """Contours of each method under one colour scale."""
        from workbench.figures.landscape import contour_figure

        table = result.tables["landscapes"]
        scale = common_scale(table["loss"])
        return contour_figure(table, (scale.low, scale.high), result.tables["paths"])


def _is_unprobed(one: Made) -> bool:
    try:
        return one.run.probe(PROBE) is None
    except WorkbenchError:
        return False


def _read(made: Sequence[Made]) -> tuple[list[tuple[Made, Landscape]], list[str]]:
    """Each run with its landscape, and the problems of those whose files are damaged."""
    read: list[tuple[Made, Landscape]] = []
    problems = []
    for one in made:
        try:
            _ = one.run.metrics  # the table of sharpness says more of a run than its landscape
            landscape = read_landscape(one.run)
        except WorkbenchError as error:
            problems.append(f"{one.run.name}: {error}")
            continue
        if landscape is not None:
            read.append((one, landscape))
    return read, problems


def _tables(made: list[Made], landscapes: list[Landscape]) -> dict[str, Any]:
    known = distances(landscapes)
    first: dict[tuple[str, str], Landscape] = {}
    for one, landscape in zip(made, landscapes, strict=True):
        first.setdefault((one.need.method, one.encoder), landscape)
    drawn = list(first.values())
    tables: dict[str, Any] = {"landscapes": grid_table(drawn), "paths": path_table(drawn)}
    tables["sharpness"] = pd.DataFrame()
    if known:
        distance = known[(len(known) - 1) // 3]
        single = sharpness_table([one.run for one in made], landscapes, distance)
        table = sharpness_over_seeds(single).drop(columns=["split_id", "settings", "setting"])
        named = table["measure"].replace({RISE: f"{RISE} at distance {distance:.3g}"})
        tables["sharpness"] = table.assign(measure=named)
    return tables
