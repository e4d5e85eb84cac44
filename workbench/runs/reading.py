"""Reading the files of a run: each failure names the file, the reason and what to do.

numpy and pandas are imported when an array or a table is read, so that a list of runs waits for neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError
from workbench.runs.layout import SCHEMA, Layout

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_STATUSES = ("done", "running", "stopped", "failed")
_TRAIN_AGAIN = "Train the run again, or remove it with `workbench runs rm`."


def read_manifest(folder: Path) -> dict[str, Any]:
    """The contents of the run.json in `folder`, checked.

    Raises:
        WorkbenchError: when it is missing, damaged or newer than this workbench.

    """
    path = Layout(folder).manifest
    if not path.exists():
        raise WorkbenchError(
            f"{folder} is no run: it has no {path.name}. List the runs with: workbench runs list"
        )
    manifest = read_json(path)
    schema = manifest.get("schema")
    if isinstance(schema, int) and schema > SCHEMA:
        raise WorkbenchError(
            f"{path} was written by a newer workbench (schema {schema}, this one reads up to {SCHEMA}): "
            "upgrade with: pip install -U mltc-workbench"
        )
    if not isinstance(schema, int) or manifest.get("status") not in _STATUSES:
        raise damaged(path, "it lacks a schema number or a known status")
    return manifest


def read_json(path: Path, remedy: str = _TRAIN_AGAIN) -> dict[str, Any]:
    """The JSON object in `path`; `remedy` is what to do when it is damaged."""
    from pydantic_core import from_json  # takes a third of json's time: a page reads megabytes

    try:
        value = from_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise damaged(path, str(error), remedy) from error
    if not isinstance(value, dict):
        raise damaged(path, f"expected an object, found {type(value).__name__}", remedy)
    return value


def read_parquet(path: Path) -> pd.DataFrame:
    """The table in `path`."""
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except (OSError, ValueError) as error:  # pyarrow's own errors derive from these
        raise damaged(path, str(error)) from error


def read_array(path: Path) -> np.ndarray:
    """The array in `path`, memory-mapped and read-only; pickled objects are refused."""
    import numpy as np

    try:
        array: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise damaged(path, str(error)) from error
    return array


def read_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """The name and shape of each tensor in `path`; none where there is no such file, or it is damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as tensors:
            return {name: tuple(tensors.get_slice(name).get_shape()) for name in tensors.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return {}


def damaged(path: Path, reason: str, remedy: str = _TRAIN_AGAIN) -> WorkbenchError:
    """The error for a file of a run that is missing or does not hold what it should."""
    return WorkbenchError(f"{path} cannot be read: {reason}. {remedy}")
