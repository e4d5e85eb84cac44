"""Mixtures: runs of a method with objectives of other papers in its loss, and the runs they come from.

A mixture has two kinds of parents. Its *method* is the same without the borrowed terms (and, where there are
several, with some of them): everything else must be equal. The *lender* of a term is a method of the paper
that the term is from, which trains it itself: the documents, the encoder and the settings of training must
be equal; its own settings, and what it asks of the encoder, are its own, and told where they differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.analysis.settings import beyond_method, flat, labels_of, of_method
from workbench.runs.matching import corpus_fingerprint
from workbench.runs.store import Run

METHOD, FEWER, LENDER = "the method alone", "fewer terms", "lender of a term"
"""What a parent is to a mixture."""

_ADD = "method.add"
_LOSS = "loss/"
_OF_TRAINING, _OF_ENCODER = "training.", "encoder."
Settings = frozenset[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Parent:
    """What a mixture is compared with.

    Attributes:
        role: METHOD, FEWER or LENDER.
        name: the method, with the terms that it has borrowed itself.
        runs: seed -> the newest finished run; empty where there is none.
        differs: what is not as in the mixture although it is a parent, in words.
        near: where there is no run, the one that comes nearest, and why it is none.
    """

    role: str
    name: str
    method: str
    runs: Mapping[int, Run]
    differs: tuple[str, ...] = ()
    near: str = ""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Runs that differ by their seed alone, of a method with borrowed terms.

    Attributes:
        name: the method and its terms with their settings, such as "mix + protomix.prototype:weight=0.1";
            of several on the same documents, with what else sets each apart.
        terms: what it borrowed, as `--add` takes it, in alphabetical order.
        runs: seed -> the newest finished run.
        parents: its method, then it with fewer terms, then lenders in the order of the terms.
    """

    name: str
    method: str
    terms: tuple[str, ...]
    runs: Mapping[int, Run]
    parents: tuple[Parent, ...]

    @property
    def example(self) -> Run:
        """One of its runs."""
        return next(iter(self.runs.values()))

    def seeds_with(self, parent: Parent) -> list[int]:
        """The seeds that it shares with a parent, in their order."""
        return [seed for seed in self.runs if seed in parent.runs]


def borrowed_terms(run: Run) -> tuple[str, ...]:
    """The objectives that a run's method has borrowed, as `--add` takes them, in alphabetical order."""
    added = ((run.manifest.get("config") or {}).get("method") or {}).get("add") or ()
    return tuple(sorted(str(term).replace(" ", "") for term in added))


def family_of_term(term: str) -> str:
    """The method whose paper a term is from: "sep-mldc" of "sep_mldc.label_contrast:weight=0.1"."""
    return term.partition(":")[0].partition(".")[0].replace("_", "-")


def own_terms(run: Run) -> frozenset[str]:
    """The names of the terms in a run's loss, without their papers', such as "label_contrast"."""
    columns = run.history.columns
    return frozenset(name.removeprefix(_LOSS) for name in columns if name.startswith(_LOSS))


def find_mixtures(
    runs: Iterable[Run], terms_of: Callable[[Run], frozenset[str]] = own_terms
) -> list[Mixture]:
    """The mixtures among finished runs, each with its parents; those of one split stand together.

    Args:
        runs: the newest first: of runs that differ in nothing, the first is taken.
        terms_of: what gives the terms in a run's loss; a page keeps them.
    """
    has_seed = (run for run in runs if run.manifest.get("seed") is not None)
    known = [_Known.of(run) for run in has_seed if run.status == "done"]
    mixed: dict[tuple[Any, ...], list[_Known]] = {}
    for one in known:
        if one.terms:
            mixed.setdefault(one.setting, []).append(one)
    names = _names([alike[0] for alike in mixed.values()])
    found = [
        _mixture(name, alike, known, terms_of) for name, alike in zip(names, mixed.values(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.example.split_id, one.example.manifest["encoder"], one.name))


@dataclass(frozen=True, eq=False)
class _Known:
    """What is compared of a run."""

    run: Run
    method: str
    family: str
    terms: tuple[str, ...]
    conditions: Mapping[str, str]
    training: Settings
    encoder: Settings
    own: Settings

    @classmethod
    def of(cls, run: Run) -> _Known:
        config = flat(run.manifest.get("config") or {})
        shared = beyond_method(config)
        return cls(
            run,
            str(run.manifest.get("method", "?")),
            str(run.manifest.get("family", run.manifest.get("method", "?"))),
            borrowed_terms(run),
            _conditions(run),
            frozenset(pair for pair in shared if pair[0].startswith(_OF_TRAINING)),
            frozenset(pair for pair in shared if pair[0].startswith(_OF_ENCODER)),
            frozenset(pair for pair in of_method(config) if pair[0] != _ADD),
        )

    @property
    def setting(self) -> tuple[Any, ...]:
        """All but the seed."""
        conditions = tuple(self.conditions.items())
        return (self.method, self.terms, conditions, self.training, self.encoder, self.own)


def _conditions(run: Run) -> dict[str, str]:
    """Documents, encoder and arithmetic of a run."""
    corpus = run.manifest.get("corpus") or {}
    generated = corpus.get("n_generated") or 0
    return {
        "test documents": run.split_id,
        "training documents": f"{(corpus.get('n_train') or 0) - generated:,} of "
        + corpus_fingerprint(run, whole=True)[:8],
        "encoder": str(run.manifest.get("encoder", "?")),
        "generated documents": f"{generated:,}",
        "precision": str(run.manifest.get("precision", "?")),
    }


_OWN_CONDITIONS = ("generated documents", "precision")
"""What a lender may have otherwise: whether it reads generated documents is its paper's idea."""


def _names(mixtures: Sequence[_Known]) -> list[str]:
    """What mixtures are called; those that differ in more than their terms with what sets them apart."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for place, one in enumerate(mixtures):
        key = (one.run.split_id, one.conditions["encoder"], one.method, *one.terms)
        alike.setdefault(key, []).append(place)
    names = [_name(one.method, one.terms) for one in mixtures]
    for places in alike.values():
        settings = [
            flat(mixtures[place].run.manifest.get("config") or {}) | dict(mixtures[place].conditions)
            for place in places
        ]
        for place, said in zip(places, labels_of(settings), strict=True):
            names[place] += f" ({said})" if said else ""
    return names


def _mixture(
    name: str,
    alike: Sequence[_Known],
    known: Sequence[_Known],
    terms_of: Callable[[Run], frozenset[str]],
) -> Mixture:
    one = alike[0]
    plain = [other for other in known if not other.terms]
    lenders: dict[str, Parent] = {}
    for term in one.terms:
        for parent in _lenders(one, _seeds(alike), term, plain, terms_of):
            lenders.setdefault(parent.name, parent)
    parents = (_method_alone(one, plain), *_with_fewer(one, known), *lenders.values())
    return Mixture(name, one.method, one.terms, _seeds(alike), parents)


def _method_alone(one: _Known, plain: Sequence[_Known]) -> Parent:
    candidates = [other for other in plain if other.method == one.method]
    equal = [other for other in candidates if not _differing(one, other)]
    near = "" if equal else _near(one, candidates)
    return Parent(METHOD, one.method, one.method, _seeds(equal), near=near)


def _with_fewer(one: _Known, known: Sequence[_Known]) -> list[Parent]:
    """Mixtures of some of the terms, where there are runs of them."""
    fewer: dict[tuple[str, ...], list[_Known]] = {}
    for other in known:
        is_part = other.terms and set(other.terms) < set(one.terms)
        if is_part and other.method == one.method and not _differing(one, other):
            fewer.setdefault(other.terms, []).append(other)
    return [
        Parent(FEWER, _name(one.method, terms), one.method, _seeds(alike))
        for terms, alike in sorted(fewer.items())
    ]


def _lenders(
    one: _Known,
    seeds: Mapping[int, Run],
    term: str,
    plain: Sequence[_Known],
    terms_of: Callable[[Run], frozenset[str]],
) -> list[Parent]:
    """The paper's own method if it trains the term, else each variant that does; one without runs if none."""
    family, loss = family_of_term(term), term.partition(":")[0].partition(".")[2]
    kin = [other for other in plain if other.family == family and other.method != one.method]
    training = [other for other in kin if loss in terms_of(other.run)]
    methods = dict.fromkeys(sorted(other.method for other in training))
    chosen = [family] if family in methods else list(methods)
    found = []
    for method in chosen:
        candidates = [other for other in training if other.method == method]
        fit = [other for other in candidates if not _differing_as_lender(one, other)]
        if not fit:
            near = _near(one, candidates, _differing_as_lender)
            found.append(Parent(LENDER, method, method, {}, near=near))
            continue
        alike = _most_alike(one, seeds, fit)
        told = tuple(_said(*pair) for pair in _own_differences(one, alike[0]))
        found.append(Parent(LENDER, method, method, _seeds(alike), told))
    return found or [Parent(LENDER, family, family, {})]


def _most_alike(one: _Known, seeds: Mapping[int, Run], fit: Sequence[_Known]) -> list[_Known]:
    """Of several settings the one that differs least from the mixture, then that with most of its seeds."""
    settings: dict[tuple[Any, ...], list[_Known]] = {}
    for other in fit:
        settings.setdefault(other.setting, []).append(other)
    return min(
        settings.values(),
        key=lambda alike: (
            len(_own_differences(one, alike[0])),
            -len({other.run.manifest.get("seed") for other in alike} & seeds.keys()),
        ),
    )


Differing = tuple[str, str | None, str | None]
"""A setting or condition, its value in the parent and in the mixture."""


def _differing(one: _Known, other: _Known) -> list[Differing]:
    """All but the terms."""
    return [
        *_between(one.conditions.items(), other.conditions.items()),
        *_between(one.training | one.encoder | one.own, other.training | other.encoder | other.own),
    ]


def _differing_as_lender(one: _Known, other: _Known) -> list[Differing]:
    conditions = _between(one.conditions.items(), other.conditions.items())
    return [
        *(pair for pair in conditions if pair[0] not in _OWN_CONDITIONS),
        *_between(one.training, other.training),
    ]


def _own_differences(one: _Known, other: _Known) -> list[Differing]:
    """What sets a lender apart that may."""
    conditions = _between(one.conditions.items(), other.conditions.items())
    return [
        *(pair for pair in conditions if pair[0] in _OWN_CONDITIONS),
        *_between(one.encoder, other.encoder),
    ]


def _between(ours: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> list[Differing]:
    mine, other = dict(ours), dict(theirs)
    keys = [*mine, *(key for key in other if key not in mine)]
    return [(key, other.get(key), mine.get(key)) for key in sorted(keys) if other.get(key) != mine.get(key)]


def _near(
    one: _Known,
    candidates: Sequence[_Known],
    differing: Callable[[_Known, _Known], list[Differing]] = _differing,
) -> str:
    """The candidate that differs least and in what, of those on the same test documents."""
    here = [other for other in candidates if other.run.split_id == one.run.split_id]
    if not here:
        return ""
    nearest = min(here, key=lambda other: len(differing(one, other)))
    said = "; ".join(_said(*pair) for pair in differing(one, nearest))
    return f"{nearest.run.name} is none: {said}"


def _said(key: str, there: str | None, here: str | None) -> str:
    """A difference in words: the parent's value first."""
    name = key.removeprefix(_OF_TRAINING)
    theirs, ours = ("not recorded" if value is None else value.strip("'") for value in (there, here))
    return f"{name} {theirs}, not {ours}"


def _name(method: str, terms: Sequence[str]) -> str:
    return " + ".join([method, *terms])


def _seeds(alike: Iterable[_Known]) -> dict[int, Run]:
    """The first run of each seed, in the order of the seeds."""
    found: dict[int, Run] = {}
    for one in alike:
        found.setdefault(int(one.run.manifest["seed"]), one.run)
    return dict(sorted(found.items()))
