"""Labels that are written differently and may be one: "Baking", "baking" and "baking " with two spaces."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping


def folded(label: str) -> str:
    """The label without differences of case, of white space, or of composed and decomposed accents."""
    return " ".join(unicodedata.normalize("NFC", label).casefold().split())


def spellings(counts: Mapping[str, int], listed: Collection[str] = ()) -> list[list[str]]:
    """The labels that are one when folded, if there are several of them.

    Args:
        counts: the number of documents of each label.
        listed: labels of a list, whose spelling comes before all others.

    Returns:
        For each such label its spellings: listed ones first, then by number of documents, then by alphabet.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for label in counts:
        alike[folded(label)].append(label)
    several = [labels for labels in alike.values() if len(labels) > 1]
    return [
        sorted(labels, key=lambda label: (label not in listed, -counts[label], label)) for labels in several
    ]


def listed_spelling(labels: Iterable[str], listed: Mapping[str, str]) -> tuple[str, ...]:
    """The labels as a list writes them; `listed` has its spelling for each folded label."""
    return tuple(dict.fromkeys(listed.get(folded(label), label) for label in labels))
