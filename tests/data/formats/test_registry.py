from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest

from workbench.data import formats
from workbench.data.formats import reader_for, readers
from workbench.errors import WorkbenchError


def test_every_file_is_a_reader() -> None:
    modules = {module.name for module in pkgutil.iter_modules(formats.__path__)}
    assert set(readers()) == modules
    assert all(reader.layout for reader in readers().values())


def test_an_unknown_format_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"no format 'json'.*Did you mean 'jsonl'\?.*reuters"):
        reader_for(tmp_path, "json")


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="does not exist"):
        reader_for(tmp_path / "none")


def test_data_that_no_reader_knows_lists_the_formats(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(WorkbenchError) as raised:
        reader_for(tmp_path)
    assert all(name in str(raised.value) for name in readers())


def test_an_empty_folder_is_not_recognised(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="no format is recognised"):
        reader_for(tmp_path)
