"""A version of a corpus that a language model has worked on, saved with the report of how it came about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbench.config import Config
from workbench.data.corpus import Corpus
from workbench.data.library import save_corpus
from workbench.data.names import check_name
from workbench.errors import WorkbenchError, nearest
from workbench.llm.base import Kind
from workbench.llm.describe import DescribeJob, DescribeSettings
from workbench.llm.generate import GenerateJob, GenerateSettings
from workbench.llm.job import Finished, Job
from workbench.llm.report import REPORT, SCHEMA
from workbench.llm.templates import Template

_SETTINGS: dict[Kind, type[Config]] = {"describe": DescribeSettings, "generate": GenerateSettings}


def make_job(kind: Kind, corpus: Corpus, template: Template, settings: dict[str, Any]) -> Job:
    """The job of this kind, its prompts filled."""
    if kind == "describe":
        return DescribeJob(corpus, template, DescribeSettings.parse(settings))
    return GenerateJob(corpus, template, GenerateSettings.parse(settings))


def divide_settings(
    kind: Kind, provider: type[Config], settings: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(the job's, the provider's): a key that both know, such as the seed, goes to both.

    Raises:
        WorkbenchError: a key that neither knows, with the nearest and all that are known.
    """
    ours, theirs = _SETTINGS[kind].model_fields, provider.model_fields
    for key in settings:
        if key not in ours and key not in theirs:
            known = [*ours, *(name for name in theirs if name not in ours)]
            raise WorkbenchError(
                f"Unknown setting {key!r} for this provider.{nearest(key, known)} Known: {', '.join(known)}."
            )
    return (
        {key: value for key, value in settings.items() if key in ours},
        {key: value for key, value in settings.items() if key in theirs},
    )


def check_free(folder: Path, *, overwrite: bool) -> None:
    """Refuse a version's name before anything is asked: a wrong one, or one that is taken."""
    check_name(folder.name)
    if folder.exists() and not overwrite:
        raise WorkbenchError(f"{folder} is there already. Use --force to replace it, or another --name.")


def save_version(
    kind: Kind, finished: Finished, before: dict[str, Any] | None, folder: Path, *, overwrite: bool = False
) -> Path:
    """Write the version and its report, all or nothing; what the corpus before had reported goes along.

    Raises:
        WorkbenchError: when no answer was of use, or the folder is taken.
    """
    counts, reasons = finished.report["counts"], finished.report["struck_by_reason"]
    if not counts["used"]:
        why = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        raise WorkbenchError(
            f"None of the {counts['prompts']} answers is of use ({why}); nothing was written."
        )
    report = {"schema": SCHEMA, **(before or {}), kind: finished.report}
    text = json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    return save_corpus(finished.corpus, folder, overwrite=overwrite, companions={REPORT: text})
