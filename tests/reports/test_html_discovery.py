"""The page of terms found without a termbase: complete, escaped, and in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

import pytest

from xindaya.metrics.terminology.discovery import (
    Discovery,
    FoundRendering,
    FoundTerm,
    NoiseFloor,
    Place,
)
from xindaya.pairs import Corpus
from xindaya.reports.discovery import VIEWS, Listing
from xindaya.reports.html.discovery import render_discovery
from xindaya.reports.html.strings import discovery as words

_EVIL = "</script><img src=x onerror=alert(1)>\u202e"


def _term(text: str, segments: int, *, known: bool = False, drifts: bool = False) -> FoundTerm:
    """A term in every segment; the last occurrence has no rendering, the one before no link."""
    target = f"a {_EVIL} b"
    rendering = FoundRendering(
        _EVIL, (_EVIL, "other"), ("x",), segments - 1, tuple(range(segments - 1)), target,
        (2, 2 + len(_EVIL)), 0.9,
    )  # fmt: skip
    places = []
    for k in range(segments):
        linked, said = k < segments - 2, k < segments - 1
        span = (2, 2 + len(_EVIL)) if said else None
        places.append(
            Place(k, f"<{text}>", (1, 1 + len(text)), target, span, 0 if said else None,
                  0.9 if linked else None)
        )  # fmt: skip
    measures = {
        "ltcr": 1.0,
        "ltcr_within_documents": None,
        "dominant_share": 1.0,
        "switch_rate": None,
    }
    return FoundTerm(
        text, segments, segments - 1, 1, (rendering,), measures, 0.5, drifts, (text,), True, known,
        tuple(places),
    )  # fmt: skip


def _listing(corpus: Corpus, terms: Sequence[FoundTerm], **options: object) -> Listing:
    found = Discovery(tuple(terms), NoiseFloor(3, 9, 1, 0.1, 0.2), 3)
    return Listing(found, corpus, _EVIL, **options)  # type: ignore[arg-type]


def test_page_is_whole_and_escaped(corpus: Corpus) -> None:
    n = len(corpus.segments)
    listing = _listing(corpus, [_term(_EVIL, n, drifts=True)], asked=[_EVIL, "<b>absent"])
    page = render_discovery(listing)
    assert page == render_discovery(listing)
    assert "<img" not in page
    assert "<b>" not in page
    assert "\u202e" not in page
    assert page.count("</script>") == 1
    assert page.count("<tr>") == 1 + 1 + 1 + n
    assert page.count('<mark class="st-source">') == n
    assert page.count("no rendering found</span>") == 1
    assert re.search(r"http-equiv=\"Content-Security-Policy\" content=\"default-src", page)
    HTMLParser().feed(page)
    for view in ("text", "json", "tsv"):
        assert "\u202e" not in VIEWS[view](listing) or view == "json"


@pytest.mark.parametrize(("top", "shown"), [(None, 101), (2, 3), (200, 120)])
def test_how_many_terms_are_shown(corpus: Corpus, top: int | None, shown: int) -> None:
    """The first 100, or as many as asked for, and the term of the termbase in any case."""
    terms = [_term(f"词{k}", 2, known=k == 119) for k in range(120)]
    page = render_discovery(_listing(corpus, terms, top=top))
    assert page.count('<article class="card">') == shown
    assert (f"{120 - shown} more terms" in page) == (shown < 120)


def test_every_word_is_said_in_both_languages() -> None:
    assert words.PAGE["en"].keys() == words.PAGE["zh"].keys()
    for key, text in words.PAGE["en"].items():
        slots = [set(re.findall(r"\{(\w+)\}", t)) for t in (text, words.PAGE["zh"][key])]
        assert slots[0] == slots[1], key
