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

_NAMED = re.compile(r"(Table|Figure)s? (\d+[a-z]?(?:(?:, | and | to )\d+[a-z]?)*)")
_NUMBER = re.compile(r"(to )?(\d+)([a-z]?)")


def exhibits_at(paper: str, place: str) -> list[Exhibit]:
    """The exhibits of the paper (its key) that a place such as "Section 4, Tables 3 to 5" names.

    A figure without a letter means all its parts.
    """
    found: dict[str, Exhibit] = {}
    for kind, told in _NAMED.findall(place):
        for number in _numbers(told):
            wanted = re.compile(re.escape(f"{paper}/{kind.lower()}-{number}") + "[a-z]?")
            found |= {name: one for name, one in all_exhibits().items() if wanted.fullmatch(name)}
    return list(found.values())


def _numbers(told: str) -> list[str]:
    """The numbers told: 3, 4 and 5 by "3 to 5"; 3, 4a and 6 by "3, 4a and 6"."""
    found: list[str] = []
    for up_to, number, letter in _NUMBER.findall(told):
        first = int(found[-1]) + 1 if up_to else int(number)
        found += map(str, range(first, int(number)))
        found.append(number + letter)
    return found
