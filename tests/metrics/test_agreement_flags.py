"""Do flags fall where people marked errors: counted by hand on a small corpus."""

from __future__ import annotations

from xindaya.metrics import check_corpus
from xindaya.metrics.agreement import Mark, agree_on_flags
from xindaya.pairs import Corpus, Termbase


def test_flags_by_hand(corpus: Corpus, termbase: Termbase):
    systems = {
        "one": ("The network information office ruled.", "The CAC will.", "AI grows.", "3.5%."),
        "two": ("Cyberspace Administration of China.", "It will.", "AI.", "Growth."),
    }
    terminology = check_corpus(corpus.with_systems(systems), termbase)
    verdicts = {
        (name, o.segment): o.verdict.value
        for name, found in terminology.systems.items()
        for o in found
    }
    assert verdicts == {
        ("one", 0): "forbidden",
        ("one", 1): "deprecated",  # an acronym before its expansion
        ("two", 0): "preferred",
        ("two", 1): "unresolved",
    }
    marks = {
        ("one", 0): (Mark("Terminology/Inappropriate for context", ((4, 11),)),),  # "network"
        ("one", 1): (),
        ("two", 0): (Mark("Accuracy/Mistranslation", ((0, 10),)),),  # "Cyberspace"
        ("two", 2): (Mark("Style/Awkward", ()),),
        ("two", 3): (),
    }
    found = {
        (f.kind, f.unit, f.category): f
        for f in agree_on_flags(terminology, marks, frozenset(marks))
    }
    # Rated and flagged: (one, 0) forbidden and (one, 1) deprecated; (two, 1) is not rated.
    any_error = found["any flag", "segment", "any error"]
    assert (any_error.flagged, any_error.hits, any_error.precision) == (2, 1, 0.5)
    assert (any_error.marked, any_error.found, any_error.recall) == (3, 1, 1 / 3)
    assert (any_error.unflagged, any_error.unflagged_hits, any_error.chance) == (3, 2, 2 / 3)
    term = found["forbidden", "segment", "Terminology"]
    assert (term.flagged, term.hits, term.marked, term.unflagged_hits) == (1, 1, 1, 0)
    # "network information office" touches the mark; "CAC" of (one, 1) has none.
    span = found["any flag", "span", "any error"]
    assert (span.flagged, span.hits, span.marked, span.found) == (2, 1, 2, 1)
    # The one unflagged rendering, of (two, 0), is marked.
    assert (span.unflagged, span.unflagged_hits) == (1, 1)
    assert ("unresolved", "segment", "any error") not in found
    assert found["drift", "span", "any error"].flagged == 2  # two renderings, one forbidden


def test_spans_count_only_where_the_text_is_the_rated_one(corpus: Corpus, termbase: Termbase):
    systems = {"one": ("The network information office ruled.", "No.", "No.", "No.")}
    terminology = check_corpus(corpus.with_systems(systems), termbase)
    marks = {("one", 0): (Mark("Terminology", ((4, 11),)),)}
    found = agree_on_flags(terminology, marks, frozenset())
    by_unit = {(f.unit, f.category): f for f in found if f.kind == "forbidden"}
    assert by_unit["segment", "Terminology"].hits == 1
    assert by_unit["span", "Terminology"].flagged == by_unit["span", "Terminology"].marked == 0


def test_marks():
    mark = Mark("Terminology/Inconsistent", ((3, 5), (9, 12)))
    assert mark.is_of("Terminology")
    assert mark.is_of("any error")
    assert not Mark("Accuracy/Terminology", ()).is_of("Terminology")
    assert [mark.touches(s) for s in ((0, 3), (0, 4), (5, 9), (11, 20))] == [
        False,
        True,
        False,
        True,
    ]
