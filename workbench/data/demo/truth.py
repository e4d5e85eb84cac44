"""What was planted in the built-in corpus, so that analyses and methods can be checked against it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from workbench.errors import WorkbenchError

SCHEMA = 1
TRUTH = "truth.json"


@dataclass(frozen=True)
class PlantedTruth:
    """The structure behind a generated corpus.

    Attributes:
        seed, n_documents: what the corpus was generated from.
        label_words: per label code the words it uses, its own and those it shares with a few others.
        shared_words: per word of several labels the codes of these labels.
        cooccurring: (a, b, probability): a document mainly about the rarer of the two gets the other one with
            this probability each time it gets a companion (ProtoMix's explicit correlation).
        implicit: (a, b, words): `a` and `b` share these words and never stand on one document.
        noise: rates by name: missing, spurious (labels), aside, stray, generic (texts).
        main_labels: per document id the code of the label it is mostly about.
        disturbed: per id of a document with noisy labels the codes it would have without noise.
    """

    seed: int
    n_documents: int
    label_words: dict[str, tuple[str, ...]]
    shared_words: dict[str, tuple[str, ...]]
    cooccurring: tuple[tuple[str, str, float], ...]
    implicit: tuple[tuple[str, str, tuple[str, ...]], ...]
    noise: dict[str, float]
    main_labels: dict[str, str]
    disturbed: dict[str, tuple[str, ...]]

    def to_json(self) -> str:
        """The whole as JSON; `from_json` gives an equal object back."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            WorkbenchError: broken JSON, missing fields, or a schema newer than this program.
        """
        try:
            schema = _Header.model_validate_json(text).schema_version
            if schema <= SCHEMA:
                return TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"]) or "the whole"
            raise WorkbenchError(
                f"This is not a planted truth ({place}: {first['msg']}). Generate the corpus again."
            ) from None
        raise WorkbenchError(
            f"The planted truth has schema {schema}, newer than {SCHEMA}: update the workbench."
        )


class _Header(BaseModel):
    schema_version: int = Field(alias="schema")


def load_truth(folder: Path) -> PlantedTruth | None:
    """The planted truth beside a generated corpus, None where the folder has none.

    Raises:
        WorkbenchError: naming the file when it cannot be read as one.
    """
    path = folder / TRUTH
    if not path.exists():
        return None
    try:
        return PlantedTruth.from_json(path.read_text(encoding="utf-8"))
    except (WorkbenchError, UnicodeDecodeError) as error:
        raise WorkbenchError(f"{path}: {error}") from None
