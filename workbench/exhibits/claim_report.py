"""Judged claims in words and Markdown tables: a verdict with its number, interval and seeds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from workbench.analysis.claims import HELD, NOT_HELD, UNDECIDED, holm, judge, matching, together
from workbench.exhibits.claim_family import ClaimFamily

GROUP = ["corpus", "encoder"]
_SAID = {HELD: "this held", NOT_HELD: "this did not hold", UNDECIDED: "this is undecided"}
_MARKS = {HELD: " ▲", NOT_HELD: " ▼", UNDECIDED: ""}
_TOLD = (
    "training.epochs",
    "training.patience",
    "training.batch_size",
    "training.learning_rate",
    "training.head_learning_rate",
    "method.alpha",
    "method.beta",
    "method.gamma",
    "method.balance",
    "method.head_threshold",
    "method.augment_times",
    "method.adjust_rate",
    "method.projection",
)
"""The settings that are told beside results; the JSON has all."""

_AVERAGE = " (average prototype)"

Row = Mapping[Hashable, Any]


def judged_families(table: pd.DataFrame, families: Iterable[ClaimFamily]) -> pd.DataFrame:
    """Every claim of every family, as `judge` gives them, with two columns more.

    These are family (its id) and is_further (whether the claim is for a table only).
    """
    parts = []
    for family in families:
        for claims, is_further in ((family.claims, False), (family.further, True)):
            found = judge(table, claims, GROUP)
            parts.append(found.assign(family=family.id, is_further=is_further))
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def told_together(family: ClaimFamily, judged: pd.DataFrame) -> list[dict[str, str]]:
    """The family's joint claims, one row for each and group of runs: corpus, encoder, claim, verdict."""
    rows: list[dict[str, str]] = []
    mine = judged[(judged["family"] == family.id) & ~judged["is_further"]]
    for (corpus, encoder), here in mine.groupby(GROUP, sort=False):
        verdicts = here.set_index("claim")["verdict"]
        for name, members in family.together.items():
            verdict = together(verdicts[list(members)])
            about = {"corpus": str(corpus), "encoder": str(encoder)}
            rows.append(about | {"claim": name, "verdict": verdict})
    return rows


def sentence(row: Row, family: ClaimFamily) -> str:
    """One sentence on one claim, corpus and encoder: the verdict, the difference, its interval, the seeds."""
    where = f"On {row['corpus']} with {row['encoder']}"
    if row["n"] == 0:
        return f"{where} nothing can be said: no seed has both."
    said = f"{where} {_SAID[row['verdict']]}: {_signed(row['mean'], family)}"
    if row["n"] == 1:
        return f"{said}, from one seed."
    return f"{said} ({_signed(row['low'], family)} to {_signed(row['high'], family)}, {row['n']} seeds)."


def interval_table(family: ClaimFamily, judged: pd.DataFrame) -> pd.DataFrame:
    """The family's claims as `figures.intervals.intervals_figure` draws them, in the family's unit."""
    mine = judged[(judged["family"] == family.id) & ~judged["is_further"]]
    scaled = {name: family.scale * mine[name] for name in ("mean", "low", "high")}
    first = {claim.name: str(claim.first["method"]) for claim in family.claims}
    panel = mine["corpus"] + " · " + mine["encoder"]
    return mine.assign(**scaled, panel=panel, method=mine["claim"].map(first)).reset_index(drop=True)


def claimed_side(family: ClaimFamily) -> str:
    """On which side of zero the family's differences are claimed to be."""
    return "above" if family.claims[0].higher else "below"


def family_section(
    family: ClaimFamily, judged: pd.DataFrame, measured: pd.DataFrame, methods: Sequence[str]
) -> str:
    """Markdown: what the paper says, means of the settings, a line a claim, and the further claims' table.

    `methods` in the order of the columns.
    """
    mine = judged[judged["family"] == family.id]
    parts = [f"### {family.title[0].upper()}{family.title[1:]}", f"{family.place}: {family.says}"]
    parts.append(means_table(family, measured, methods))
    parts.append("\n".join(_lines(family, mine[~mine["is_further"]], told_together(family, mine))))
    if mine["is_further"].any():
        parts.append(further_table(family, mine[mine["is_further"]]))
    return "\n\n".join(parts)


def correction(judged: pd.DataFrame) -> str:
    """How many verdicts there are, and what so many comparisons mean for them."""
    told = judged[~judged["is_further"]]
    tested = int(told["p"].notna().sum())
    counts = told["verdict"].value_counts()
    after = told.loc[holm(told["p"]) < 0.05, "verdict"].value_counts()
    return (
        f"Of {len(told)} comparisons {counts.get(HELD, 0)} held, {counts.get(NOT_HELD, 0)} did not hold and "
        f"{counts.get(UNDECIDED, 0)} are undecided. Verdicts are not corrected for their number: were there "
        f"no difference anywhere, about one in twenty of the {tested} intervals would leave zero out all the "
        f"same. After Holm's correction over all of them {after.get(HELD, 0)} would still hold and "
        f"{after.get(NOT_HELD, 0)} would still not."
    )


def settings_table(groups: Iterable[Mapping[str, Any]]) -> str:
    """Markdown: what was run, from `claim_runs.group_records`."""
    heads = ["corpus, encoder", "training documents", "test documents", "seeds", "runs", "settings"]
    lines = [_row([*heads, "landscapes", "machine"]), "|" + "---|" * (2 + len(heads))]
    for group in groups:
        whole = group["drawn_from"] or {}
        of = f" of {whole['n_train']:,}, drawn by the seed" if whole else ""
        names = [name for name in _TOLD if group["settings"].get(name) is not None]
        shape = group["landscapes"]
        cells = [
            f"{group['corpus']}, {group['encoder']}",
            f"{group['n_train']:,}{of}",
            f"{group['n_test']:,}",
            ", ".join(map(str, group["seeds"])),
            str(group["runs"]),
            ", ".join(f"{name.split('.', 1)[1]} {group['settings'][name]}" for name in names),
            f"{shape['documents']} documents, seed {shape['seed']}" if shape else "–",
            ", ".join(str(device.get("name", "?")) for device in group["devices"]),
        ]
        lines.append(_row(cells))
    return "\n".join(lines)


def verdict_table(families: Iterable[ClaimFamily], judged: pd.DataFrame) -> str:
    """Markdown: one row a claim, one column a corpus and encoder, verdicts in words."""
    groups = list(judged[GROUP].drop_duplicates().itertuples(index=False, name=None))
    lines = [_row(["claim", "measured by", *(f"{corpus}, {encoder}" for corpus, encoder in groups)])]
    lines.append("|" + "---|" * (2 + len(groups)))
    for family in families:
        told = judged[(judged["family"] == family.id) & ~judged["is_further"]]
        rows = pd.concat([told, pd.DataFrame(told_together(family, judged))])
        verdicts = rows.set_index(["claim", *GROUP])["verdict"].to_dict()
        for claim in rows["claim"].unique():
            said = [_bold(verdicts.get((claim, *group), "–")) for group in groups]
            lines.append(_row([claim, family.measure, *said]))
    return "\n".join(lines)


def means_table(family: ClaimFamily, measured: pd.DataFrame, methods: Sequence[str]) -> str:
    """Markdown: mean ± standard deviation over seeds of each setting that the family's claims compare.

    The settings stand in the order of `methods`.
    """
    sides = [side for claim in family.claims for side in (claim.first, claim.second)]
    settings = [side for place, side in enumerate(sides) if side not in sides[:place]]
    settings.sort(key=lambda side: methods.index(str(side["method"])))
    heads = [_head(one) for one in settings]
    lines = [_row([family.measure, *heads]), "|" + "---|" * (1 + len(heads))]
    for (corpus, encoder), here in measured.groupby(GROUP, sort=False):
        rows = here[here["measure"] == family.measure]
        cells = [_mean(matching(rows, one)["value"], family) for one in settings]
        lines.append(_row([f"{corpus}, {encoder}", *cells]))
    return "\n".join(lines)


def further_table(family: ClaimFamily, further: pd.DataFrame) -> str:
    """Markdown: one row a group and claim, one column for each metric or share; ▲ held, ▼ did not hold."""
    columns = list(dict.fromkeys(further["at"]))
    lines = [_row(["difference, points", "claim", *columns]), "|" + "---|" * (2 + len(columns))]
    for (corpus, encoder, claim), rows in further.groupby([*GROUP, "claim"], sort=False):
        found = {row["at"]: row for row in rows.to_dict("records")}
        cells = [
            _signed(found[at]["mean"], family) + _MARKS[found[at]["verdict"]] if found[at]["n"] else "–"
            for at in columns
        ]
        lines.append(_row([f"{corpus}, {encoder}", str(claim), *cells]))
    return "\n".join(lines)


def _lines(family: ClaimFamily, told: pd.DataFrame, joint: Sequence[Mapping[str, str]]) -> list[str]:
    """A bullet a claim, its sentences one after the other."""
    lines = []
    for claim, rows in told.groupby("claim", sort=False):
        said = " ".join(sentence(row, family) for row in rows.to_dict("records"))
        lines.append(f"- **{claim}** ({family.unit}, claimed {claimed_side(family)} 0). {said}")
    for claim in dict.fromkeys(row["claim"] for row in joint):
        said = " ".join(
            f"On {row['corpus']} with {row['encoder']} {_SAID[row['verdict']]}."
            for row in joint
            if row["claim"] == claim
        )
        needed = ", ".join(family.together[claim])
        lines.append(f"- **{claim}** (if all of these hold: {needed}). {said}")
    return lines


def _head(setting: Mapping[str, Any]) -> str:
    """A setting at the head of a column."""
    what = f": {setting['part']}" if setting.get("part") else ""
    return f"{setting['method']}{_AVERAGE if setting.get('prototype') == 'average' else ''}{what}"


def _mean(values: pd.Series, family: ClaimFamily) -> str:
    if values.empty:
        return "–"
    scaled = family.scale * values
    mean = f"{scaled.mean():.{family.digits}f}"
    return f"{mean} ± {scaled.std():.{family.digits}f}" if len(scaled) > 1 else mean


def _signed(value: float, family: ClaimFamily) -> str:
    return f"{family.scale * value:+.{family.digits}f}"


def _bold(verdict: str) -> str:
    return verdict if verdict in (UNDECIDED, "–") else f"**{verdict}**"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
