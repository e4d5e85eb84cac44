"""PCA, t-SNE and UMAP of a finite matrix whose rows are not all the same; projection.py sees to that.

t-SNE and UMAP begin at PCA's plane, as Kobak & Linderman advise ("Initialization is critical for preserving
global data structure in both t-SNE and UMAP", 2021).
"""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable

import numpy as np

from workbench.analysis.neighbourhoods import nearest_neighbours

STEPS = 100
"""How many steps a layout reports, in all."""

_CALLBACK_EVERY = 25
_TSNE_ITERATIONS = (250, 500)  # with exaggerated attraction, then without: openTSNE's defaults
_NOT_WORTH_A_THREAD = 2_000
_MOST_EXACT = 15_000  # points; above them openTSNE's approximations are as fast


class Steps:
    """Turns a share of the work into steps of `STEPS`, each told once to `advance`."""

    def __init__(self, advance: Callable[[int], None] | None = None) -> None:
        self._advance, self._told = advance, 0

    @property
    def is_watched(self) -> bool:
        """Whether anybody is told."""
        return self._advance is not None

    def reach(self, share: float) -> None:
        """Say that this share of the work is done."""
        done = int(STEPS * min(share, 1.0))
        if self._advance is not None and done > self._told:
            self._advance(done - self._told)
            self._told = done


def pca(matrix: np.ndarray, steps: Steps, *, seed: int, dimensions: int = 2) -> np.ndarray:
    """The plane or space of largest variance, (N, H) -> (N, 2 or 3); where there are too few axes it is 0."""
    from sklearn.decomposition import PCA  # takes over a second to import

    points = np.zeros((len(matrix), dimensions), dtype=np.float32)
    axes = min(dimensions, *matrix.shape)
    points[:, :axes] = PCA(axes, random_state=seed).fit_transform(matrix)
    return points


def tsne(matrix: np.ndarray, steps: Steps, *, perplexity: float, seed: int) -> np.ndarray:
    """t-SNE (van der Maaten & Hinton, "Visualizing Data using t-SNE", 2008) by openTSNE, (N, H) -> (N, 2)."""
    from openTSNE import TSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    from workbench.analysis.exact_tsne import exact_gradient  # compiles

    perplexity = min(perplexity, (len(matrix) - 1) / 3)
    near = nearest_neighbours(matrix, min(math.ceil(3 * perplexity), len(matrix) - 1))
    threads = _threads() if len(matrix) > _NOT_WORTH_A_THREAD else 1
    affinities = PerplexityBasedNN(
        perplexity=perplexity, knn_index=PrecomputedNeighbors(*near), n_jobs=threads
    )
    fitting = TSNE(
        early_exaggeration_iter=_TSNE_ITERATIONS[0],
        n_iter=_TSNE_ITERATIONS[1],
        negative_gradient_method=exact_gradient if len(matrix) <= _MOST_EXACT else "auto",
        n_jobs=threads,
        random_state=seed,
        callbacks=_told_by_tsne(steps) if steps.is_watched else None,
        callbacks_every_iters=_CALLBACK_EVERY,
    )
    return np.asarray(fitting.fit(affinities=affinities, initialization=_beginning(matrix, seed, 1e-4)))


def umap(
    matrix: np.ndarray,
    steps: Steps,
    *,
    neighbours: int,
    min_distance: float,
    seed: int,
    dimensions: int = 2,
) -> np.ndarray:
    """UMAP (McInnes, Healy & Melville, "UMAP: Uniform Manifold Approximation and Projection", 2018).

    Shapes: (N, H) -> (N, dimensions). The first call in a process compiles for several seconds.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)  # for a part not used
        from umap import UMAP
    itself = np.arange(len(matrix))
    count = min(neighbours, len(matrix) - 1)
    others, distances = nearest_neighbours(matrix, count - 1)
    reducer = UMAP(
        n_neighbors=count,
        n_components=dimensions,
        min_dist=min_distance,
        init=_beginning(matrix, seed, 3.0, dimensions),
        random_state=seed,
        n_jobs=1,  # several threads would not give the same twice
        precomputed_knn=(np.column_stack([itself, others]), np.column_stack([0.0 * itself, distances])),
        tqdm_kwds={"disable": not steps.is_watched, "file": _Bar(steps), "bar_format": "{n_fmt}/{total_fmt}"},
    )
    with warnings.catch_warnings():  # no document that comes later is placed on this map
        warnings.filterwarnings("ignore", r"precomputed_knn\[2\]", UserWarning)
        return np.asarray(reducer.fit_transform(matrix))


LAYOUTS: dict[str, Callable[..., np.ndarray]] = {"pca": pca, "tsne": tsne, "umap": umap}


def _beginning(matrix: np.ndarray, seed: int, spread: float, dimensions: int = 2) -> np.ndarray:
    """PCA's points with this standard deviation, and a little noise to part what lies on a point or line."""
    plane = pca(matrix, Steps(), seed=seed, dimensions=dimensions).astype(np.float64)
    noise = np.random.default_rng(seed).normal(scale=0.01, size=plane.shape)
    return spread * (plane / plane[:, 0].std() + noise)


def _threads() -> int:
    """All cores, or as many as OMP_NUM_THREADS says where cores are shared."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    return int(told) if told.isdecimal() and int(told) else os.cpu_count() or 1


def _told_by_tsne(steps: Steps) -> Callable[[int, float, np.ndarray], None]:
    calls = iter(range(1, sum(_TSNE_ITERATIONS) + 1))

    def told(iteration: int, error: float, embedding: np.ndarray) -> None:
        steps.reach(next(calls) * _CALLBACK_EVERY / sum(_TSNE_ITERATIONS))

    return told


class _Bar:
    """Where UMAP's progress bar writes "120/500": its only word on how far it is."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def write(self, text: str) -> None:
        done, slash, total = text.strip().partition("/")
        if slash:
            self._steps.reach(int(done) / int(total))

    def flush(self) -> None:
        """Nothing is held back."""
