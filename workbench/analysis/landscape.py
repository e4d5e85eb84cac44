"""Loss landscapes side by side, and how sharp they are: a number a run, an interval over seeds.

What is read here was computed by `workbench probe landscape`. Runs share a picture only where everything
but the model is the same: corpus and split, documents, grid, radius and the seed of the directions. Models
whose weights have the same names and shapes then have the same random numbers as directions, others do not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workbench.errors import WorkbenchError
from workbench.runs.store import Run

PLANES = {"random": "landscape", "path": "trajectory"}
"""What the probe of each plane is called in a run; its arrays' names begin with it."""


@dataclass(frozen=True)
class Landscape:
    """One run's landscape on a grid of G x G points.

    `axes` (2, G) holds positions along x and y, `loss` (G, G) a row for each y; `slices` (K, G) the loss
    along each random direction; of the M epochs that training kept, `path` (M, 2) holds the nearest points of
    the plane, `path_share` (M,) the part of the squared distance that lies in it, `path_loss` (M,) the real
    loss. What the run does not have is empty. `architecture` is the same for runs whose weights have the same
    names and shapes, as far as the run's files tell; else for those of one encoder and method.
    """

    run: str
    method: str
    report: dict[str, Any]
    axes: np.ndarray
    loss: np.ndarray
    slices: np.ndarray
    path: np.ndarray
    path_share: np.ndarray
    path_loss: np.ndarray
    encoder: str
    architecture: str

    @property
    def own_loss(self) -> float:
        """The loss at the run's own weights."""
        middle = len(self.loss) // 2
        return float(self.loss[middle, middle])

    @property
    def identity(self) -> str:
        """The same for landscapes that may share a picture, a short hash."""
        report = self.report
        return _short_hash([report["schema"], report["settings"], report["corpus"], report["documents"]])

    @property
    def title(self) -> str:
        """What it was computed with, in words."""
        settings, documents = self.report["settings"], self.report["documents"]
        size = f"{settings['grid']} × {settings['grid']} points"
        return (
            f"{size} to distance {settings['radius']:g}, {documents['count']} documents, "
            f"seed {settings['seed']}"
        )


def read_landscape(run: Run, plane: str = "random") -> Landscape | None:
    """The landscape that the run has on this plane; None where it has not been computed.

    Raises:
        WorkbenchError: when a file of it is damaged or missing, or was written by another version.
    """
    name = PLANES[plane]
    report = run.probe(name)
    if report is None:
        return None
    if report.get("schema") != 1:
        raise WorkbenchError(
            f"The landscape of {run.name} was written by another version. Make it again with: "
            f"workbench probe landscape {run.name} --plane {plane} --force"
        )
    there = {part: run.array(part) for part in report["arrays"]}
    parts = {
        part: np.asarray(there.get(f"{name}_{part}", np.empty(shape)), dtype=np.float64)
        for part, shape in _EMPTY.items()
    }
    method, encoder = (str(run.manifest.get(about, "?")) for about in ("method", "encoder"))
    architecture = _short_hash(run.weight_shapes or [method, encoder])
    return Landscape(run.name, method, report, **parts, encoder=encoder, architecture=architecture)


def _short_hash(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12]


def architectures(landscapes: Sequence[Landscape]) -> dict[str, list[Landscape]]:
    """The landscapes by what their directions have in common: see `Landscape.architecture`."""
    groups: dict[str, list[Landscape]] = {}
    for one in landscapes:
        groups.setdefault(one.architecture, []).append(one)
    return groups


_EMPTY = {
    "axes": (2, 0),
    "loss": (0, 0),
    "slices": (0, 0),
    "path": (0, 2),
    "path_share": (0,),
    "path_loss": (0,),
}


def check_comparable(landscapes: Sequence[Landscape]) -> None:
    """Refuse landscapes that must not share a picture.

    Raises:
        WorkbenchError: naming two runs and what differs between them.
    """
    for other in landscapes[1:]:
        first = landscapes[0]
        if other.identity != first.identity:
            parts = [part for part in _IDENTITY if first.report[part] != other.report[part]]
            raise WorkbenchError(
                f"The landscapes of {first.run} and {other.run} differ in {', '.join(parts)}: they cannot be "
                "compared. Probe both in one command: workbench probe landscape "
                f"{first.run} {other.run}"
            )


_IDENTITY = ("schema", "settings", "corpus", "documents")

_LEAST = 1e-12
"""What a loss of zero is on a logarithmic scale."""


def grid_table(landscapes: Sequence[Landscape]) -> pd.DataFrame:
    """One row a run and grid point, row by row from the least y.

    Columns: run, method, x, y, loss, log10_loss, rise (above the run's own loss); inf and NaN stay.

    Raises:
        WorkbenchError: when the landscapes must not share a picture.
    """
    check_comparable(landscapes)
    parts = []
    for one in landscapes:
        (x, y), loss = np.meshgrid(*one.axes), one.loss.ravel()
        about = {"run": one.run, "method": one.method, "x": x.ravel(), "y": y.ravel()}
        heights = {
            "loss": loss,
            "log10_loss": np.log10(np.maximum(loss, _LEAST)),
            "rise": loss - one.own_loss,
        }
        parts.append(pd.DataFrame(about | heights))
    columns = ["run", "method", "x", "y", "loss", "log10_loss", "rise"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class Scale:
    """The ends of a common colour scale, and how many points do not fit on it: above it, or no number."""

    low: float
    high: float
    above: int
    not_finite: int


def common_scale(values: pd.Series | np.ndarray) -> Scale:
    """One scale for all runs: from the least value to the largest, or to what 95 % of the points reach.

    The latter where the largest is more than three times as far from the least: a few towering points at the
    rim would leave the rest without contrast.
    """
    numbers = np.asarray(values, dtype=np.float64)
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return Scale(0.0, 1.0, 0, len(numbers))
    low, most, highest = (float(np.quantile(finite, share)) for share in (0.0, 0.95, 1.0))
    high = most if highest - low > 3 * (most - low) > 0 else highest
    return Scale(
        low, high if high > low else low + 1e-6, int((finite > high).sum()), len(numbers) - finite.size
    )


def slice_table(landscapes: Sequence[Landscape]) -> pd.DataFrame:
    """One row a run, direction and position.

    Columns: run, method, direction ("1", "2", … and "mean of K"), position, loss, std (over the K directions,
    n - 1 in the denominator; NaN for a single one).

    Raises:
        WorkbenchError: when the landscapes must not share a picture.
    """
    check_comparable(landscapes)
    parts = []
    for one in landscapes:
        rows = {str(number): values for number, values in enumerate(one.slices, start=1)}
        mean, std = _over_directions(one.slices)
        rows[f"mean of {len(one.slices)}"] = mean
        for direction, values in rows.items():
            spread = std if values is mean else np.full(len(values), np.nan)
            about = {"run": one.run, "method": one.method, "direction": direction, "position": one.axes[0]}
            parts.append(pd.DataFrame(about | {"loss": values, "std": spread}))
    columns = ["run", "method", "direction", "position", "loss", "std"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def path_table(landscapes: Sequence[Landscape]) -> pd.DataFrame:
    """One row a run and kept epoch; none for runs that kept none.

    Columns: run, method, epoch (0 is before training), x, y, share_in_plane (of the squared distance to the
    run's own weights; NaN for those weights themselves), loss (the real one, not the plane's).
    """
    parts = [
        pd.DataFrame(
            {
                "run": one.run,
                "method": one.method,
                "epoch": np.arange(len(one.path)),
                "x": one.path[:, 0],
                "y": one.path[:, 1],
                "share_in_plane": one.path_share,
                "loss": one.path_loss,
            }
        )
        for one in landscapes
    ]
    columns = ["run", "method", "epoch", "x", "y", "share_in_plane", "loss"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _over_directions(slices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over directions, NaN where one of them overflowed."""
    finite = np.isfinite(slices).all(axis=0)
    mean, std = np.full(slices.shape[1], np.nan), np.full(slices.shape[1], np.nan)
    mean[finite] = slices[:, finite].mean(axis=0)
    std[finite] = slices[:, finite].std(axis=0, ddof=1)
    return mean, std
