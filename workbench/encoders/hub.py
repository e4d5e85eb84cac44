"""Fetching models from the Hugging Face hub, with errors that say what to do instead."""

from __future__ import annotations

from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError, RepositoryNotFoundError

from workbench.errors import WorkbenchError, nearest

DESCRIBING = ["*.json", "*.txt", "*.model", "chat_template.jinja"]
WEIGHTS = ["model*.safetensors"]
BUILT_IN = ("cnn", "bilstm", "words", "small-bert", "minilm")


def download(name: str, *, weights: bool = True) -> Path:
    """The folder of a model's files, fetched or from the hub's cache on this machine; never pickles or code.

    Raises:
        WorkbenchError: when the hub has no such model, wants a licence accepted, or cannot be reached.
    """
    patterns = DESCRIBING + (WEIGHTS if weights else [])
    try:
        return Path(snapshot_download(name, allow_patterns=patterns, ignore_patterns=["*/*"]))
    except GatedRepoError:
        raise WorkbenchError(
            f"The hub gives {name!r} only to those who accept its licence. Accept it on the model's page,"
            " then log in with `hf auth login`."
        ) from None
    except (RepositoryNotFoundError, HFValidationError):
        raise WorkbenchError(
            f"Unknown encoder {name!r}.{nearest(name, BUILT_IN)} Built in: {', '.join(BUILT_IN)}; also any"
            " transformers encoder or causal LM, by its name on the hub or its folder."
        ) from None
    except (OSError, HfHubHTTPError):
        raise WorkbenchError(
            f"Encoder {name!r} is not on this machine and the hub cannot be reached.{nearest(name, BUILT_IN)}"
            " Without a network use `minilm`, which is installed, `cnn` or `bilstm`, or give a local folder"
            " that holds config.json, tokenizer.json and model.safetensors."
        ) from None
