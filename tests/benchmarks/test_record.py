from __future__ import annotations

import pytest

from benchmarks.record import METRICS, table


def record(method: str, seed: int, value: float, *, added: tuple[str, ...] = ()) -> dict:
    return {
        "encoder": "cnn",
        "corpus": {"n_train": 2309},
        "method": method,
        "seed": seed,
        "config": {"method": {"add": list(added)}},
        "test": dict.fromkeys(METRICS, value),
        "durations_s": {"train": 10.0 * (seed + 1)},
        "peak_memory_mb": 100 + seed,
    }


def test_a_row_is_the_mean_over_seeds_and_terms_that_were_borrowed_make_a_row_of_their_own():
    added = ("protomix.prototype:weight=0.1",)
    records = [record("base", 0, 0.5), record("base", 1, 0.7), record("base", 0, 0.4, added=added)]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table(records).splitlines()]
    head, _, base, mixture = rows
    assert base[head.index("method")] == "base"
    assert base[head.index("seeds")] == "2"
    assert base[head.index("PSP@5")] == "60.0 ± 14.1"
    assert float(base[head.index("training, s")]) == pytest.approx(15)
    assert base[head.index("peak memory, MB")] == "101"
    assert mixture[head.index("method")] == "base + protomix.prototype"
    assert mixture[head.index("nDCG@5")] == "40.0"
