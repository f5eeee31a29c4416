from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

import xindaya
from xindaya import Settings, evaluate
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import Corpus, NothingToEvaluateError, Termbase, UsageError

QUICK = Settings(confidence_samples=40, test_samples=40)


def test_everything_is_read_off_the_rows(corpus: Corpus, termbase: Termbase) -> None:
    e = evaluate(corpus, termbase=termbase, settings=QUICK)
    metric, rows = e.metrics["chrF2"], e.rows["chrF2"]
    assert e.scores["chrF2"]["bad"] == metric.score(sum_rows(rows[1]))
    assert e.document_scores["chrF2"]["good"]["b"] == metric.score(sum_rows(rows[0][2:]))
    assert e.segment_scores["chrF2"]["bad"][3] == metric.score(rows[1][3])
    assert e.baseline == "good"
    assert {c.system for c in e.comparisons} == {"bad"}


def test_frames(corpus: Corpus) -> None:
    e = evaluate(corpus, settings=QUICK)
    assert e.scores_frame().loc["bad", "BLEU"] == e.scores["BLEU"]["bad"]
    frame = e.segments_frame()
    assert list(frame.columns) == [
        "id", "document", "domain", "source", "reference:A", "reference:B", "system", "output",
        "BLEU", "chrF2",
    ]  # fmt: skip
    assert len(frame) == 8


def test_findings_are_stable_and_in_reading_order(corpus: Corpus, termbase: Termbase) -> None:
    found = evaluate(corpus, termbase=termbase, settings=QUICK).findings
    assert [f.id for f in found if f.kind.endswith("term") or f.kind == "empty"] == [
        "good:cac/a/1/1",
        "bad:cac/a/1/1",
        "empty/bad/2",
        "good:cac/a/2/1",
        "bad:cac/a/2/1",
    ]


def test_permuting_systems_permutes_scores(corpus: Corpus) -> None:
    turned = corpus.with_systems(dict(reversed(list(corpus.systems.items()))))
    a = evaluate(corpus, settings=replace(QUICK, baseline="good"))
    b = evaluate(turned, settings=replace(QUICK, baseline="good"))
    assert a.scores["BLEU"] == b.scores["BLEU"]
    assert a.comparisons == b.comparisons
    assert a.interval("BLEU", "bad") == b.interval("BLEU", "bad")


def test_no_system_and_unknown_baseline(corpus: Corpus) -> None:
    with pytest.raises(NothingToEvaluateError, match="no system"):
        evaluate(corpus.with_systems({}))
    with pytest.raises(UsageError, match="'x' is none of the systems: good, bad"):
        evaluate(corpus, settings=Settings(baseline="x"))


def test_terms_without_a_source_are_unscored(corpus: Corpus, termbase: Termbase) -> None:
    bare = replace(corpus, segments=tuple(replace(s, source=None) for s in corpus.segments))
    e = evaluate(bare, termbase=termbase, settings=QUICK)
    assert e.terminology is None
    assert [(u.metric, u.reason) for u in e.unscored] == [
        ("Terms", "the corpus has no source text")
    ]


def test_public_names_exist_and_are_sorted() -> None:
    capitals = [n for n in xindaya.__all__ if n[0].isupper()]
    others = [n for n in xindaya.__all__ if not n[0].isupper()]
    assert xindaya.__all__ == sorted(capitals) + sorted(others)
    for name in xindaya.__all__:
        assert getattr(xindaya, name) is not None


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, xindaya;"
        "heavy = {'numpy', 'pandas', 'sacrebleu', 'jieba', 'click', 'jinja2', 'rich'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_provenance_names_the_engine_that_ran(corpus: Corpus) -> None:
    from xindaya.metrics import engine

    assert evaluate(corpus, settings=QUICK).provenance.engine == engine.name


def test_inconsistent_use_has_its_own_label(corpus: Corpus, termbase: Termbase) -> None:
    """Finding and MQM subtype: one deprecated and one forbidden rendering of one concept."""
    drifting = corpus.with_systems(
        {
            "s": (
                "The State Internet Information Office issued rules.",
                "The network information office will act.",
                "AI.",
                "3.5%.",
            )
        }
    )
    found = evaluate(drifting, termbase=termbase, settings=QUICK).findings
    (one,) = [f for f in found if f.kind == "inconsistent-term"]
    assert one.id == "drift/s/cac"
    assert one.mqm == "Terminology/Inconsistent use of terminology"
    assert "“State Internet Information Office” ×1" in one.message
