"""What is gathered of judged claims is in step with what was judged, and README with what is gathered."""

from __future__ import annotations

import sys

import pytest

from benchmarks import claims
from workbench.exhibits.claim_file import written
from workbench.exhibits.claim_overview import overview


@pytest.fixture(scope="module")
def gathered() -> dict:
    return claims.gathered()


def test_gathering_again_gives_the_same_bytes(gathered):
    assert (claims.RESULTS / "claims.json").read_text(encoding="utf-8") == written(gathered)


def test_the_readme_has_what_was_gathered(gathered):
    text = (claims.ROOT / "README.md").read_text(encoding="utf-8")
    block = text.partition("<!-- claims: begin -->\n")[2].partition("\n<!-- claims: end -->")[0]
    assert block == overview(gathered)


@pytest.mark.parametrize("words", [[], ["protomix"], ["--gather", "protomix", "runs/a"]])
def test_either_runs_are_judged_or_claims_gathered(monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["claims.py", *words])
    with pytest.raises(SystemExit):
        claims.main()
    assert "--gather alone" in capsys.readouterr().err
