from __future__ import annotations

from dataclasses import replace

from xindaya import Settings, evaluate
from xindaya.pairs import Corpus, Segment, Termbase
from xindaya.reports.text import to_text

QUICK = Settings(confidence_samples=40, test_samples=40)


def test_scores_and_terms_are_shown(corpus: Corpus, termbase: Termbase) -> None:
    evaluation = evaluate(corpus, termbase=termbase, settings=QUICK)
    text = to_text(evaluation)
    assert f"{evaluation.scores['BLEU']['good']:.2f}" in text
    assert "±" not in text  # four segments are too few for an interval
    assert "too few to tell in 2 comparisons: a verdict takes 6 segments that differ" in text
    assert "CAC ×2 (deprecated)" not in text  # one form each of 国家网信办 and 网信办: one concept
    assert "国家网信办" in text
    assert "tok:13a" in text


def test_text_obeys_no_terminal_escape(corpus: Corpus) -> None:
    evil = corpus.with_systems({"\x1b]0;owned\x07": corpus.systems["good"]})
    assert "\x1b" not in to_text(evaluate(evil, settings=QUICK))


def test_names_and_numbers_are_never_squeezed(corpus: Corpus, termbase: Termbase) -> None:
    long = corpus.with_systems({"a-vendor-with-a-long-name": corpus.systems["good"]})
    settings = Settings(metrics=("bleu", "chrf", "chrf++", "ter"), confidence_samples=40)
    evaluation = evaluate(long, termbase=termbase, settings=settings)
    for width in (40, 80, 100):
        lines = to_text(evaluation, width=width).split("\n")
        rows = [line for line in lines if line.startswith("a-vendor-with-a-long-name")]
        assert len(rows) == 2
        assert f"{evaluation.scores['TER']['a-vendor-with-a-long-name']:.2f}" in rows[0]


def test_a_termbase_that_meets_nothing_is_no_praise(corpus: Corpus, termbase: Termbase) -> None:
    bare = replace(termbase, concepts=termbase.concepts[-1:])
    text = to_text(evaluate(corpus, termbase=bare, settings=QUICK))
    assert "no term of the termbase occurs in the source" in text


def test_hidden_findings_are_counted_as_terms(termbase: Termbase) -> None:
    """Two terms, each rendered by a forbidden form in eight systems: twelve of sixteen rows."""
    segments = (Segment("1", "国家网信办。", ("a",)), Segment("2", "大模型。", ("a",)))
    outputs = ("The network information office.", "A big model.")
    corpus = Corpus("c", "zh", "en", segments, ("A",), {f"s{n}": outputs for n in range(8)})
    text = to_text(evaluate(corpus, termbase=termbase, settings=QUICK), width=200)
    assert text.startswith("c: 2 segments in 1 document, zh to en")
    assert "… 2 terms have findings; shown are 12 of 16 pairs of term and system" in text


def test_a_concept_is_called_by_the_head_of_its_entry(termbase: Termbase) -> None:
    segments = (Segment("1", "网信办表示。", ("a",)),)
    corpus = Corpus("c", "zh", "en", segments, ("A",), {"s": ("The network information office.",)})
    evaluation = evaluate(corpus, termbase=termbase, settings=QUICK)
    assert evaluation.term("cac") == "国家网信办"
    assert "\n国家网信办  s " in to_text(evaluation)
