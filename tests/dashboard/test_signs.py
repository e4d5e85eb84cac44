from __future__ import annotations

import pandas as pd

from dashboard.signs import with_signs


def test_differences_are_written_with_signs_and_stay_numbers():
    table = pd.DataFrame(
        {
            "metric": ["P@1", "P@5"],
            "difference": [-0.0, 0.02],
            "low": [-0.1, 0.00004],
            "high": [float("nan"), 1],
        }
    )
    page = with_signs(table).to_html()
    assert all(f">{said}<" in page for said in ("0.0000", "+0.0200", "−0.1000", "+0.00004", "–", "+1.0000"))
    assert with_signs(table).data["difference"].tolist() == [0, 0.02]
    assert ">+0.020<" in with_signs(table, digits=3).to_html()
