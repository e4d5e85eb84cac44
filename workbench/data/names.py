"""Names that a corpus can have: folders' names too, which must not lead out of the folder."""

from __future__ import annotations

import re

from workbench.errors import WorkbenchError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def is_name(name: str) -> bool:
    """Whether a corpus can be called so."""
    return _NAME.fullmatch(name) is not None


def check_name(name: str) -> None:
    """Refuse a name that could not be a folder's, or would leave the folder of corpora."""
    if not is_name(name):
        raise WorkbenchError(
            f"{name!r} cannot name a corpus: use letters, digits, dots, dashes and underscores, starting "
            "with a letter or digit."
        )
