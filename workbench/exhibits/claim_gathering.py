"""The claims of all papers as one list: what was measured, from which runs, by which commands."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.analysis.claims import HELD, NOT_HELD, UNDECIDED
from workbench.analysis.sharpness import EIGENVALUE, RISE
from workbench.cards import paper_cards
from workbench.errors import WorkbenchError
from workbench.exhibits.claim_commands import training_command
from workbench.exhibits.claim_corpora import recipe_of
from workbench.exhibits.claim_family import ClaimFamily, PaperClaims

ALPHA = 0.05
"""A claim survives Holm's correction when its adjusted p-value is below this."""

_SHARP = (RISE, EIGENVALUE)
_OF_DROPS = re.compile(r"drop of .+ from (\d+) to (\d+) %")
_COPIED = ("claim", "measure", "corpus", "encoder", "higher", "first", "second", "seeds", "differences", "n")

Record = Mapping[str, Any]


def gather(papers: Sequence[tuple[PaperClaims, Record, Sequence[Record]]]) -> dict[str, Any]:
    """What results/claims.json holds: papers, settings (a corpus and encoder each), runs and claims.

    A row of `claims` is a claim on one setting; its `runs` are ids of `runs`, each with the command that
    trains it. Claims of which no pair of runs was made have no row; `without_runs` of their paper counts
    them. Imports torch, which the defaults of settings need.

    Args:
        papers: for each paper its claims, and what results/<paper>/claims.json and runs.json hold.

    Raises:
        WorkbenchError: for a run that no command would train again, a corpus of which it is not said how it
            is made, or a family of claims that the paper's code does not have.
    """
    found: dict[str, Any] = {"papers": [], "settings": [], "runs": [], "claims": []}
    for claims, judged, runs in papers:
        rows = _rows(claims, judged, runs)
        groups = {(group["corpus"], group["encoder"]): group for group in judged["groups"]}
        found["papers"].append(_paper(claims, judged, rows))
        found["settings"] += [_setting(claims.paper.key, group) for group in groups.values()]
        found["runs"] += [_run(claims.paper.key, run, groups) for run in runs]
        found["claims"] += rows
    return found


def _paper(claims: PaperClaims, judged: Record, rows: Sequence[Record]) -> dict[str, Any]:
    told = sum(len(family["claims"]) for family in judged["families"])
    survived = Counter(row["verdict"] for row in rows if row["survives_holm"])
    return {
        "key": claims.paper.key,
        "name": claims.paper.name,
        "title": claims.paper.title,
        "year": paper_cards()[claims.paper.key].year,
        "interval": judged["interval"],
        "verdicts": _counted(Counter(row["verdict"] for row in rows)),
        "after_holm": {verdict: survived[verdict] for verdict in (HELD, NOT_HELD)},
        "without_runs": told - len(rows),
    }


def _counted(counts: Counter[str]) -> dict[str, int]:
    return {verdict: counts[verdict] for verdict in (HELD, NOT_HELD, UNDECIDED)}


def _setting(paper: str, group: Record) -> dict[str, Any]:
    recipe = recipe_of(group["corpus"])
    kept = ("corpus", "title", "encoder", "n_train", "drawn_from", "n_test", "seeds", "settings", "versions")
    return {
        "id": _setting_id(paper, group),
        "paper": paper,
        **{name: group[name] for name in kept},
        "hardware": [_machine(device) for device in group["devices"]],
        "git_commits": group["git_commits"],
        "data": recipe.data,
        "commands": list(recipe.commands),
    }


def _machine(device: Record) -> str:
    cores = f", {device['cores']} cores" if device.get("cores") else ""
    memory = f", {device['memory_gb']:g} GB" if device.get("memory_gb") else ""
    return f"{device.get('name') or device.get('type', '?')}{cores}{memory}"


def _setting_id(paper: str, of: Record) -> str:
    return "/".join((paper, of["corpus"], of["encoder"].replace(" ", "-")))


def _run(paper: str, run: Record, groups: Mapping[tuple[str, str], Record]) -> dict[str, Any]:
    group = groups[run["corpus"], run["encoder"]]
    return {
        "id": f"{paper}/{run['run']}",
        "setting": _setting_id(paper, group),
        **{name: run[name] for name in ("method", "seed", "n_train", "split_id", "train_s", "git_commit")},
        "command": training_command(run, group),
    }


def _rows(claims: PaperClaims, judged: Record, runs: Sequence[Record]) -> list[dict[str, Any]]:
    known = {family.id: family for family in claims.families}
    tests = {(group["corpus"], group["encoder"]): group["n_test"] for group in judged["groups"]}
    rows = []
    for told in judged["families"]:
        if told["id"] not in known:
            raise WorkbenchError(
                f"{claims.paper.name} has no family of claims {told['id']!r} any more: judge its claims anew "
                "with benchmarks/claims.py."
            )
        rows += [
            _row(claims.paper.key, known[told["id"]], claim, runs) | {"n_test": tests[_where(claim)]}
            for claim in told["claims"]
            if claim["n"]
        ]
    return rows


def _where(of: Record) -> tuple[str, str]:
    return of["corpus"], of["encoder"]


def _row(paper: str, family: ClaimFamily, claim: Record, runs: Sequence[Record]) -> dict[str, Any]:
    used = _runs_of(claim, runs)
    names = [run["run"] for run in used]
    probe = [shlex.join(["workbench", "probe", "landscape", *names])] if family.measure in _SHARP else []
    p_holm = claim["p_holm"]
    return {
        "id": "/".join((paper, family.id, _slug(claim["claim"]), claim["corpus"], _slug(claim["encoder"]))),
        "paper": paper,
        "setting": _setting_id(paper, claim),
        "family": family.id,
        "title": family.title,
        "place": family.place,
        "says": family.says,
        "unit": family.unit,
        "scale": family.scale,
        "digits": family.digits,
        **{name: claim[name] for name in _COPIED},
        "effect": claim["mean"],
        **{name: claim[name] for name in ("low", "high", "p", "p_holm", "verdict")},
        "survives_holm": p_holm is not None and p_holm < ALPHA,
        "n_train": sorted({run["n_train"] for run in used}, reverse=True),
        "runs": [f"{paper}/{name}" for name in names],
        "then": probe,
    }


def _slug(text: str) -> str:
    return re.sub(r"[^\w+.-]+", "-", text).strip("-")


def _runs_of(claim: Record, runs: Sequence[Record]) -> list[Record]:
    """The runs that a claim compares: both sides, at its seeds; for what less data costs, at both shares."""
    drop = _OF_DROPS.fullmatch(claim["measure"])
    found: list[Record] = []
    for side in (claim["first"], claim["second"]):
        wanted = {name: value for name, value in side.items() if name != "part"}
        shares = {int(share) for share in drop.groups()} if drop else {wanted.pop("percent", 100)}
        wanted.pop("percent", None)
        found += [
            run
            for run in runs
            if _where(run) == _where(claim)
            and run["seed"] in claim["seeds"]
            and run["percent"] in shares
            and all(run[name] == value for name, value in wanted.items())
            and run not in found
        ]
    return found
