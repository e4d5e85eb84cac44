"""Further loggers, where they are wanted and installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError

_PACKAGES = {"tensorboard": ("tensorboard", "tensorboardX"), "mlflow": ("mlflow",), "wandb": ("wandb",)}


def check_logger(kind: str) -> None:
    """Look for the logger's package without loading it.

    Raises:
        WorkbenchError: when it is not installed, with the command that installs it.
    """
    packages = _PACKAGES.get(kind, ())
    if packages and not any(find_spec(package) for package in packages):
        raise _missing(kind)


def _missing(kind: str) -> WorkbenchError:
    return WorkbenchError(
        f"logger={kind} needs a package that is not installed. Install it with: pip install {kind}, "
        "or all loggers with: pip install 'mltc-workbench[loggers]'"
    )


def close_loggers(used: Sequence[Any]) -> None:
    """End what outlives a training: W&B would write the next run of this process into the same one."""
    from lightning.pytorch import loggers  # not above: see `make_logger`

    for logger in used:
        if isinstance(logger, loggers.WandbLogger):
            logger.experiment.finish()


def make_logger(kind: str, folder: Path, name: str) -> Any:
    """Lightning's logger of this kind, writing below `folder`; False for "none".

    Raises:
        WorkbenchError: when its package is not installed, with the command that installs it.
    """
    from lightning.pytorch import loggers  # takes seconds, and `check_logger` needs none of it

    try:
        if kind == "tensorboard":
            return loggers.TensorBoardLogger(folder, name="tensorboard", version="")
        if kind == "mlflow":
            return loggers.MLFlowLogger(
                "workbench", run_name=name, tracking_uri=f"sqlite:///{folder}/mlflow.db"
            )
        if kind == "wandb":
            return loggers.WandbLogger(name=name, save_dir=folder, project="workbench")
    except (ModuleNotFoundError, ImportError):
        raise _missing(kind) from None
    return False
