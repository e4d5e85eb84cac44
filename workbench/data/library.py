"""The corpora at hand: saved whole or not at all, opened by name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from workbench.data.cards import BUILT_IN, CARD, list_corpora, read_card
from workbench.data.corpus import Corpus
from workbench.data.fingerprint import corpus_fingerprint
from workbench.data.names import check_name, is_name
from workbench.data.storage import read_corpus, write_corpus
from workbench.errors import WorkbenchError, nearest
from workbench.files import refuse_link, write_text, writing
from workbench.workspace import Workspace


def load_corpus(name_or_path: str | Path, workspace: Workspace | None = None) -> Corpus:
    """Open a corpus by its name in the workspace, or by its folder; "demo" is generated when first asked for.

    It is generated anew when another generator wrote it than that of this version of the workbench.

    Args:
        name_or_path: "demo", a name as `workbench data list` prints it, or a path to a corpus's folder.
        workspace: where corpora are; by default the current folder or WORKBENCH_HOME.

    Returns:
        Three splits, each of N texts with targets (N, L) of 0/1 over L labels; texts stay on disk until read.

    Raises:
        WorkbenchError: an unknown name (listing what there is and the nearest), a damaged folder, or a link
            to a folder elsewhere in the place of a corpus.
    """
    corpora = (workspace or Workspace.current()).corpora
    folder = corpora / str(name_or_path) if is_name(str(name_or_path)) else None
    if folder is not None:
        refuse_link(folder)
        if folder.name == BUILT_IN and not _is_current_demo(folder):
            _generate_demo(folder)
        if (folder / CARD).exists():
            return read_corpus(folder)
    given = Path(name_or_path).expanduser()
    if given.is_dir() and (given / CARD).exists():
        return read_corpus(given)
    if given.is_dir() and (folder is None or not folder.exists()):
        raise WorkbenchError(
            f"{given} holds no imported corpus. Raw data becomes one with "
            f"`workbench data import {given} --name NAME`."
        )
    known = [entry.name for entry in list_corpora(workspace) if entry.name != BUILT_IN]
    listed = ", ".join([f"{BUILT_IN} (built in)", *known])
    raise WorkbenchError(
        f"There is no corpus {str(name_or_path)!r} in {corpora}."
        f"{nearest(str(name_or_path), [BUILT_IN, *known])} There are: {listed}. "
        "A new one comes with `workbench data import PATH --name NAME`."
    )


def lasting_name(name_or_path: str | Path, workspace: Workspace) -> str:
    """What finds the same corpus from any folder: a name in the workspace as it is, a path in full."""
    name, given = str(name_or_path), Path(name_or_path).expanduser()
    is_here = is_name(name) and (workspace.corpora / name / CARD).exists()
    elsewhere = not is_here and (given / CARD).exists()
    return str(given.resolve()) if elsewhere else name


def save_corpus(
    corpus: Corpus, folder: Path, *, overwrite: bool = False, companions: Mapping[str, str] | None = None
) -> Path:
    """Write a corpus to `folder`, all of it or nothing; what was there is kept until the new is whole.

    Args:
        corpus: what to write.
        folder: takes the corpus's place, usually workspace.corpora / corpus.name.
        overwrite: replace a folder that is there.
        companions: further text files by name, such as {"truth.json": ...}.

    Raises:
        WorkbenchError: when the folder is there and `overwrite` is not set.
    """
    check_name(folder.name)
    refuse_link(folder)
    if folder.exists() and not overwrite:
        raise WorkbenchError(f"{folder} is there already. Use --force to replace it, or another --name.")
    with _replacing_folder(folder) as temporary:
        for name, text in (companions or {}).items():
            write_text(temporary / name, text)
        write_corpus(corpus, temporary)
    return folder


def verify_corpus(folder: Path) -> None:
    """Read all of a saved corpus and compare it with the fingerprint on its card.

    Raises:
        WorkbenchError: when the files are damaged or were changed.
    """
    corpus = read_corpus(folder)
    if corpus_fingerprint(corpus) != corpus.fingerprint:
        raise WorkbenchError(
            f"{folder}: the content does not have the fingerprint on its card. Import it again."
        )


def _generate_demo(folder: Path) -> None:
    from workbench.data.demo import generate

    demo = generate(seed=0)
    try:
        save_corpus(demo.corpus, folder, overwrite=True, companions={"truth.json": demo.truth.to_json()})
    except WorkbenchError:
        if not _is_current_demo(folder):  # else another process was faster with the same content
            raise


def _is_current_demo(folder: Path) -> bool:
    """Whether today's generator wrote the corpus that is there; one that is not generated is left alone."""
    from workbench.data.demo import generator_version

    if not (folder / CARD).exists():
        return False
    about = read_card(folder)["about"]
    return (
        about.get("reader") != "generated" or about.get("extra", {}).get("generator") == generator_version()
    )


@contextmanager
def _replacing_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside `folder`: on success it takes its place, on an error it is removed."""
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    retired = temporary.with_name(f"{temporary.name}.old")
    try:
        yield temporary
        temporary.chmod(0o755)
        _take_place(temporary, folder, retired)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(retired, ignore_errors=True)


def _take_place(temporary: Path, folder: Path, retired: Path) -> None:
    try:
        with writing(folder):
            if folder.exists():
                folder.replace(retired)
            temporary.replace(folder)
    except BaseException:
        if retired.exists():
            retired.replace(folder)
        raise
