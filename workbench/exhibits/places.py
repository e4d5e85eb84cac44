"""What belongs to a paper: the exhibits that a place in it names, and the notebook that takes it apart."""

from __future__ import annotations

import re

from workbench.exhibits.base import Exhibit
from workbench.exhibits.registry import all_exhibits

NOTEBOOKS = {
    "protomix": "notebooks/01_protomix.ipynb",
    "sep-mldc": "notebooks/02_sep_mldc.ipynb",
    "lsfa": "notebooks/03_lsfa.ipynb",
    "cl-mil": "notebooks/04_cl_mil.ipynb",
    "laco": "notebooks/05_laco.ipynb",
}
"""Paper's key -> its notebook, from the root of a checkout."""

_NAMED = re.compile(r"(Table|Figure)s? (\d+\w?(?:(?:, | and | to )\d+\w?)*)")
_NUMBER = re.compile(r"(to )?(\d+)\w?")


def exhibits_at(paper: str, place: str) -> list[Exhibit]:
    """The exhibits of the paper (its key) that a place such as "Section 4, Tables 3 to 5" names."""
    names = [
        f"{paper}/{kind.lower()}-{number}"
        for kind, told in _NAMED.findall(place)
        for number in _numbers(told)
    ]
    known = all_exhibits()
    return [known[name] for name in dict.fromkeys(names) if name in known]


def _numbers(told: str) -> list[int]:
    """The numbers told: 3, 4 and 5 by "3 to 5"; 3, 4 and 6 by "3, 4a and 6"."""
    found: list[int] = []
    for up_to, number in _NUMBER.findall(told):
        found += range(found[-1] + 1, int(number) + 1) if up_to else [int(number)]
    return found
