"""Local folders in the layouts of the hub, read by the library itself; nothing is downloaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest

from workbench.data.formats.hub import SHORT_NAMES, Source, locate

Read = Callable[..., Any]
TEXT = datasets.Value("string")


@pytest.fixture(autouse=True)
def quiet() -> Any:
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def hub_folder(folder: Path, config: str, features: dict[str, Any], **splits: dict[str, list[Any]]) -> Path:
    """A folder as on the hub: Parquet files of one configuration, which the card lists."""
    card = ["---", "configs:", f"- config_name: {config}", "  data_files:"]
    for split, columns in splits.items():
        data = datasets.Dataset.from_dict(columns, features=datasets.Features(features))
        (folder / config).mkdir(parents=True, exist_ok=True)
        data.to_parquet(folder / config / f"{split}-00000-of-00001.parquet")
        card += [f"  - split: {split}", f"    path: {config}/{split}-*"]
    (folder / "README.md").write_text("\n".join([*card, "---", ""]))
    return folder


def load(read: Read, folder: Path, config: str | None = None) -> Any:
    documents, reading = read(Path(f"hub:{folder}:{config}" if config else f"hub:{folder}"))
    assert [str(problem) for problem in reading.problems] == []
    return [(d.split, d.id, d.text, d.labels) for d in documents]


def test_go_emotions(tmp_path: Path, read: Read) -> None:
    classes = datasets.List(datasets.ClassLabel(names=["admiration", "amusement", "neutral"]))
    folder = hub_folder(
        tmp_path / "go_emotions",
        "simplified",
        {"text": TEXT, "labels": classes, "id": TEXT},
        train={"text": ["nice", "ha"], "labels": [[0], [1, 2]], "id": ["eebbqej", "ed00q6i"]},
        validation={"text": ["so"], "labels": [[2]], "id": ["edvnz26"]},
    )
    assert load(read, folder, "simplified") == [
        ("train", "eebbqej", "nice", ("admiration",)),
        ("train", "ed00q6i", "ha", ("amusement", "neutral")),
        ("valid", "edvnz26", "so", ("neutral",)),
    ]


def test_lex_glue_eurlex_has_no_ids(tmp_path: Path, read: Read) -> None:
    classes = datasets.List(datasets.ClassLabel(names=["100163", "100168"]))
    columns = {"text": ["COMMISSION DECISION"], "labels": [[1]]}
    folder = hub_folder(
        tmp_path / "lex", "eurlex", {"text": TEXT, "labels": classes}, train=columns, test=columns
    )
    assert load(read, folder, "eurlex") == [
        ("train", None, "COMMISSION DECISION", ("100168",)),
        ("test", None, "COMMISSION DECISION", ("100168",)),
    ]


def test_eurlex57k_takes_title_and_text(tmp_path: Path, read: Read) -> None:
    features = {"celex_id": TEXT, "title": TEXT, "text": TEXT, "eurovoc_concepts": datasets.List(TEXT)}
    columns = {
        "celex_id": ["31"],
        "title": ["Rules"],
        "text": ["Article"],
        "eurovoc_concepts": [["889", "3"]],
    }
    folder = hub_folder(tmp_path / "eurlex", "default", features, train=columns)
    assert load(read, folder) == [("train", "31", "Rules\nArticle", ("889", "3"))]


def test_reuters_takes_topics(tmp_path: Path, read: Read) -> None:
    features = {"text": TEXT, "title": TEXT, "topics": datasets.List(TEXT), "new_id": TEXT}
    columns = {"text": ["Showers"], "title": ["BAHIA"], "topics": [["cocoa"]], "new_id": ["1"]}
    folder = hub_folder(tmp_path / "reuters", "ModApte", features, train=columns, unused=columns)
    documents, reading = read(Path(f"hub:{folder}:ModApte"))
    assert [(d.id, d.text, d.labels) for d in documents] == [("1", "BAHIA\nShowers", ("cocoa",))]
    assert [(p.kind, p.severity) for p in reading.problems] == [("unknown split", "warning")]


def test_aapd_as_json_lines(tmp_path: Path, read: Read) -> None:
    for split in ("train", "test"):
        line = json.dumps({"abstract": f"we {split}", "labels": ["cs.it", "math.it"]})
        (tmp_path / f"{split}.jsonl").write_text(line + "\n")
    assert load(read, tmp_path) == [
        ("train", None, "we train", ("cs.it", "math.it")),
        ("test", None, "we test", ("cs.it", "math.it")),
    ]


def test_short_names_know_their_part() -> None:
    assert locate("hub:lex_glue") == Source("coastalcph/lex_glue", "eurlex")
    branch = "refs/convert/parquet"
    assert locate("hub:reuters:ModLewis") == Source("ucirvine/reuters21578", None, "ModLewis", branch)
    assert locate("hub:someone/thing") == Source("someone/thing")
    assert locate("hub:someone/thing:part") == Source("someone/thing", "part")


def test_reuters_comes_from_the_hubs_own_conversion(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = datasets.Features({"text": TEXT, "title": TEXT, "topics": datasets.List(TEXT), "new_id": TEXT})
    for part in ("ModApte", "ModLewis"):  # as on that branch: PART/SPLIT/0000.parquet and no card
        for split in ("train", "test"):
            columns = {"text": [split], "title": [part], "topics": [["cocoa"]], "new_id": ["1"]}
            (tmp_path / part / split).mkdir(parents=True)
            data = datasets.Dataset.from_dict(columns, features=features)
            data.to_parquet(tmp_path / part / split / "0000.parquet")
    monkeypatch.setitem(SHORT_NAMES, "reuters", Source(str(tmp_path), data_dir="ModApte"))
    documents, reading = read(Path("hub:reuters"))
    assert [(d.split, d.text, d.labels) for d in documents] == [
        ("train", "ModApte\ntrain", ("cocoa",)),
        ("test", "ModApte\ntest", ("cocoa",)),
    ]
    assert not list(reading.problems)


def test_what_cannot_be_loaded_says_what_to_do(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError("Couldn't reach the hub\nand more")

    monkeypatch.setattr(datasets, "load_dataset", fail)
    documents, reading = read(Path("hub:someone/thing"))
    (problem,) = reading.problems
    assert documents == []
    assert problem.place == "hub:someone/thing"
    assert problem.message == "The data set cannot be loaded: Couldn't reach the hub"
    assert "network" in problem.remedy
