"""Document vectors from the course of training: what the arrays of a run are called that hold them."""

from __future__ import annotations

from collections.abc import Iterable

STAGE_ROWS = "stage_rows"
"""The test documents whose vectors were kept, (K,) rows of the test split, ascending."""

START = "start"
_VECTORS = "stage_vectors"


def stage_array(number: int, stage: str) -> str:
    """The array of the vectors (K, H) float16 after a stage; `number` counts stages from 1, 0 is `START`."""
    return f"{_VECTORS}.{number}.{stage}"


def kept_moments(array_names: Iterable[str]) -> dict[str, str]:
    """The moments, "start" or "after <stage>", in the order of training, each with the name of its array."""
    found = []
    for name in array_names:
        kind, _, rest = name.partition(".")
        number, _, stage = rest.partition(".")
        if kind == _VECTORS and number.isdecimal() and stage:
            found.append((int(number), stage, name))
    return {START if number == 0 else f"after {stage}": name for number, stage, name in sorted(found)}
