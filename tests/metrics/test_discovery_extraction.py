"""From links to renderings, clusters and evidence."""

from __future__ import annotations

import numpy as np
import pytest

from xindaya.metrics.terminology.discovery.clusters import distribution
from xindaya.metrics.terminology.discovery.company import Company
from xindaya.metrics.terminology.discovery.coordination import complete
from xindaya.metrics.terminology.discovery.extraction import extract
from xindaya.metrics.terminology.discovery.noise import Witnesses
from xindaya.metrics.terminology.discovery.spans import Occurrence, Rendering, candidate_spans
from xindaya.metrics.terminology.discovery.words import cluster_key


def occurrence(
    target: str, links: dict[int, float], *, sentence: int = 0, at: int = 0, rows: int = 2
) -> Occurrence:
    """An occurrence of a one-token term at source place `at`, linked as given."""
    tokens = target.split()
    posteriors = np.zeros((rows, len(tokens)))
    for place, mass in links.items():
        posteriors[at, place] = mass
    return Occurrence(sentence, (at, at + 1), tokens, posteriors)


def found(o: Occurrence, span: Rendering | None) -> str:
    return " ".join(o.target[span.start : span.end]) if span else ""


def test_key_ignores_order_inflection_and_function_words() -> None:
    assert cluster_key(["the", "field", "of", "large", "models"]) == ("field", "larg", "model")
    assert cluster_key(["Large", "Model", "fields"]) == ("field", "larg", "model")


def test_confidence_is_an_f_measure() -> None:
    # The term has 0.8 in all; the total counts as 1 at least. "cyber" holds 0.8: 2·0.8/(0.8+1).
    (span,), _ = candidate_spans([occurrence("a cyber law", {1: 0.8})])
    assert (span.start, span.end) == (1, 2)
    # 0.2 of the word is not linked at all and costs a tenth of that.
    assert span.confidence == pytest.approx(1.6 / (0.8 + 0.02 + 1))


def test_span_has_no_function_word_at_its_edges() -> None:
    o = occurrence("rule of the law of", {0: 0.6, 1: 0.5, 3: 0.6, 4: 0.5})
    assert found(o, extract([o])[0]) == "rule of the law"


def test_no_span_crosses_a_clause() -> None:
    o = occurrence("network , security", {0: 0.5, 2: 0.5})
    assert found(o, extract([o])[0]) in ("network", "security")


def test_nothing_linked_is_unresolved() -> None:
    o = occurrence("a b", {})
    assert extract([o]) == [None]
    empty = Occurrence(0, (0, 1), (), np.zeros((1, 0)))
    assert extract([empty]) == [None]


def test_two_occurrences_do_not_claim_one_word() -> None:
    target = ["cyber", "power", "and", "online", "power"]
    posteriors = np.zeros((2, 5))
    posteriors[0, [0, 3]] = 0.6, 0.3
    posteriors[1, [0, 3]] = 0.4, 0.6
    pair = [Occurrence(0, (0, 1), target, posteriors), Occurrence(0, (1, 2), target, posteriors)]
    spans = extract(pair)
    assert [found(o, s) for o, s in zip(pair, spans, strict=True)] == ["cyber", "online"]


def test_occurrences_are_read_together() -> None:
    clear = [occurrence("large models grow", {0: 0.6, 1: 0.9}, sentence=k) for k in range(3)]
    unclear = occurrence("large models win", {0: 0.3, 1: 0.6, 2: 0.4}, sentence=3)
    assert found(unclear, extract([*clear, unclear])[3]) == "large models"


def test_company_counts_sentences() -> None:
    source = [["网"], ["网"], ["书"]]
    company = Company(source, [["net", "the"], ["nets"], ["the"]])
    assert company.precision(("网",), ("net",)) == pytest.approx(2 / 3)  # 2 of 2, and one added
    assert company.precision(("网",), ("the",)) == pytest.approx(1 / 3)


def test_the_other_side_of_and() -> None:
    whole = occurrence("Internet and information technology", {0: 0.9, 2: 0.9, 3: 0.9})
    cut = occurrence(
        "the cyberspace and information technology sector", {3: 0.9, 4: 0.9}, sentence=1
    )
    spans: list[Rendering | None] = [Rendering(0, 4, 0.9), Rendering(3, 5, 0.5)]
    assert found(cut, complete([whole, cut], spans)[1]) == "cyberspace and information technology"


def test_a_word_that_renders_something_else_is_no_other_side() -> None:
    whole = occurrence("Internet and information technology", {0: 0.9, 2: 0.9, 3: 0.9})
    cut = occurrence("talent and information technology", {2: 0.9, 3: 0.9}, sentence=1)
    cut.posteriors[1, 0] = 0.8
    spans: list[Rendering | None] = [Rendering(0, 4, 0.9), Rendering(2, 4, 0.5)]
    assert found(cut, complete([whole, cut], spans)[1]) == "information technology"


def test_a_known_side_is_one_whatever_it_is_linked_to() -> None:
    whole = occurrence("Internet and information technology", {0: 0.9, 2: 0.9, 3: 0.9})
    other = occurrence("security and information", {0: 0.9, 2: 0.9}, sentence=1)
    right = occurrence("led Internet and information", {3: 0.9}, sentence=2)
    left = occurrence("the Internet and information technology industry", {1: 0.9}, sentence=3)
    right.posteriors[1, 1] = left.posteriors[1, 3] = 0.9
    spans: list[Rendering | None] = [
        Rendering(0, 4, 0.9), Rendering(0, 3, 0.9), Rendering(3, 4, 0.5), Rendering(1, 2, 0.5),
    ]  # fmt: skip
    completed = complete([whole, other, right, left], spans)
    assert found(right, completed[2]) == "Internet and information"
    assert found(left, completed[3]) == "Internet and information technology"


def test_a_usual_longer_rendering_is_taken_whole() -> None:
    many = [occurrence("cyber power", {0: 0.9, 1: 0.9}, sentence=k) for k in range(2)]
    cut = occurrence("a cyber power", {2: 0.4}, sentence=2)
    spans: list[Rendering | None] = [
        Rendering(0, 2, 0.9),
        Rendering(0, 2, 0.9),
        Rendering(2, 3, 0.3),
    ]
    assert found(cut, complete([*many, cut], spans)[2]) == "cyber power"
    assert complete([cut], [None]) == [None]


def test_evidence_by_hand() -> None:
    occurrences = [occurrence(t, {0: 1.0}, sentence=k) for k, t in enumerate(["net"] * 3 + ["web"])]
    spans = [Rendering(0, 1, 0.8)] * 3 + [Rendering(0, 1, 0.6)]
    result = distribution(occurrences, spans)
    assert [(c.key, len(c.places)) for c in result.clusters] == [(("net",), 3), (("web",), 1)]
    assert result.clusters[0].confidence == pytest.approx(1 - 0.2**3)
    assert result.evidence == pytest.approx(0.6 / 2)  # seen once: worth half


def test_the_usual_rendering_unclaimed_is_given_back() -> None:
    occurrences = [occurrence("net", {0: 1.0}, sentence=k) for k in range(2)]
    missed = occurrence("a net of lies", {3: 0.5}, sentence=2)
    spans = [Rendering(0, 1, 0.9), Rendering(0, 1, 0.9), Rendering(3, 4, 0.4)]
    result = distribution([*occurrences, missed], spans)
    assert result.keys == (("net",),) * 3
    assert result.extracted[2] == ("lie",)
    assert result.corrected == (2,)
    assert result.evidence == 0.0
    witnesses = Witnesses(least=3)
    witnesses.add([*occurrences, missed], result)
    floor = witnesses.floor(None)
    assert (floor.terms, floor.occurrences, floor.misread) == (1, 3, 1)
    assert floor.inconsistency == pytest.approx(1 - 2 / 6)


def test_a_drifting_term_is_no_witness() -> None:
    occurrences = [occurrence(t, {0: 1.0}, sentence=k) for k, t in enumerate(["net", "net", "web"])]
    witnesses = Witnesses(least=3)
    witnesses.add(occurrences, distribution(occurrences, [Rendering(0, 1, 0.9)] * 3))
    assert witnesses.floor(0.2).inconsistency is None
    assert witnesses.floor(0.2).reference == 0.2


def test_no_occurrence_resolved() -> None:
    result = distribution([occurrence("a", {})], [None])
    assert (result.clusters, result.evidence, result.keys) == ((), 0.0, ((),))
