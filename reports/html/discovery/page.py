"""A discovery as a page: how far to trust it, then each term with its renderings and its places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from xindaya.metrics.terminology.discovery import FoundTerm, Place
from xindaya.metrics.terminology.discovery.promotion import distinct_forms
from xindaya.pairs.direction import other_language
from xindaya.reports.discovery import Listing
from xindaya.reports.html.shell import render_page
from xindaya.reports.html.visible import visible
from xindaya.reports.html.wording import Names, Sentence

_TOP = 100
_MOST_PLACES = 30
"""Places of a term, unless it was asked for."""


@dataclass(frozen=True, slots=True)
class Card:
    """A term on the page.

    Attributes:
        term: The term.
        spellings: Of each rendering, the usual one first.
        places: Those that are shown.
        hidden: How many are not.
    """

    term: FoundTerm
    spellings: tuple[str, ...]
    places: tuple[Place, ...]
    hidden: int


def render_discovery(listing: Listing) -> str:
    """Renders terms found without a termbase as one HTML file that needs no network.

    Args:
        listing: What to show; 100 terms unless it says how many.

    Returns:
        The file's text, to be written as UTF-8; the same for the same discovery.
    """
    found, corpus = listing.found, listing.corpus
    terms = listing.terms if listing.asked else listing.first(listing.top or _TOP)
    context = {
        "title": f"{corpus.name}: {listing.name}",
        "corpus": corpus,
        "noise": found.noise,
        "verdict": [*_verdict(listing)],
        "absent": listing.absent,
        "cards": [_card(term, bool(listing.asked)) for term in terms],
        "rest": 0 if listing.asked else len(found.terms) - len(terms),
        "target_lang": other_language(found.lang),
        "source_lang": found.lang,
        "segment": listing.segment,
        "marked": _marked,
        "shade": _shade,
        "version": listing.version,
    }
    return render_page("discovery/discovery.html.j2", context, styles=("discovery/discovery.css",))


def _verdict(listing: Listing) -> Iterator[Sentence]:
    found = listing.found
    yield Sentence("dsc_proposed", {"n": len(found.terms), "drifting": len(found.drifting)})
    noise = found.noise
    if noise.inconsistency is None:
        yield Sentence("dsc_no_noise", {})
    else:
        yield Sentence(
            "dsc_noise",
            {
                "noise": f"{noise.inconsistency:.3f}",
                "n": noise.terms,
                "misread": f"{noise.misread:,}",
                "occurrences": f"{noise.occurrences:,}",
            },
        )
    if found.ltcr is not None:
        yield Sentence("dsc_all", {"value": f"{1 - found.ltcr:.3f}"})
        if noise.reference is not None:
            yield Sentence("dsc_reference", {"value": f"{noise.reference:.3f}"})
    if listing.absent:
        yield Sentence("dsc_absent", {"terms": Names(listing.absent)})


def _card(term: FoundTerm, asked: bool) -> Card:
    places = term.places if asked else term.places[:_MOST_PLACES]
    return Card(
        term,
        tuple(", ".join(distinct_forms(r.forms)) for r in term.renderings),
        places,
        len(term.places) - len(places),
    )


def _shade(rendering: int | None) -> str:
    """Returns the colour of the usual rendering, of all others, or of none."""
    if rendering is None:
        return "unresolved"
    return "admitted" if rendering else "preferred"


def _marked(text: str, span: tuple[int, int] | None, shade: str) -> Markup:
    """Returns a sentence with a span marked, everything escaped."""
    if span is None:
        return visible(text)
    start, end = span
    mark = Markup('<mark class="st-{}">{}</mark>').format(shade, visible(text[start:end]))
    return visible(text[:start]) + mark + visible(text[end:])
