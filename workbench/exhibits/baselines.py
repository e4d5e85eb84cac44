"""Other papers' methods by the names that a table gives them, and by those of the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

OWN_ENCODERS: Mapping[str, str] = {
    "binary-relevance": "tfidf",
    "classifier-chain": "tfidf",
    "text-cnn": "cnn",
    "xml-cnn": "cnn",
    "ml-reasoner": "cnn",
    "leam": "words",
    "attention-xml": "bilstm",
    "exam": "bilstm",
    "lsan": "bilstm",
    "sgm": "bilstm",
    "seq2set-style": "bilstm",
    "ocd": "bilstm",
    "httn": "bilstm",
    "ehttn": "bilstm",
    "ldgn": "bilstm",
    "dxml-style": "tfidf",
    "rank-ae-style": "tfidf",
}
"""Baselines that read with an encoder of their own, whichever an exhibit is made with."""


@dataclass(frozen=True)
class Baselines:
    """`names` has what a paper calls another method, and what this workbench calls it."""

    names: Mapping[str, str]

    def here(self, *names: str) -> tuple[str, ...]:
        """These baselines by the workbench's names."""
        return tuple(self.names[name] for name in names)

    def renamed(self, table: pd.DataFrame) -> pd.DataFrame:
        """A table with the workbench's names of baselines, so that both sides share a row."""
        return table.assign(variant=table["variant"].replace(dict(self.names)))


PUBLISHED = Baselines(
    {
        "XML-CNN": "xml-cnn",
        "SGM": "sgm",
        "DXML": "dxml-style",
        "Rank-AE": "rank-ae-style",
        "AttentionXML": "attention-xml",
        "EXAM": "exam",
        "LSAN": "lsan",
        "HTTN": "httn",
        "EHTTN": "ehttn",
        "LDGN": "ldgn",
        "VCLDL": "vcldl",
        "LSFA": "lsfa",
    }
)
"""The methods that tables on AAPD, RCV1 and EUR-Lex borrow from each other."""

ONE_ROW = (
    "On AAPD and RCV1 the numbers of EHTTN in ProtoMix's paper are those of HTTN in LSFA's and SEP-MLDC's: "
    "one row under two names."
)
"""To be known beside the tables that print it."""
