"""What is known of a paper beside its code, and by which mechanisms methods are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MECHANISMS: Mapping[str, str] = {
    "linear classifiers": "one linear model a label on weighted counts of words",
    "convolution": "filters that slide over words",
    "pre-trained encoder": "a transformer that has read before",
    "label attention": "each label weighs the words of a document for itself",
    "label texts": "the words that labels are called or described by are read",
    "joint sequence": "document and labels are read together, in one sequence",
    "label correlation": "what is said of one label changes what is said of another",
    "label graph": "labels that occur together are neighbours in a graph",
    "sequence decoder": "labels are said one after another",
    "prototypes": "a label, or a label set, has one vector that its documents are compared with",
    "mixing": "documents are blended with others, and their labels too",
    "generated examples": "documents or features are made for labels with few",
    "contrast": "documents or labels are drawn together or pushed apart by what they have in common",
    "nearest neighbours": "training documents close by vote",
    "autoencoder": "documents or label sets pass through a narrow code",
}
"""Mechanism -> what it is, in the order in which they are drawn."""


@dataclass(frozen=True)
class PaperCard:
    """A paper beside its code: who, where, its equations by name (LaTeX) and the numbers it prints.

    Equations stand as the method reads them by default, repaired where the print is not what the text means.
    `numbers` has what the paper numbers each equation, such as "6-7"; one that it leaves unnumbered has none.
    `mechanisms` are keys of `MECHANISMS`. `reported` maps (corpus, encoder, variant, metric) to a fraction in
    [0, 1], only what the paper prints.
    """

    method: str
    title: str
    authors: str
    venue: str
    year: int
    summary: str
    equations: Mapping[str, str]
    mechanisms: tuple[str, ...]
    numbers: Mapping[str, str] = field(default_factory=dict)
    reported: Mapping[tuple[str, str, str, str], float] = field(default_factory=dict)
