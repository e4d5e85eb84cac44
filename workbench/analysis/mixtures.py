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

from workbench.analysis.mixture_settings import (
    Known,
    difference_text,
    differing_as_lender,
    differing_settings,
    nearest_of,
    own_differences,
)
from workbench.analysis.settings import flat, labels_of
from workbench.runs.store import Run

METHOD, FEWER, LENDER = "the method alone", "fewer terms", "lender of a term"
"""What a parent is to a mixture."""

_LOSS = "loss/"


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
    known = [Known.of(run) for run in has_seed if run.status == "done"]
    mixed: dict[tuple[Any, ...], list[Known]] = {}
    for one in known:
        if one.terms:
            mixed.setdefault(one.setting, []).append(one)
    names = _names([alike[0] for alike in mixed.values()])
    found = [
        _mixture(name, alike, known, terms_of) for name, alike in zip(names, mixed.values(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.example.split_id, one.example.manifest["encoder"], one.name))


def _names(mixtures: Sequence[Known]) -> list[str]:
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
    alike: Sequence[Known],
    known: Sequence[Known],
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


def _method_alone(one: Known, plain: Sequence[Known]) -> Parent:
    candidates = [other for other in plain if other.method == one.method]
    equal = [other for other in candidates if not differing_settings(one, other)]
    near = "" if equal else nearest_of(one, candidates)
    return Parent(METHOD, one.method, one.method, _seeds(equal), near=near)


def _with_fewer(one: Known, known: Sequence[Known]) -> list[Parent]:
    """Mixtures of some of the terms, where there are runs of them."""
    fewer: dict[tuple[str, ...], list[Known]] = {}
    for other in known:
        is_part = other.terms and set(other.terms) < set(one.terms)
        if is_part and other.method == one.method and not differing_settings(one, other):
            fewer.setdefault(other.terms, []).append(other)
    return [
        Parent(FEWER, _name(one.method, terms), one.method, _seeds(alike))
        for terms, alike in sorted(fewer.items())
    ]


def _lenders(
    one: Known,
    seeds: Mapping[int, Run],
    term: str,
    plain: Sequence[Known],
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
        fit = [other for other in candidates if not differing_as_lender(one, other)]
        if not fit:
            near = nearest_of(one, candidates, differing_as_lender)
            found.append(Parent(LENDER, method, method, {}, near=near))
            continue
        alike = _most_alike(one, seeds, fit)
        told = tuple(difference_text(*pair) for pair in own_differences(one, alike[0]))
        found.append(Parent(LENDER, method, method, _seeds(alike), told))
    return found or [Parent(LENDER, family, family, {})]


def _most_alike(one: Known, seeds: Mapping[int, Run], fit: Sequence[Known]) -> list[Known]:
    """Of several settings the one that differs least from the mixture, then that with most of its seeds."""
    settings: dict[tuple[Any, ...], list[Known]] = {}
    for other in fit:
        settings.setdefault(other.setting, []).append(other)
    return min(
        settings.values(),
        key=lambda alike: (
            len(own_differences(one, alike[0])),
            -len({other.run.manifest.get("seed") for other in alike} & seeds.keys()),
        ),
    )


def _name(method: str, terms: Sequence[str]) -> str:
    return " + ".join([method, *terms])


def _seeds(alike: Iterable[Known]) -> dict[int, Run]:
    """The first run of each seed, in the order of the seeds."""
    found: dict[int, Run] = {}
    for one in alike:
        found.setdefault(int(one.run.manifest["seed"]), one.run)
    return dict(sorted(found.items()))
