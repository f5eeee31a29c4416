"""Do terminology flags fall where people marked errors?

Asked in two ways. *By segment*: of the outputs with a flag, how many have a marked error? *By
span*: of the flagged renderings, how many touch the words a rater marked? Each for errors of the
category Terminology and for all errors (raters file a wrong term under mistranslation more often
than under terminology), and each beside its chance rate: what the same question gives for what is
not flagged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology import Terminology
from xindaya.metrics.terminology.verdicts import ALLOWED, Occurrence, Verdict

ANY, TERMINOLOGY = "any error", "Terminology"
SEGMENT, SPAN = "segment", "span"
ANY_FLAG = "any flag"
KINDS = ("forbidden", "deprecated", "other-concept", "unresolved", "drift", ANY_FLAG)
Output = tuple[str, int]
"""System and position of the segment."""

_Place = tuple[Output, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Mark:
    """An error somebody marked in an output.

    Attributes:
        category: As written: ``Terminology/Inconsistent use of terminology``.
        spans: Character positions (begin, end) in the output.
    """

    category: str
    spans: tuple[tuple[int, int], ...]

    def is_of(self, category: str) -> bool:
        """True if the mark counts for `ANY` or `TERMINOLOGY`."""
        return category == ANY or self.category.partition("/")[0].casefold() == category.casefold()

    def touches(self, span: tuple[int, int]) -> bool:
        """True if the mark shares a character with a span."""
        return any(begin < span[1] and span[0] < end for begin, end in self.spans)


@dataclass(frozen=True, slots=True)
class FlagAgreement:
    """How one kind of flag meets one category of marked errors.

    Attributes:
        kind: Of the flag: one of `KINDS`.
        unit: `SEGMENT` (outputs are counted) or `SPAN` (renderings are).
        category: `TERMINOLOGY` or `ANY`.
        flagged: Rated outputs with the flag, or flagged renderings in them.
        hits: Those with a marked error.
        marked: Rated outputs with a marked error, or marked errors with a span.
        found: Those that have the flag.
        unflagged: Rated outputs without any flag, or renderings without one.
        unflagged_hits: Those with a marked error.
    """

    kind: str
    unit: str
    category: str
    flagged: int
    hits: int
    marked: int
    found: int
    unflagged: int
    unflagged_hits: int

    @property
    def precision(self) -> float | None:
        """Hits over flagged."""
        return self.hits / self.flagged if self.flagged else None

    @property
    def recall(self) -> float | None:
        """Found over marked."""
        return self.found / self.marked if self.marked else None

    @property
    def chance(self) -> float | None:
        """The share of marked among what is not flagged: precision of a useless flag."""
        return self.unflagged_hits / self.unflagged if self.unflagged else None


def agree_on_flags(
    terminology: Terminology,
    marks: Mapping[Output, Sequence[Mark]],
    located: frozenset[Output],
) -> tuple[FlagAgreement, ...]:
    """Compares a termbase check with marked errors.

    Args:
        terminology: The check.
        marks: Every rated output with its errors; none if the rater found nothing.
        located: The outputs whose text is the one that was rated, so that spans can be compared.

    Returns:
        For every kind of flag that occurs in rated outputs: by segment and by span, for
        `TERMINOLOGY` and `ANY`.
    """
    flags = _flags(terminology, marks)
    every = [item for kind in flags.values() for item in kind]
    flagged_outputs = {output for output, _ in every}
    flagged_spans = {(output, o.target_span) for output, o in every if o.target_span}
    rendered = {
        (output, o.target_span)
        for output in located & marks.keys()
        for o in _by_output(terminology).get(output, ())
        if o.target_span
    }
    result = []
    for kind in KINDS:
        own = every if kind == ANY_FLAG else flags.get(kind, [])
        if not own:
            continue
        for category in (TERMINOLOGY, ANY):
            result.append(
                _by_segment(kind, category, {output for output, _ in own}, flagged_outputs, marks)
            )
            if kind == Verdict.UNRESOLVED:
                continue  # there is no rendering
            spans = {(output, o.target_span) for output, o in own if o.target_span} & rendered
            result.append(_by_span(kind, category, spans, rendered - flagged_spans, marks, located))
    return tuple(result)


def _flags(
    terminology: Terminology, marks: Mapping[Output, Sequence[Mark]]
) -> dict[str, list[tuple[Output, Occurrence]]]:
    """Returns the flagged occurrences in rated outputs by kind."""
    drifting = {(u.text, u.concept) for u in terminology.uses if "drift" in u.flags}
    found: dict[str, list[tuple[Output, Occurrence]]] = {}
    for output, occurrences in _by_output(terminology).items():
        if output not in marks:
            continue
        for o in occurrences:
            if o.waived or o.excused:
                continue
            if o.verdict.value not in ALLOWED:
                found.setdefault(o.verdict.value, []).append((output, o))
            if o.verdict is not Verdict.UNRESOLVED and (output[0], o.concept) in drifting:
                found.setdefault("drift", []).append((output, o))
    return found


def _by_output(terminology: Terminology) -> dict[Output, list[Occurrence]]:
    found: dict[Output, list[Occurrence]] = {}
    for system, occurrences in terminology.systems.items():
        for o in occurrences:
            found.setdefault((system, o.segment), []).append(o)
    return found


def _by_segment(
    kind: str,
    category: str,
    own: set[Output],
    flagged: set[Output],
    marks: Mapping[Output, Sequence[Mark]],
) -> FlagAgreement:
    marked = {output for output, found in marks.items() if any(m.is_of(category) for m in found)}
    unflagged = marks.keys() - flagged
    return FlagAgreement(
        kind, SEGMENT, category,
        flagged=len(own), hits=len(own & marked),
        marked=len(marked), found=len(own & marked),
        unflagged=len(unflagged), unflagged_hits=len(unflagged & marked),
    )  # fmt: skip


def _by_span(
    kind: str,
    category: str,
    own: set[_Place],
    unflagged: set[_Place],
    marks: Mapping[Output, Sequence[Mark]],
    located: frozenset[Output],
) -> FlagAgreement:
    def is_marked(place: _Place) -> bool:
        output, span = place
        return any(m.is_of(category) and m.touches(span) for m in marks[output])

    spans: dict[Output, list[tuple[int, int]]] = {}
    for output, span in own:
        spans.setdefault(output, []).append(span)
    errors = [
        (output, m)
        for output in sorted(located & marks.keys())
        for m in marks[output]
        if m.spans and m.is_of(category)
    ]
    return FlagAgreement(
        kind, SPAN, category,
        flagged=len(own), hits=sum(map(is_marked, own)),
        marked=len(errors),
        found=sum(any(m.touches(s) for s in spans.get(output, ())) for output, m in errors),
        unflagged=len(unflagged), unflagged_hits=sum(map(is_marked, unflagged)),
    )  # fmt: skip
