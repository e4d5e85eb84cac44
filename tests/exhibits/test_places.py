from __future__ import annotations

from pathlib import Path

import pytest

from workbench.exhibits.places import NOTEBOOKS, exhibits_at
from workbench.exhibits.registry import all_exhibits


@pytest.mark.parametrize(
    ("paper", "place", "names"),
    [
        ("protomix", "Section 5.6, Tables 4 and 6", ["table-4", "table-6"]),
        ("cl-mil", "Sections 5.1 to 5.4, Tables 3 to 5", ["table-3", "table-4", "table-5"]),
        ("cl-mil", "Section 5.3, Table 5 and Figure 5", ["table-5", "figure-5"]),
        ("lsfa", "Figure 1b", ["figure-1b"]),
        ("lsfa", "Figure 1", ["figure-1a", "figure-1b"]),
        ("lsfa", "Figure 4 (which has P@5, nDCG@5 and PSP@5)", ["figure-4"]),
        ("sep-mldc", "Section 4.6, Figures 2 and 3", ["figure-2", "figure-3"]),
        ("protomix", "Section 4.1.2", []),
        ("protomix", "Table 99", []),
    ],
)
def test_a_place_names_its_exhibits(paper, place, names):
    assert [exhibit.id for exhibit in exhibits_at(paper, place)] == [f"{paper}/{name}" for name in names]


def test_every_paper_with_exhibits_has_a_notebook_that_is_there():
    root = Path(__file__).parents[2]
    assert set(NOTEBOOKS) == {exhibit.paper.key for exhibit in all_exhibits().values()}
    assert all((root / path).is_file() for path in NOTEBOOKS.values())
