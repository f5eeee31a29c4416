"""Terminology as counts that add up: verdicts, renderings and source forms by text and concept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xindaya.metrics.terminology import (
    Occurrence,
    TermSummary,
    TermUse,
    Verdict,
    measures,
)
from xindaya.metrics.terminology.metric import COLUMNS, adherence, coverage, preferred_rate
from xindaya.metrics.terminology.report import ceiling, pooled_ltcr, rendering_of, term_flags
from xindaya.metrics.terminology.verdicts import ALLOWED, cluster_of
from xindaya.pairs import Termbase

Text = tuple[str, bool]
"""Name of a system or reference set, and whether it is a reference set."""


@dataclass
class TermSums:
    """Counts by (text, concept, what is counted).

    Attributes:
        verdicts: Of verdicts, and of ``excused``.
        renderings: Of target forms.
        unexpanded: Of target forms that are acronyms before their expansion.
        forms: Of source forms.
    """

    verdicts: Counter[tuple[Text, str, str]] = field(default_factory=Counter)
    renderings: Counter[tuple[Text, str, str]] = field(default_factory=Counter)
    unexpanded: Counter[tuple[Text, str, str]] = field(default_factory=Counter)
    forms: Counter[tuple[Text, str, str]] = field(default_factory=Counter)

    def count(self, text: Text, occurrences: Iterable[Occurrence]) -> None:
        """Counts the occurrences of one text."""
        for o in occurrences:
            self.verdicts[text, o.concept, o.verdict.value] += 1
            self.forms[text, o.concept, o.term] += 1
            if o.excused:
                self.verdicts[text, o.concept, "excused"] += 1
            if o.rendering:
                self.renderings[text, o.concept, o.rendering] += 1
            if o.unexpanded:
                self.unexpanded[text, o.concept, o.rendering] += 1

    def add(self, other: TermSums) -> None:
        """Adds the counts of another block."""
        self.verdicts.update(other.verdicts)
        self.renderings.update(other.renderings)
        self.unexpanded.update(other.unexpanded)
        self.forms.update(other.forms)


@dataclass(frozen=True)
class TermTotals:
    """What the counts of a whole corpus say; the order in which they came does not matter.

    What needs the reading order (switch rate, share of the first form), single documents (drift,
    intervals) or single segments (waivers) cannot be had from counts and is left out.
    """

    sums: TermSums
    termbase: Termbase
    target_lang: str

    def row(self, text: Text) -> list[int]:
        """Returns the counts of one text in the columns of `COLUMNS`."""
        row = Counter[str]()
        for (name, _, column), n in self.sums.verdicts.items():
            if name == text:
                row[column] += n
        return [row[column] for column in COLUMNS]

    def uses(self, text: Text) -> tuple[TermUse, ...]:
        """Returns every concept that occurs, in the order of the termbase."""
        verdicts = _of(text, self.sums.verdicts)
        renderings, forms = _of(text, self.sums.renderings), _of(text, self.sums.forms)
        return tuple(
            self._use(text, c.id, verdicts[c.id], renderings[c.id], forms[c.id])
            for c in self.termbase.concepts
            if c.id in verdicts
        )

    def summary(self, text: Text) -> TermSummary:
        """Sums the check of one text; no intervals, which need documents."""
        row, uses = self.row(text), self.uses(text)
        ltcr, repeated = pooled_ltcr(uses)
        return TermSummary(
            occurrences=sum(u.occurrences for u in uses),
            resolved=sum(u.resolved for u in uses),
            adherence=adherence(row),
            preferred_rate=preferred_rate(row),
            coverage=coverage(row),
            ltcr=ltcr,
            repeated=repeated,
            forbidden=row[COLUMNS.index(Verdict.FORBIDDEN.value)],
            drifting=sum("drift" in use.flags for use in uses),
            waived=0,
            intervals={},
            ceiling=None if text[1] else ceiling(map(self.row, self._references())),
        )

    def _use(
        self,
        text: Text,
        concept: str,
        verdicts: Mapping[str, int],
        renderings: Mapping[str, int],
        forms: Mapping[str, int],
    ) -> TermUse:
        occurrences = sum(verdicts.get(v.value, 0) for v in Verdict)
        resolved = occurrences - verdicts.get(Verdict.UNRESOLVED.value, 0)
        kept = sum(verdicts.get(status, 0) for status in ALLOWED)
        clusters = Counter[str]()
        for form, n in sorted(renderings.items()):
            clusters[cluster_of(self.termbase, concept, form, self.target_lang)] += n
        shown = tuple(
            rendering_of(
                self.termbase,
                concept,
                form,
                self.target_lang,
                unexpanded=self.sums.unexpanded[text, concept, form],
                count=n,
            )
            for form, n in sorted(renderings.items(), key=lambda item: (-item[1], item[0]))
        )
        return TermUse(
            concept=concept,
            term=min(forms, key=lambda form: (-forms[form], form)),
            text=text[0],
            occurrences=occurrences,
            resolved=resolved,
            renderings=shown,
            measures={
                "adherence": kept / resolved if resolved else None,
                "ltcr": measures.ltcr(clusters),
                "dominant_share": measures.dominant_share(clusters),
                "entropy": measures.normalised_entropy(clusters),
            },
            flags=term_flags(verdicts, shown),
            clusters=clusters,
            is_reference=text[1],
        )

    def _references(self) -> list[Text]:
        return list(dict.fromkeys(name for name, _, _ in self.sums.verdicts if name[1]))


def _of(text: Text, counts: Mapping[tuple[Text, str, str], int]) -> dict[str, dict[str, int]]:
    """Returns the counts of one text, by concept."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for (name, concept, what), n in counts.items():
        if name == text:
            found[concept][what] = n
    return found
