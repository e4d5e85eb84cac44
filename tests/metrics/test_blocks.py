import threading

import pytest

from workbench.metrics import blocks


def test_blocks_cover_every_row_once(block_elements):
    for n_rows, n_columns in [(1, 1), (10, 3), (5, 1000), (0, 4)]:
        parts = blocks.row_blocks(n_rows, n_columns)
        assert [row for start, stop in parts for row in range(start, stop)] == list(range(n_rows))
        assert all((stop - start) * n_columns <= max(block_elements, n_columns) for start, stop in parts)


def test_results_come_in_order():
    assert blocks.map_blocks(lambda start, stop: list(range(start, stop)), 20, 7) == [
        list(range(start, stop)) for start, stop in blocks.row_blocks(20, 7)
    ]


def test_the_error_of_the_first_block_is_raised(monkeypatch):
    monkeypatch.setattr(blocks, "_cores", lambda: 2)
    monkeypatch.setattr(blocks, "BLOCK_ELEMENTS", 1)
    later_failed = threading.Event()

    def work(start: int, stop: int) -> None:
        if start == 1:
            later_failed.set()
        else:
            later_failed.wait(10)
        raise ValueError(f"block {start}")

    with pytest.raises(ValueError, match="block 0"):
        blocks.map_blocks(work, 2, 1)
    assert later_failed.is_set()


def test_one_core_needs_no_threads(monkeypatch):
    monkeypatch.setattr(blocks, "_cores", lambda: 1)
    names = blocks.map_blocks(lambda start, stop: threading.current_thread().name, 20, 1 << 17)
    assert set(names) == {threading.main_thread().name}
