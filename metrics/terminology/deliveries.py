"""Terms in this delivery against an earlier one: what a vendor renders differently since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xindaya.metrics.terminology.report import Terminology, TermUse
from xindaya.metrics.terminology.scopes import Scope, ScopeDrift, drift_between, scope_of
from xindaya.pairs import Corpus, Status, UsageError
from xindaya.pairs.errors import ascii_controls


@dataclass(frozen=True)
class Delivery:
    """An earlier delivery, and how far this one is from it.

    Attributes:
        name: What the earlier delivery is called.
        terminology: Its terms, checked against the termbase of this one.
        was: System of this delivery to its name in the earlier one.
        drifts: System of this delivery to concept to distance and significance; only concepts that
            both render.
        shared: How many documents have the same source in both.
        gone: How many only the earlier one has.
        added: How many only this one has.
    """

    name: str
    terminology: Terminology
    was: Mapping[str, str]
    drifts: Mapping[str, Mapping[str, ScopeDrift]]
    shared: int
    gone: int
    added: int

    def use(self, system: str, concept: str) -> TermUse | None:
        """Returns how a system of this delivery rendered a concept in the earlier one."""
        return self._uses.get((self.was.get(system, ""), concept))

    def more_astray(self, present: Terminology) -> tuple[TermUse, ...]:
        """Returns the uses of this delivery with more forbidden or deprecated renderings than then.

        Counts are compared, not shares: whatever chance says of them, each is an error to correct.
        """
        return tuple(
            use
            for use in present.uses
            if not use.is_reference
            and use.text in self.was
            and _astray(use) > _astray(self.use(use.text, use.concept))
        )

    @cached_property
    def _uses(self) -> dict[tuple[str, str], TermUse]:
        return {(u.text, u.concept): u for u in self.terminology.uses if not u.is_reference}


def compare_deliveries(
    earlier: tuple[Corpus, Terminology],
    present: tuple[Corpus, Terminology],
    *,
    name: str,
    seed: int = 0,
) -> Delivery:
    """Compares the terms of every system with those of an earlier delivery.

    The two need not be of the same texts. Documents with the same id and the same source are
    compared in pairs, where both deliveries have no others; else as two groups of documents.

    Args:
        earlier: Corpus and terms of the earlier delivery.
        present: Corpus and terms of this one.
        name: What to call the earlier one.
        seed: Of the permutation tests.

    Raises:
        UsageError: If no system stands in both.
    """
    then, now = earlier[0], present[0]
    was = _matched(list(then.systems), list(now.systems))
    sources = _sources(then), _sources(now)
    shared = [d for d in sources[0] if sources[0][d] == sources[1].get(d)]
    drifts = {}
    for system, before in was.items():
        first = _apart(scope_of(earlier[1], before), shared)
        second = scope_of(present[1], system)
        found = drift_between(*_padded(first, second, shared), seed=seed)
        drifts[system] = {d.concept: d for d in found}
    return Delivery(
        name=name,
        terminology=earlier[1],
        was=was,
        drifts=drifts,
        shared=len(shared),
        gone=len(sources[0]) - len(shared),
        added=len(sources[1]) - len(shared),
    )


def _astray(use: TermUse | None) -> int:
    """Counts the occurrences with a forbidden or deprecated rendering."""
    renderings = use.renderings if use else ()
    return sum(r.count for r in renderings if r.status in (Status.FORBIDDEN, Status.DEPRECATED))


def _matched(then: list[str], now: list[str]) -> dict[str, str]:
    """Pairs systems by name; a single one on each side needs no name."""
    same = {name: name for name in now if name in then}
    if not same and len(then) == len(now) == 1:
        same = {now[0]: then[0]}
    if not same:
        listed = (ascii_controls(", ".join(names)) or "none" for names in (then, now))
        raise UsageError("no system is in both deliveries: {} before, {} now".format(*listed))
    return same


def _sources(corpus: Corpus) -> dict[str, tuple[str | None, ...]]:
    return {
        document: tuple(corpus.segments[k].source for k in places)
        for document, places in corpus.documents.items()
    }


def _apart(scope: Scope, shared: list[str]) -> Scope:
    """Renames documents that only look the same, so that they are not paired."""
    return {
        concept: {d if d in shared else f"\0{d}": counts for d, counts in documents.items()}
        for concept, documents in scope.items()
    }


def _padded(first: Scope, second: Scope, shared: list[str]) -> tuple[Scope, Scope]:
    """Gives both sides the documents that either renders a concept in, if both have them."""
    sides: tuple[dict[str, dict[str, Counter[str]]], ...] = ({}, {})
    for concept in first.keys() & second.keys():
        either = {*first[concept], *second[concept]} & set(shared)
        for side, scope in zip(sides, (first, second), strict=True):
            side[concept] = {d: Counter() for d in sorted(either)} | dict(scope[concept])
    return sides[0], sides[1]
