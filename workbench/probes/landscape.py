"""The loss landscape around a finished run's weights: computed once, kept in the run's folder.

"Visualizing the Loss Landscape of Neural Nets" (Li et al., 2018); ProtoMix's Eq. 16.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch

from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.methods.base import Method
from workbench.methods.storage import load_method, trained_weights
from workbench.probes.directions import Plane, Weights, flattened, random_direction
from workbench.probes.documents import Sample, sample_documents, training_corpus
from workbench.probes.landscape_settings import NAMES, LandscapeSettings, kept_report, new_report
from workbench.probes.path import plane_of_path, read_epoch, shadow_on
from workbench.probes.plane import clean_loss, plane_losses
from workbench.probes.sharpness import (
    hessian_product,
    largest_eigenvalue,
    loss_shares,
    mean_rises,
)
from workbench.progress import watched_bar
from workbench.runs.store import Run
from workbench.runs.writer import write_probe
from workbench.training.config import TrainingConfig
from workbench.training.devices import choose_device
from workbench.workspace import Workspace

MOST_PRODUCTS, TOLERANCE = 60, 0.01
"""When the search for the largest eigenvalue ends."""

Arrays = dict[str, np.ndarray]
Advance = Callable[[int], None]


@dataclass(frozen=True)
class _Ground:
    """What one run's landscape is computed on."""

    run: Run
    method: Method
    sample: Sample
    weights: Weights
    settings: LandscapeSettings

    def losses(self, plane: Plane, points: np.ndarray, advance: Advance) -> np.ndarray:
        """The loss at `points` (P, 2) of a plane, (P,)."""
        return plane_losses(self.method, self.sample, plane, points, advance)

    def random_plane(self, number: int) -> Plane:
        """The plane of the random directions `number` and the one after it."""
        seed = self.settings.seed
        return Plane(
            self.weights, *(random_direction(self.weights, seed, each) for each in (number, number + 1))
        )


def probe_landscape(
    run: Run,
    settings: LandscapeSettings | None = None,
    *,
    corpus: Corpus | None = None,
    workspace: Workspace | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Compute the landscape around the weights of `run`, keep it in the run's folder and return the report.

    The report is what `Run.probe("landscape")` gives. The arrays are `landscape_axes` (2, G),
    `landscape_loss` (G, G; row y, column x), `landscape_slices` (K, G) and, where training kept its epochs,
    `landscape_path` (M, 2), `landscape_path_share` (M,) and `landscape_path_loss` (M,). On the plane of the
    path all are called `trajectory` instead, and there are no slices and no sharpness. Where the run has all
    this with the same settings, nothing is computed unless `force` is set. Interrupted, it changes nothing.

    Raises:
        WorkbenchError: when the run is not done, its corpus is gone or has changed, or its loss is no number.
    """
    settings = settings or LandscapeSettings()
    run.require_done("has weights to look around")
    if not force and (kept := kept_report(run, settings)):
        return kept
    started = time.perf_counter()
    workspace = workspace or Workspace.current()
    ground = _ground(run, settings, workspace, training_corpus(run, workspace, corpus))
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        arrays, found = _on_path_plane(ground) if settings.plane == "path" else _on_random_plane(ground)
    name = NAMES[settings.plane]
    named = {f"{name}_{part}": array for part, array in arrays.items()}
    about = new_report(run, settings, ground.sample, time.perf_counter() - started)
    report = about | found | {"arrays": sorted(named)}
    write_probe(run.path, name, report, named)
    return report


def _ground(run: Run, settings: LandscapeSettings, workspace: Workspace, corpus: Corpus) -> _Ground:
    method = load_method(run.model_dir, workspace.cache)
    device = choose_device(TrainingConfig())
    method.to(device)
    sample = sample_documents(method, corpus.train, settings.documents, settings.seed, device)
    return _Ground(run, method, sample, trained_weights(method), settings)


def _on_random_plane(ground: _Ground) -> tuple[Arrays, dict[str, Any]]:
    settings, axis = ground.settings, ground.settings.axis()
    epochs = _epochs(ground)
    total = settings.grid**2 + (settings.directions - 2) * settings.grid + len(epochs)
    with watched_bar(f"{ground.run.name} · loss", total) as advance:
        plane = ground.random_plane(0)
        loss = ground.losses(plane, _grid(axis, axis), advance).reshape(len(axis), len(axis))
        facts = _loss_facts(ground, loss)
        slices = [loss[len(axis) // 2], loss[:, len(axis) // 2]]
        zero = np.zeros_like(axis)
        crossing = np.concatenate([np.stack([axis, zero], axis=1), np.stack([zero, axis], axis=1)])
        for number in range(2, settings.directions, 2):
            slices += list(ground.losses(ground.random_plane(number), crossing, advance).reshape(2, -1))
        path = _path(ground, plane, epochs, advance)
    arrays = {"axes": np.stack([axis, axis]), "loss": loss, "slices": np.stack(slices), **path}
    sharpness = {"rises": mean_rises(axis, arrays["slices"]), "eigenvalue": _eigenvalue(ground)}
    return arrays, facts | {"sharpness": sharpness}


def _on_path_plane(ground: _Ground) -> tuple[Arrays, dict[str, Any]]:
    epochs = _epochs(ground)
    if not epochs:
        raise WorkbenchError(
            f"Run {ground.run.name!r} kept no weights of its epochs, so it has no path. Train it again with "
            "--set keep_epochs=true, or use --plane random."
        )
    plane = plane_of_path(ground.weights, epochs)
    steps = LandscapeSettings(grid=ground.settings.grid).axis()
    reach = ground.settings.radius * np.abs(shadow_on(plane, epochs).coordinates).max(axis=0)
    axes = reach[:, None] * 1.2 * steps  # at radius 1 the path fills the picture, with a margin
    with watched_bar(f"{ground.run.name} · loss", len(steps) ** 2 + len(epochs)) as advance:
        loss = ground.losses(plane, _grid(*axes), advance).reshape(len(steps), len(steps))
        path = _path(ground, plane, epochs, advance)
    return {"axes": axes, "loss": loss, **path}, _loss_facts(ground, loss)


def _grid(across: np.ndarray, up: np.ndarray) -> np.ndarray:
    """All points of a grid (G * G, 2), row by row: x from `across` runs fastest."""
    x, y = np.meshgrid(across, up)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def _loss_facts(ground: _Ground, loss: np.ndarray) -> dict[str, Any]:
    finite = np.isfinite(loss)
    centre = float(loss[len(loss) // 2, len(loss) // 2])
    if not np.isfinite(centre):
        raise WorkbenchError(
            f"The loss of {ground.run.name!r} at its own weights is {centre}: the run diverged, and there is "
            "nothing to see around it. Train it again with a lower learning rate."
        )
    facts = {"centre": centre, "largest": float(loss[finite].max()), "not_finite": int((~finite).sum())}
    return {"loss": facts}


def _eigenvalue(ground: _Ground) -> dict[str, Any]:
    size = sum(weight.numel() for weight in ground.weights.values())
    drawn = np.random.default_rng([ground.settings.seed, size]).standard_normal(size, dtype=np.float32)
    start = torch.from_numpy(drawn).to(flattened(ground.weights))
    product = hessian_product(loss_shares(ground.method, ground.sample), ground.weights)
    with watched_bar(f"{ground.run.name} · curvature, at most", MOST_PRODUCTS) as advance:
        found = largest_eigenvalue(product, start, tolerance=TOLERANCE, most=MOST_PRODUCTS, advance=advance)
    numbers = {key: None if value != value else value for key, value in asdict(found).items()}
    return numbers | {"tolerance": TOLERANCE, "most_products": MOST_PRODUCTS}


def _epochs(ground: _Ground) -> list[Weights]:
    return [read_epoch(path, ground.weights) for path in ground.run.epoch_files]


def _path(ground: _Ground, plane: Plane, epochs: list[Weights], advance: Advance) -> Arrays:
    """Where the epochs fall on the plane, and their real loss."""
    if not epochs:
        return {}
    shadow = shadow_on(plane, epochs)
    losses = np.empty(len(epochs))
    for row, weights in enumerate(epochs):
        losses[row] = clean_loss(ground.method, ground.sample, weights)
        advance(1)
    return {"path": shadow.coordinates, "path_share": shadow.share, "path_loss": losses}
