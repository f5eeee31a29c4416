"""Rows, scores and signatures equal sacrebleu's to the last bit, on text chosen to hurt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
import sacrebleu.metrics as sb
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.metrics import BLEU, CHRF, TER, Metric
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import Segment, UsageError, read_parallel

PIECES = [
    "the", "The", "cat", "a", "3.5", "5.", ".5", ",", "..", "-", "5-6", "&amp;", "&amp;lt;", "&quot;",
    "<skipped>", "“", "”", "—", "…", "。", "，", "国家网信办", "网络", "安全", "𠀀", "😀", "\u3000", "\u00a0",
    "\u2028", "\u0085", "\x1c", "\u200b", "\u0301", "(hi)", "it's", "C++", "$", "%", "％", " ", " ", " ",
]  # fmt: skip
SENTENCE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
PAIRS = [
    (BLEU(), sb.BLEU()),
    (BLEU(tokenize="zh"), sb.BLEU(tokenize="zh")),
    (BLEU(tokenize="char"), sb.BLEU(tokenize="char")),
    (BLEU(tokenize="intl"), sb.BLEU(tokenize="intl")),
    (BLEU(lowercase=True), sb.BLEU(lowercase=True)),
    (BLEU(smooth="floor"), sb.BLEU(smooth_method="floor")),
    (BLEU(smooth="add-k", smooth_value=2), sb.BLEU(smooth_method="add-k", smooth_value=2)),
    (BLEU(smooth="none"), sb.BLEU(smooth_method="none")),
    (BLEU(effective_order=True), sb.BLEU(effective_order=True)),
    (CHRF(), sb.CHRF()),
    (CHRF(word_order=2), sb.CHRF(word_order=2)),
    (CHRF(lowercase=True, beta=3), sb.CHRF(lowercase=True, beta=3)),
    (CHRF(whitespace=True), sb.CHRF(whitespace=True)),
    (CHRF(eps_smoothing=True, beta=3), sb.CHRF(eps_smoothing=True, beta=3)),
    (
        CHRF(char_order=4, word_order=2, whitespace=True, eps_smoothing=True),
        sb.CHRF(char_order=4, word_order=2, whitespace=True, eps_smoothing=True),
    ),
    (TER(), sb.TER()),
    (TER(normalized=True, asian_support=True), sb.TER(normalized=True, asian_support=True)),
    (TER(no_punct=True, case_sensitive=True), sb.TER(no_punct=True, case_sensitive=True)),
]
IDS = [str(ours) for ours, _ in PAIRS]


def segments_of(references: Sequence[Sequence[str | None]]) -> list[Segment]:
    return [Segment(str(n), None, tuple(r)) for n, r in enumerate(references)]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=IDS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_corpus_score_and_signature(ours: Metric, theirs: sb.BLEU, data: st.DataObject) -> None:
    sets = data.draw(st.integers(1, 3))
    rows = data.draw(st.lists(st.tuples(SENTENCE, *[SENTENCE] * sets), min_size=1, max_size=5))
    hypotheses, references = [r[0] for r in rows], [r[1:] for r in rows]
    segments = segments_of(references)
    found = ours.rows(segments, [hypotheses])
    expected = theirs.corpus_score(
        hypotheses, [list(column) for column in zip(*references, strict=True)]
    )
    assert ours.score(sum_rows(found[0])) == expected.score
    assert ours.signature(segments) == theirs.get_signature().format()
    assert ours.name == expected.name


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=IDS)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_scores_of_many_rows_equal_score_of_each(
    ours: Metric, theirs: sb.BLEU, data: st.DataObject
) -> None:
    pairs = data.draw(st.lists(st.tuples(SENTENCE, SENTENCE), min_size=1, max_size=5))
    rows = ours.rows(segments_of([[r] for _, r in pairs]), [[h for h, _ in pairs]])[0]
    assert ours.scores(rows).tolist() == [ours.score(row) for row in rows]


def test_segment_bleu_uses_effective_order() -> None:
    segments = segments_of([["two words"]])
    row = BLEU().rows(segments, [["two words"]])[0, 0]
    expected = sb.BLEU(effective_order=True).sentence_score("two words", ["two words"]).score
    assert BLEU().segment_score(row) == expected
    assert BLEU().score(row) == 0.0


def test_golden_values_of_one_chinese_pair() -> None:
    """Values measured with sacrebleu 2.6.0 on Python 3.11, to a tolerance of one rounding."""
    segments, outputs = segments_of([["国家互联网信息办公室发布新规定"]]), [["国家网信办发布新规"]]
    golden = [
        (BLEU(tokenize="zh", effective_order=True), 21.32482746441768),
        (CHRF(), 21.754898393549603),
        (CHRF(word_order=2), 18.647055765899662),
        (TER(normalized=True, asian_support=True), 40.0),
    ]
    for metric, score in golden:
        assert metric.score(metric.rows(segments, outputs)[0, 0]) == pytest.approx(score, rel=1e-14)


def test_missing_references_make_a_variable_signature() -> None:
    segments = segments_of([["a b", "a c"], ["b", None]])
    assert "nrefs:var" in CHRF().signature(segments)
    assert CHRF().score(sum_rows(CHRF().rows(segments, [["a c", "b"]])[0])) == 100.0


def test_shapes_are_checked_because_sacrebleu_does_not() -> None:
    assert sb.BLEU().corpus_score(["a b c d", "x"], [["a b c d"]]).score == pytest.approx(100)
    segments = segments_of([["a b c d"]])
    with pytest.raises(UsageError, match="2 texts for 1 segments"):
        BLEU().rows(segments, [["a b c d", "x"]])
    with pytest.raises(UsageError, match="one string"):
        BLEU().rows(segments, ["a"])
    with pytest.raises(UsageError, match="'0' has no reference"):
        BLEU().rows(segments_of([[None]]), [["a"]])


def test_jieba_bleu_is_sacrebleu_on_words_cut_before() -> None:
    hypothesis, reference = "国家网信办发布新规", "国家互联网信息办公室发布新规定"
    metric = BLEU(tokenize="jieba", effective_order=True)
    segments = segments_of([[reference]])
    # jieba 0.42.1 without the hidden Markov model cuts the two texts so.
    cut = ["国家 网 信 办 发布 新 规", "国家 互联网 信息 办公室 发布 新 规定"]
    expected = sb.BLEU(tokenize="none", effective_order=True).corpus_score([cut[0]], [[cut[1]]])
    assert metric.score(metric.rows(segments, [[hypothesis]])[0, 0]) == expected.score
    assert "tok:jieba-0.42.1-dict-" in metric.signature(segments)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(SENTENCE, SENTENCE), min_size=2, max_size=6), st.integers(1, 5),
    st.sampled_from([BLEU(), CHRF(word_order=2), TER()]),
)  # fmt: skip
def test_sums_of_chunks_are_the_sum_of_the_whole(
    pairs: list[tuple[str, str]], cut: int, metric: Metric
) -> None:
    segments, outputs = segments_of([[r] for _, r in pairs]), [h for h, _ in pairs]
    whole = metric.rows(segments, [outputs])
    parts = [
        metric.rows(segments[a:b], [outputs[a:b]])
        for a, b in ((0, cut), (cut, len(pairs)))
        if segments[a:b]
    ]
    assert sum_rows(whole[0]) == [
        sum(c) for c in zip(*(sum_rows(p[0]) for p in parts), strict=True)
    ]


def test_published_wmt22_scores(data: Path) -> None:
    """BLEU and chrF of the 12 systems against A, B and both, as published by WMT 2022."""
    folder = data / "wmt22-zhen"
    prefix = "generaltest2022.zh-en"
    lines = (folder / "automatic-scores.tsv").read_text("utf-8").split("\n")[1:]
    published = {}
    for line in filter(None, lines):
        _, system, _, _, metric, score = line.split("\t")
        published[system, metric] = float(score)
    systems = sorted({system for system, _ in published})
    # The published chrF over both references takes B first: with equal F-scores the first wins.
    corpus = read_parallel(
        source=None,
        references={n: folder / f"{prefix}.ref.{n}.en" for n in ("B", "A")},
        systems={s: folder / f"{prefix}.hyp.{s}.en" for s in systems},
    )
    outputs = list(corpus.systems.values())
    for (name, metric), (label, keep) in product(
        (("bleu", BLEU()), ("chrf", CHRF())),
        (("A", slice(1, 2)), ("B", slice(0, 1)), ("all", slice(0, 2))),
    ):
        segments = [Segment(s.id, None, s.references[keep]) for s in corpus.segments]
        rows = metric.rows(segments, outputs)
        for system, found in zip(systems, rows, strict=True):
            expected = published[system, f"{name}-{label}"]
            assert metric.score(sum_rows(found)) == pytest.approx(expected, abs=1e-9)
