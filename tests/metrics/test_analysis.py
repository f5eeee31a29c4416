"""The analysis against brute force, subsets scored alone, and arithmetic by hand."""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from xindaya import Settings, evaluate
from xindaya.metrics import Evaluation
from xindaya.metrics.analysis import (
    analyse,
    by_document,
    by_domain,
    by_length,
    compare_ngrams,
    distribution,
    extremes,
    ngrams,
    word_accuracy,
    words,
)
from xindaya.metrics.analysis.slices import length
from xindaya.metrics.analysis.texts import affordable
from xindaya.pairs import Corpus, Segment

QUICK = Settings(metrics=("bleu", "chrf", "ter"), confidence_samples=0, test=None)


@pytest.fixture
def evaluation(corpus: Corpus) -> Evaluation:
    return evaluate(corpus, settings=QUICK)


def simple(references: list[str], **systems: list[str]) -> Evaluation:
    """An evaluation of English texts without a termbase or checks."""
    segments = tuple(Segment(f"{k}", "源", (r,), f"d{k // 2}") for k, r in enumerate(references))
    outputs = {name: tuple(texts) for name, texts in systems.items()}
    corpus = Corpus("c", "zh", "en", segments, ("A",), outputs)
    return evaluate(corpus, settings=replace(QUICK, check_data=False))


def only(corpus: Corpus, places: tuple[int, ...]) -> Evaluation:
    """Evaluates some segments as if there were no others."""
    outputs = {s: tuple(texts[p] for p in places) for s, texts in corpus.systems.items()}
    part = replace(corpus, segments=tuple(corpus.segments[p] for p in places), systems=outputs)
    return evaluate(part, settings=QUICK)


# ---- Parts -----------------------------------------------------------------------------------


def test_a_part_scores_as_if_it_stood_alone(evaluation: Evaluation) -> None:
    for part in (*by_document(evaluation), *by_length(evaluation)):
        alone = only(evaluation.corpus, part.places)
        expected = {m: tuple(scores.values()) for m, scores in alone.scores.items()}
        assert part.scores == expected  # to the last bit


def test_documents_lengths_and_domains(evaluation: Evaluation) -> None:
    assert [(d.label, d.places) for d in by_document(evaluation)] == [("a", (0, 1)), ("b", (2, 3))]
    # 10, 12, 9 and 8 characters
    assert [(s.label, s.places) for s in by_length(evaluation)] == [
        ("< 10", (2, 3)),
        ("10–19", (0, 1)),
    ]
    assert by_domain(evaluation) == ()
    corpus = evaluation.corpus
    segments = tuple(
        replace(s, domain="news" if s.document == "a" else "") for s in corpus.segments
    )  # fmt: skip
    labelled = replace(evaluation, corpus=replace(corpus, segments=segments))
    assert [(d.label, d.places) for d in by_domain(labelled)] == [("news", (0, 1)), ("", (2, 3))]


def test_documents_of_one_segment_each_are_no_parts(evaluation: Evaluation) -> None:
    corpus = evaluation.corpus
    segments = tuple(replace(s, document=s.id) for s in corpus.segments)
    single = replace(evaluation, corpus=replace(corpus, segments=segments))
    assert by_document(single) == ()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("中 国\u3000人", "zh", 3), ("It  is\nfine.", "en", 3), ("", "zh", 0), (None, "en", 0)],
)
def test_length(text: str | None, language: str, expected: int) -> None:
    assert length(text, language) == expected


# ---- Distributions ---------------------------------------------------------------------------


def test_distribution_counts_every_segment() -> None:
    rng = random.Random(3)
    references = [" ".join(rng.choices("abcdefgh", k=12)) for _ in range(60)]
    noisy = [" ".join(w if rng.random() < 0.7 else "x" for w in r.split()) for r in references]
    evaluation = simple(references, same=references, noisy=noisy)
    found = distribution(evaluation, "BLEU")
    assert found.edges == tuple(5.0 * k for k in range(21))
    assert found.counts[0] == (0,) * 19 + (60,)  # a perfect score is in the last bin
    assert found.above == (0, 0)
    scores = evaluation.segment_scores["BLEU"]["noisy"]
    assert list(found.counts[1]) == [
        sum(low <= s < low + 5 or (low == 95 and s >= 100) for s in scores)
        for low in range(0, 100, 5)
    ]
    expected = statistics.quantiles(scores, n=4, method="inclusive")
    assert found.quartiles[1] == pytest.approx(expected)


def test_scores_beyond_the_scale_are_counted_apart() -> None:
    evaluation = simple(["a b", "a b"], long=["x y z u v w", "a b"])
    found = distribution(evaluation, "TER")  # 6 edits for 2 words: 300
    assert found.above == (1,)
    assert sum(found.counts[0]) == 1


# ---- N-grams ---------------------------------------------------------------------------------


def brute(evaluation: Evaluation, system: str, other: str) -> dict[tuple[str, ...], list[int]]:
    """Returns n-gram to [only system, only other, segments], by counting."""
    found: dict[tuple[str, ...], list[int]] = {}

    def grams(text: str | None) -> Counter[tuple[str, ...]]:
        tokens = (text or "").split()
        return Counter(
            tuple(tokens[k : k + n]) for n in range(1, 5) for k in range(len(tokens) - n + 1)
        )

    outputs = evaluation.corpus.systems
    for place, segment in enumerate(evaluation.corpus.segments):
        limit: Counter[tuple[str, ...]] = Counter()
        for reference in segment.references:
            limit |= grams(reference)
        here, there = grams(outputs[system][place]), grams(outputs[other][place])
        for gram, most in limit.items():
            one, two = min(here[gram], most), min(there[gram], most)
            counts = found.setdefault(gram, [0, 0, 0])
            counts[0] += one > two
            counts[1] += two > one
            counts[2] += 1
    return found


def sign_test(more: int, fewer: int) -> Fraction:
    n = more + fewer
    return Fraction(sum(math.comb(n, k) for k in range(more, n + 1)), 2**n)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ngrams_equal_brute_force(seed: int) -> None:
    rng = random.Random(seed)

    def texts() -> tuple[str, ...]:
        return tuple(" ".join(rng.choices("abcde", k=rng.randrange(9))) for _ in range(25))

    first, second = texts(), [t if k % 3 else None for k, t in enumerate(texts())]
    segments = tuple(
        Segment(f"{k}", "源", (a, b)) for k, (a, b) in enumerate(zip(first, second, strict=True))
    )
    corpus = Corpus("c", "zh", "en", segments, ("A", "B"), {n: texts() for n in ("base", "new")})
    evaluation = evaluate(corpus, settings=replace(QUICK, check_data=False))
    (comparison,) = compare_ngrams(evaluation, most=10_000)
    assert (comparison.system, comparison.baseline) == ("new", "base")
    for found, counts in (
        (comparison.gained, brute(evaluation, "new", "base")),
        (comparison.missed, brute(evaluation, "base", "new")),
    ):
        assert found
        for gram in found:
            assert [gram.only, gram.other, gram.segments] == counts[gram.tokens]
            expected = min(1.0, 2 * float(sign_test(gram.only, gram.other)))
            assert gram.p_value == pytest.approx(expected)
        order = [sign_test(g.only, g.other) for g in found]
        assert order == sorted(order)
        # What is left out is part of a longer one with the same counts.
        listed = {g.tokens: (g.only, g.other) for g in found}
        for gram_tokens, (a, b, _) in counts.items():
            if a > b and gram_tokens not in listed:
                text = f" {' '.join(gram_tokens)} "
                assert any(
                    text in f" {' '.join(long)} " and same == (a, b)
                    for long, same in listed.items()
                )


def test_parts_of_a_phrase_are_not_listed_beside_it() -> None:
    references = [f"{w} Cyberspace Administration of China {w}" for w in ("one", "two", "six")]
    drifting = [f"{w} network office {w}" for w in ("one", "two", "six")]
    (comparison,) = compare_ngrams(simple(references, base=drifting, new=references))
    first = comparison.gained[0]
    assert first.text == "Cyberspace Administration of China"
    assert (first.only, first.other, first.segments) == (3, 0, 3)
    assert "China" not in [g.text for g in comparison.gained]
    assert comparison.missed == ()


def test_an_ngram_is_written_as_the_reference_has_it() -> None:
    (comparison,) = compare_ngrams(simple(["up 3.5% now"], base=["no"], new=["up 3.5% now"]))
    assert comparison.gained[0].tokens == ("up", "3.5", "%", "now")
    assert comparison.gained[0].text == "up 3.5% now"


def test_case_is_told_apart_as_bleu_does() -> None:
    (comparison,) = compare_ngrams(simple(["The the"], base=["no"], new=["the no"]))
    assert [g.text for g in comparison.gained] == ["the"]
    corpus = simple(["The the"], base=["no"], new=["the no"]).corpus
    folded = evaluate(corpus, settings=replace(QUICK, lowercase=True, check_data=False))
    assert [g.tokens for g in compare_ngrams(folded)[0].gained] == [("the",)]
    assert word_accuracy(folded).words == (0, 2, 0, 0, 0, 0)  # type: ignore[union-attr]


def test_outputs_may_be_longer_than_every_reference() -> None:
    (comparison,) = compare_ngrams(simple(["a b", ""], base=["b", "b"], new=["a b a", "a"]))
    assert [(g.text, g.only, g.other) for g in comparison.gained] == [("a b", 1, 0)]


@pytest.mark.parametrize(("more", "fewer"), [(1, 0), (3, 1), (5, 5), (40, 17), (2000, 1800)])
def test_sign_test_is_exact(more: int, fewer: int) -> None:
    expected = math.log(sign_test(more, fewer))
    assert ngrams.log_sign_test(more, fewer) == pytest.approx(expected, abs=1e-9)


def test_no_references_or_rivals_no_ngrams(evaluation: Evaluation) -> None:
    corpus = evaluation.corpus
    assert compare_ngrams(replace(evaluation, baseline="")) == ()
    alone = evaluate(corpus.with_systems({"good": corpus.systems["good"]}), settings=QUICK)
    assert compare_ngrams(alone) == ()


# ---- Words -----------------------------------------------------------------------------------


def test_word_accuracy_by_hand() -> None:
    references = ["the the cat", "the dog dog", "rare cat"]
    outputs = ["the cat cat", "a dog", "the rare"]
    # Frequencies in the reference: the 3, cat 2, dog 2, rare 1.
    # once:  rare: matched 1, output 1, reference 1                         F = 2/2
    # twice: cat: matched 1 of 2 said; dog: matched 1; said 3; reference 4  F = 4/7
    # 3–4:   the: matched 1; said 2 (one where the reference has none); 3   F = 2/5
    found = word_accuracy(simple(references, s=outputs))
    assert found is not None
    assert found.labels == ("1", "2", "3–4", "5–9", "10–99", "≥ 100")
    assert found.words == (1, 4, 3, 0, 0, 0)
    assert found.f_measure == ((1.0, pytest.approx(4 / 7), pytest.approx(2 / 5), None, None, None),)
    assert found.unknown == (pytest.approx(1 / 7),)  # "a", of 7 tokens
    assert (found.cut, found.left_out) == ("13a", ())


# What compare-mt 0.2.10 gives for the same 13a tokens, cutoffs 1:2:3:5:10:100, reference A.
COMPARE_MT = {
    "AISP-SJTU": (0.5065799659389998, 0.5415370946246113, 0.5783132530120482, 0.6071134680442535,
                  0.6074585039879286, 0.6908671586715868),
    "DLUT": (0.429749494320834, 0.4758347978910369, 0.52341510035043, 0.5614689160219964,
             0.5803894644863313, 0.6639549861026371),
}  # fmt: skip


def test_word_accuracy_equals_compare_mt(data: Path) -> None:
    stem = data / "wmt22-zhen" / "generaltest2022.zh-en"

    def lines(name: str) -> list[str]:
        return Path(f"{stem}.{name}").read_text("utf-8").split("\n")[:-1]

    rows = enumerate(zip(lines("src.zh"), lines("ref.A.en"), strict=True))
    segments = tuple(Segment(f"{k}", source, (reference,)) for k, (source, reference) in rows)
    outputs = {name: tuple(lines(f"hyp.{name}.en")) for name in COMPARE_MT}
    corpus = Corpus("wmt22", "zh", "en", segments, ("A",), outputs)
    settings = replace(QUICK, metrics=("bleu",), check_data=False)
    found = word_accuracy(evaluate(corpus, settings=settings))
    assert found is not None
    assert found.words == (3575, 2478, 3459, 5828, 16911, 22437)
    for measured, expected in zip(found.f_measure, COMPARE_MT.values(), strict=True):
        assert measured == pytest.approx(expected, abs=1e-12)


def test_chinese_words_are_cut_by_jieba() -> None:
    segments = (Segment("1", "China's internet regulator", ("国家网信办 发布通知",)),)
    systems = {"a": ("国家网信办发布通知",), "b": ("网信国家",)}
    corpus = Corpus("c", "en", "zh", segments, ("A",), systems)
    found = word_accuracy(evaluate(corpus, settings=replace(QUICK, check_data=False)))
    assert found is not None
    assert found.cut.startswith("jieba-0.42.1-dict-")
    assert found.f_measure[0][0] == 1.0
    assert found.f_measure[1][0] < 1.0


def test_very_much_chinese_is_cut_for_the_best_systems_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segments = tuple(Segment(f"{k}", "word", ("今天天气很好",)) for k in range(4))
    texts = {"bad": "坏坏坏坏坏坏", "base": "天气坏坏坏坏", "good": "今天天气很好",
             "fair": "今天天气坏坏"}  # fmt: skip
    corpus = Corpus("c", "en", "zh", segments, ("A",), {s: (t,) * 4 for s, t in texts.items()})
    settings = replace(QUICK, baseline="base", check_data=False)
    evaluation = evaluate(corpus, settings=settings)
    assert affordable(evaluation, 10**6) == tuple(texts)
    assert affordable(evaluation, 3 * 24) == ("base", "good", "fair")  # in their own order
    assert affordable(evaluation, 0) == ("base", "good")
    monkeypatch.setattr(words, "BUDGET", 50)
    found = word_accuracy(evaluation)
    assert found is not None
    assert (found.systems, found.left_out) == (("base", "good"), ("bad", "fair"))


# ---- Extremes --------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ["chrF2", "TER"])
def test_extremes(metric: str) -> None:
    rng = random.Random(5)
    references = [" ".join(rng.choices("abcdefgh", k=10)) for _ in range(40)]
    systems = {
        name: [" ".join(w if rng.random() < 0.6 else "x" for w in r.split()) for r in references]
        for name in "ab"
    }
    evaluation = simple(references, **systems)
    a, b = evaluation.segment_scores[metric].values()
    sign = 1 if metric == "chrF2" else -1
    found = extremes(evaluation, metric, most=5)
    places = range(40)
    assert list(found.worst) == sorted(places, key=lambda i: sign * (a[i] + b[i]))[:5]
    assert list(found.worst_of[1]) == sorted(places, key=lambda i: sign * b[i])[:5]
    assert list(found.different) == sorted(places, key=lambda i: -abs(a[i] - b[i]))[:5]


def test_equal_systems_do_not_differ() -> None:
    evaluation = simple(["a b c", "d"], x=["a b", "d"], y=["a b", "d"])
    assert extremes(evaluation, "chrF2").different == ()
    assert extremes(simple(["a"], x=["b"]), "chrF2").different == ()


# ---- All of it -------------------------------------------------------------------------------


def test_analysis_of_a_corpus_without_references(evaluation: Evaluation) -> None:
    segments = tuple(Segment(s.id, s.source, document="d") for s in evaluation.corpus.segments)
    bare = Corpus("bare", "zh", "en", segments, (), evaluation.corpus.systems)
    found = analyse(evaluate(bare, settings=QUICK))
    assert (found.ngrams, found.words, found.documents) == ((), None, ())
    assert found.distributions == {}


def test_hostile_texts_are_counted() -> None:
    hostile = "</script>\x00\u202e\ud800 \u2028 a\tb"
    evaluation = simple([hostile, ""], base=["", ""], new=[hostile, hostile])
    found = analyse(evaluation)
    assert found.ngrams[0].gained
    assert found.words is not None
