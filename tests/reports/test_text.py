from __future__ import annotations

from xindaya import Settings, evaluate
from xindaya.pairs import Corpus, Termbase
from xindaya.reports.text import to_text

QUICK = Settings(confidence_samples=40, test_samples=40)


def test_scores_and_terms_are_shown(corpus: Corpus, termbase: Termbase) -> None:
    evaluation = evaluate(corpus, termbase=termbase, settings=QUICK)
    text = to_text(evaluation)
    assert f"{evaluation.scores['BLEU']['good']:.2f} ±" in text
    assert "CAC ×2 (deprecated)" not in text  # one form each of 国家网信办 and 网信办: one concept
    assert "国家网信办" in text
    assert "tok:13a" in text


def test_text_obeys_no_terminal_escape(corpus: Corpus) -> None:
    evil = corpus.with_systems({"\x1b]0;owned\x07": corpus.systems["good"]})
    assert "\x1b" not in to_text(evaluate(evil, settings=QUICK))
