"""Views of a discovery: terms and their renderings, with the noise floor beside every number.

Terms that were asked for are shown with every place, in the order in which they were asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xindaya.metrics.terminology.discovery import (
    Discovery,
    FoundRendering,
    FoundTerm,
    NoiseFloor,
    Place,
)
from xindaya.metrics.terminology.discovery.promotion import distinct_forms
from xindaya.pairs import Corpus
from xindaya.pairs.errors import ascii_controls
from xindaya.pairs.wording import counted
from xindaya.reports.tsv import Value, tsv

_BAR = 20
_MARGIN = 38
"""Characters of an example on either side of the rendering."""


@dataclass(frozen=True)
class Listing:
    """What of a discovery is shown.

    Attributes:
        found: The discovery.
        corpus: Its texts.
        name: The translation that was looked at.
        top: How many terms; None for what the view usually shows. Those of the termbase are shown
            in any case.
        asked: The terms to show with their places instead.
        version: Of the program.
    """

    found: Discovery
    corpus: Corpus
    name: str
    top: int | None = None
    asked: Sequence[str] = ()
    version: str = ""

    @cached_property
    def terms(self) -> tuple[FoundTerm, ...]:
        """The terms asked for, else the first ones and those of the termbase."""
        if self.asked:
            found = (self.found.term(text) for text in self.asked)
            return tuple({term.gram: term for term in found if term}.values())
        return self.first(self.top)

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """The terms asked for that do not occur."""
        return tuple(text for text in dict.fromkeys(self.asked) if not self.found.term(text))

    def first(self, top: int | None) -> tuple[FoundTerm, ...]:
        """Returns the first terms, then the others of the termbase."""
        terms = self.found.terms
        return (*terms[:top], *(t for t in terms[len(terms[:top]) :] if t.known))

    def segment(self, place: Place) -> str:
        """Returns the id of the segment of a place."""
        return self.corpus.segments[place.segment].id


def _json(listing: Listing) -> str:
    found, corpus = listing.found, listing.corpus
    noise = found.noise
    content: dict[str, Any] = {
        "schema_version": 1,
        "corpus": {
            "name": corpus.name,
            "segments": len(corpus.segments),
            "documents": len(corpus.documents),
            "source_lang": corpus.source_lang,
            "target_lang": corpus.target_lang,
            "sha256": corpus.sha256,
        },
        "text": listing.name,
        "minimum": found.minimum,
        "noise_floor": {
            "inconsistency": noise.inconsistency,
            "terms": noise.terms,
            "occurrences": noise.occurrences,
            "misread": noise.misread,
            "reference": noise.reference,
        },
        "measures": {"ltcr": found.ltcr},
        "terms": [_term(term, listing) for term in listing.terms],
    }
    if listing.asked:
        content["absent"] = list(listing.absent)
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _term(term: FoundTerm, listing: Listing) -> dict[str, Any]:
    corpus = listing.corpus
    shown = {
        "term": term.term,
        "occurrences": term.occurrences,
        "resolved": term.resolved,
        "corrected": term.corrected,
        "renderings": [
            {
                "text": r.text,
                "forms": list(r.forms),
                "count": r.count,
                "confidence": r.confidence,
                "segments": [corpus.segments[k].id for k in r.segments],
                "example": r.example,
            }
            for r in term.renderings
        ],
        "measures": dict(term.measures),
        "evidence": term.evidence,
        "flags": ["drift"] if term.drifts else [],
        "known": term.known,
    }
    if listing.asked:
        shown["places"] = [_place(place, term, listing) for place in term.places]
    return shown


def _place(place: Place, term: FoundTerm, listing: Listing) -> dict[str, Any]:
    """Shows an occurrence; spans are character offsets, half open."""
    return {
        "segment": listing.segment(place),
        "source": place.source,
        "source_span": list(place.source_span),
        "target": place.target,
        "target_span": None if place.target_span is None else list(place.target_span),
        "rendering": _rendering(place, term),
        "confidence": place.confidence,
    }


def _rendering(place: Place, term: FoundTerm) -> str | None:
    return None if place.rendering is None else term.renderings[place.rendering].text


def _tsv(listing: Listing) -> str:
    if listing.asked:
        return _tsv_of_places(listing)
    found, corpus = listing.found, listing.corpus
    columns = "term occurrences resolved ltcr noise_floor evidence drift rendering count segments"
    floor = found.noise.inconsistency
    rows: list[list[Value]] = []
    for term in listing.terms:
        head: list[Value] = [term.term, term.occurrences, term.resolved, term.measures["ltcr"], floor,
                term.evidence, "yes" if term.drifts else "no"]  # fmt: skip
        for r in term.renderings:
            ids = ",".join(dict.fromkeys(corpus.segments[k].id for k in r.segments))
            rows.append([*head, r.text, r.count, ids])
    return tsv(columns.split(), rows)


def _tsv_of_places(listing: Listing) -> str:
    """Returns a row an occurrence; one that says 0 for a term without any."""
    columns = "term occurrences segment rendering confidence source target"
    rows: list[list[Value]] = [
        [
            term.term, term.occurrences, listing.segment(place), _rendering(place, term),
            place.confidence, excerpt(place.source, place.source_span),
            excerpt(place.target, place.target_span),
        ]
        for term in listing.terms
        for place in term.places
    ]  # fmt: skip
    rows += [[text, 0, None, None, None, None, None] for text in listing.absent]
    return tsv(columns.split(), rows)


def _text(listing: Listing) -> str:
    found = listing.found
    drifting = found.drifting
    head = [
        f"{listing.corpus.name}, {listing.name}: {counted(len(found.terms), 'term')} proposed, {len(drifting):,} seem to drift",
        *_noise(found),
    ]
    body = list(_asked(listing) if listing.asked else _first(listing))
    return "\n".join(ascii_controls(line) for line in [*head, *body]) + "\n"


def _first(listing: Listing) -> Iterator[str]:
    """Yields the first terms that drift, and the other terms of the termbase."""
    found = listing.found
    shown = found.drifting[: listing.top or 20]
    for term in shown:
        yield from ("", *_lines(term, found.noise))
    if rest := len(found.drifting) - len(shown):
        yield ""
        yield f"… and {rest:,} more (--top {len(found.drifting)}, or -f json for all)"
    if known := [term for term in found.terms if term.known and term not in shown]:
        yield from ("", f"{'Other terms' if shown else 'Terms'} of the termbase:")
        for term in known:
            yield from ("", *_lines(term, found.noise))


def _asked(listing: Listing) -> Iterator[str]:
    """Yields the terms asked for with every place."""
    for term in listing.terms:
        yield from ("", *_lines(term, listing.found.noise), "")
        for place in term.places:
            said = "no rendering found" if place.rendering is None else _rendering(place, term)
            sure = "" if place.confidence is None else f"  (confidence {place.confidence:.2f})"
            yield f"  {listing.segment(place)}  {said}{sure}"
            yield f"      {excerpt(place.source, place.source_span)}"
            yield f"      {excerpt(place.target, place.target_span)}"
    for text in listing.absent:
        yield from ("", f"{text}  does not occur in the source")


def _noise(found: Discovery) -> Iterator[str]:
    noise = found.noise
    if noise.inconsistency is None:
        yield "Noise floor: not measured, the text has no term that is surely consistent."
    else:
        yield (
            f"Noise floor: 1 - LTCR is at least {noise.inconsistency:.3f}, as on the {noise.terms:,} terms "
            f"that the text surely renders consistently ({noise.misread:,} of {noise.occurrences:,} occurrences misread)"
        )
    if found.ltcr is not None:
        yield f"All terms: 1 - LTCR = {1 - found.ltcr:.3f}" + (
            ""
            if noise.reference is None
            else f"; of the same terms in the reference, by the same aligner: {noise.reference:.3f}"
        )


def _lines(term: FoundTerm, noise: NoiseFloor) -> Iterator[str]:
    ltcr = term.measures["ltcr"]
    shown = "–" if ltcr is None else f"{ltcr:.2f}"
    if noise.inconsistency is not None:
        shown += f" (noise {noise.inconsistency:.3f})"
    yield (
        f"{term.term}  n={term.occurrences}, rendered {term.resolved}, LTCR {shown}, "
        f"evidence {term.evidence:.2f}"
    )
    most = max((r.count for r in term.renderings), default=1)
    for number, r in enumerate(term.renderings, 1):
        bar = "█" * max(1, round(_BAR * r.count / most))
        yield f"  {number:>2} {bar:<{_BAR}} {r.count:>4}  {r.text}{_others(r)}"
        yield f"     {'':<{_BAR + 6}} {excerpt(r.example, r.span)}"


def _others(rendering: FoundRendering) -> str:
    """Returns the spellings besides the usual one, as ``--promote`` writes them."""
    others = distinct_forms(rendering.forms)[1:]
    return f"  (also {', '.join(others)})" if others else ""


def excerpt(text: str, span: tuple[int, int] | None) -> str:
    """Returns the words around a span, which stands in brackets; the beginning if there is none."""
    if span is None:
        return text[: 2 * _MARGIN] + ("…" if len(text) > 2 * _MARGIN else "")
    start, end = span
    before, after = text[max(0, start - _MARGIN) : start], text[end : end + _MARGIN]
    left = "…" if start > _MARGIN else ""
    right = "…" if end + _MARGIN < len(text) else ""
    return f"{left}{before}[{text[start:end]}]{after}{right}"


def _html(listing: Listing) -> str:
    from xindaya.reports.html.discovery import render_discovery

    return render_discovery(listing)


VIEWS: dict[str, Callable[[Listing], str]] = {
    "text": _text,
    "json": _json,
    "tsv": _tsv,
    "html": _html,
}
"""Format to what writes it."""
