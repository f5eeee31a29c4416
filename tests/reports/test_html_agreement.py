"""The page of agreement: complete, escaped, and the better end right and up."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

from xindaya.metrics import CHRF, TER, Provenance
from xindaya.metrics.agreement import (
    AgreementReport,
    Estimate,
    FileAgreement,
    HumanFile,
    HumanScores,
    Point,
    means,
    measure_agreement,
)
from xindaya.metrics.agreement.segments import density
from xindaya.pairs import Corpus
from xindaya.pairs.account import LeftOut
from xindaya.reports.agreement import agreement_to_markdown, agreement_to_text
from xindaya.reports.html.agreement import render_agreement, scatter
from xindaya.reports.html.strings import agreement as words

_EVIL = "</script><img src=x onerror=alert(1)>\u202e"


def _report(corpus: Corpus, *, segments: bool = True, name: str = "human.tsv") -> AgreementReport:
    metrics = {"chrF2": CHRF(), "TER": TER()}
    systems = {**corpus.systems, _EVIL: corpus.systems["good"][::-1]}
    outputs = list(systems.values())
    rows = {n: m.rows(corpus.segments, outputs) for n, m in metrics.items()}
    scores = np.array([[0.0, 0, 1, 0], [5.0, 25, 5, 1], [5.0, 4, 5, np.nan]])
    human = HumanScores(tuple(systems), scores if segments else None, means(scores), False)
    file = HumanFile(
        name,
        "segments",
        "MQM <b>",
        "lower is better",
        ("x",),
        (_EVIL,),
        (_EVIL,),
        (LeftOut(_EVIL, _EVIL, "x"),),
    )
    agreement = measure_agreement(metrics, rows, human, samples=20, seed=1)
    return AgreementReport(
        "corpus", 4, "zh", "en", {"chrF2": "sig", "TER": "sig"}, {"chrF2": True, "TER": False},
        (FileAgreement(file, agreement),), Provenance("0", "c", 1, {}),
    )  # fmt: skip


@pytest.mark.parametrize("segments", [True, False])
def test_page_is_whole_and_escaped(corpus, segments):
    report = _report(corpus, segments=segments, name=_EVIL)
    page = render_agreement(report)
    assert page == render_agreement(report)
    assert "<img" not in page
    assert "\u202e" not in page
    assert page.count("</script>") == 1
    assert page.count('class="scatter"') == (4 if segments else 2)
    parser = HTMLParser()
    parser.feed(page)
    assert re.search(r"http-equiv=\"Content-Security-Policy\" content=\"default-src", page)
    for view in (agreement_to_text(report), agreement_to_markdown(report)):
        assert "\u202e" not in view
    assert not re.search(r"(?<!\\)<", agreement_to_markdown(report))


def test_every_word_is_said_in_both_languages():
    assert words.PAGE["en"].keys() == words.PAGE["zh"].keys()
    for key, text in words.PAGE["en"].items():
        slots = [set(re.findall(r"\{(\w+)\}", t)) for t in (text, words.PAGE["zh"][key])]
        assert slots[0] == slots[1], key


def test_better_is_right_and_up():
    points = [
        Point("good", Estimate(10.0), Estimate(1.0), 4),
        Point("bad", Estimate(60.0), Estimate(8.0), 4),
    ]
    # Of both sides lower is better, as for TER and penalties.
    drawn = scatter.systems("TER", points, (False, False), "MQM")
    good, bad = re.findall(r'<circle class="dot" cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert float(good[0]) > float(bad[0])
    assert float(good[1]) < float(bad[1])


def test_squares_hold_every_score():
    metric, human = np.arange(100.0), np.tile([0.0, 5.0], 50)
    drawn = scatter.density("m", density(metric, human), (True, False), "MQM", "told")
    counts = [int(n) for n in re.findall(r"<title>(\d+)</title></rect>", drawn)]
    assert sum(counts) == 100
    assert 'aria-label="told"' in drawn


def test_a_metric_without_a_corpus_of_scores_has_a_plain_page(corpus):
    whole = _report(corpus)
    file = whole.files[0].file
    empty = measure_agreement(
        {}, {}, HumanScores(("good",), np.array([[1.0, 2, 3, 4]]), np.array([2.5]), True)
    )
    report = AgreementReport(
        "corpus", 4, "zh", "en", {}, {}, (FileAgreement(file, empty),), whole.provenance
    )
    assert "<table" not in render_agreement(report)
    assert agreement_to_text(report).startswith("No metric against human.tsv")
