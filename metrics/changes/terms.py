"""What became of the terms: renderings gained and lost, errors made and mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from xindaya.metrics.changes.model import (
    OccurrenceChange,
    RenderingChange,
    TermChange,
    TermChanges,
)
from xindaya.metrics.terminology import Occurrence, Terminology, TermUse, Verdict
from xindaya.metrics.terminology.scopes import ScopeDrift, drift_between, scope_of
from xindaya.pairs import Concept

_Test = Callable[[Occurrence], bool]


def term_changes(
    old: Terminology, new: Terminology, was: str, now: str, *, source_lang: str, seed: int = 0
) -> TermChanges:
    """Compares the terms of one system in two runs.

    Both are checks of one test set against one termbase, so they judge the same occurrences.

    Args:
        old: The check of the old run.
        new: The check of the new run.
        was: Name of the system in the old run.
        now: Name of the system in the new run.
        source_lang: Language in which terms are named.
        seed: Of the permutation tests (see `xindaya.metrics.terminology.drift`).
    """
    moved = list(_moved(old.systems[was], new.systems[now]))

    def turned(into: _Test) -> tuple[OccurrenceChange, ...]:
        return tuple(m for m in moved if into(m.after) and not into(m.before))

    def turned_from(what: _Test) -> tuple[OccurrenceChange, ...]:
        return tuple(m for m in moved if what(m.before) and not what(m.after))

    return TermChanges(
        before=old.summary(was),
        after=new.summary(now),
        errors=(
            sum(o.is_error for o in old.systems[was]),
            sum(o.is_error for o in new.systems[now]),
        ),
        terms=_terms(old, new, was, now, moved, source_lang, seed),
        newly_forbidden=turned(_is_forbidden),
        no_longer_forbidden=turned_from(_is_forbidden),
        newly_unresolved=turned(_is_missing),
        resolved=turned_from(_is_missing),
    )


def _is_forbidden(o: Occurrence) -> bool:
    return o.is_error and o.verdict is Verdict.FORBIDDEN


def _is_missing(o: Occurrence) -> bool:
    return o.is_error and o.verdict is Verdict.UNRESOLVED


def _moved(old: Sequence[Occurrence], new: Sequence[Occurrence]) -> Iterator[OccurrenceChange]:
    then = {_key(o): o for o in old}
    for after in new:
        before = then.get(_key(after))
        if before is not None and _judgement(before) != _judgement(after):
            yield OccurrenceChange(before, after)


def _key(o: Occurrence) -> tuple[str, int, int]:
    return o.concept, o.segment, o.number


def _judgement(o: Occurrence) -> tuple[object, ...]:
    return o.verdict, o.rendering, o.excused, o.waived


def _terms(
    old: Terminology,
    new: Terminology,
    was: str,
    now: str,
    moved: Sequence[OccurrenceChange],
    source_lang: str,
    seed: int,
) -> tuple[TermChange, ...]:
    before, after = _uses(old, was), _uses(new, now)
    drifts = {
        d.concept: d for d in drift_between(scope_of(old, was), scope_of(new, now), seed=seed)
    }
    own: dict[str, list[OccurrenceChange]] = defaultdict(list)
    for move in moved:
        own[move.after.concept].append(move)
    changes = [
        _term(
            new.termbase.by_id[concept], (source_lang, new.target_lang), before.get(concept),
            after.get(concept), tuple(own[concept]), drifts.get(concept),
        )
        for concept in dict.fromkeys([*after, *before])
    ]  # fmt: skip
    return tuple(sorted(changes, key=lambda t: (-_new_errors(t), -len(t.moved))))


def _uses(terminology: Terminology, system: str) -> dict[str, TermUse]:
    own = (u for u in terminology.uses if u.text == system and not u.is_reference)
    return {use.concept: use for use in own}


def _term(
    concept: Concept,
    langs: tuple[str, str],
    before: TermUse | None,
    after: TermUse | None,
    moved: tuple[OccurrenceChange, ...],
    drift: ScopeDrift | None,
) -> TermChange:
    source, target = langs
    return TermChange(
        concept=concept.id,
        term=concept.label(source),
        target=concept.label(target),
        before=before,
        after=after,
        renderings=_renderings(before, after),
        moved=moved,
        drift=drift.drift if drift else None,
    )


def _renderings(before: TermUse | None, after: TermUse | None) -> tuple[RenderingChange, ...]:
    then, now = ({r.text: r for r in use.renderings} if use else {} for use in (before, after))
    changes = []
    for text, rendering in (then | now).items():
        counts = [side[text].count if text in side else 0 for side in (then, now)]
        changes.append(RenderingChange(text, rendering.status, *counts))
    return tuple(sorted(changes, key=lambda r: (-r.before - r.after, r.text)))


def _new_errors(term: TermChange) -> int:
    return sum(m.after.is_error and not m.before.is_error for m in term.moved)
