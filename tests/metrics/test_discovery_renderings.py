"""From links to renderings, clusters and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from xindaya.metrics.terminology.discovery.aligner import Links
from xindaya.metrics.terminology.discovery.renderings import (
    Occurrence,
    Reader,
    Rendering,
    occurrences,
)
from xindaya.metrics.terminology.discovery.spans import Spans, read_spans
from xindaya.metrics.terminology.discovery.verdict import (
    Distribution,
    Witnesses,
    distribution,
    holds,
    same_words,
)

TERM = ("甲乙",)


@dataclass(frozen=True)
class Given:
    """An alignment whose links are given: each sentence has source tokens as rows."""

    links: Sequence[Links]

    def posteriors(self, sentence: int) -> Links:
        return self.links[sentence]


def sentence(target: str, *rows: Mapping[int, float]) -> tuple[list[str], Links]:
    """A target sentence and its links: a row for each source token."""
    tokens = target.split()
    links = np.zeros((len(rows), len(tokens)), np.float32)
    for number, row in enumerate(rows):
        for place, mass in row.items():
            links[number, place] = mass
    return tokens, links


def read(*sentences: tuple[list[str], Links]) -> list[str]:
    """Reads a term that is the first source token of each sentence."""
    targets = [tokens for tokens, _ in sentences]
    places = [Occurrence(k, 0, 1) for k in range(len(sentences))]
    reader = Reader(read_spans(targets), Given([links for _, links in sentences]), {TERM: places})
    return [
        " ".join(tokens[r.start : r.end]) if r else ""
        for tokens, r in zip(targets, reader.read(TERM), strict=True)
    ]


def spans_of(*sentences: str) -> tuple[list[str], Spans]:
    targets = [s.split() for s in sentences]
    spans = read_spans(targets)
    shown = []
    for k, tokens in enumerate(targets):
        here = spans.of(k)
        shown += [
            " ".join(tokens[a:b]) for a, b in zip(spans.start[here], spans.end[here], strict=True)
        ]
    return shown, spans


def test_occurrences_in_reading_order() -> None:
    found = occurrences([["a", "b", "a", "b"], ["b"]], [("a", "b"), ("b",), ("c",)])
    assert found == {
        ("a", "b"): [Occurrence(0, 0, 2), Occurrence(0, 2, 4)],
        ("b",): [Occurrence(0, 1, 2), Occurrence(0, 3, 4), Occurrence(1, 0, 1)],
    }


def test_spans_open_and_close_with_content_words_and_cross_no_clause() -> None:
    shown, _ = spans_of("rule of the law , of banks")
    assert shown == ["rule", "rule of the law", "law", "banks"]


def test_everyday_words_stand_alone_and_participles_close_nothing() -> None:
    shown, spans = spans_of("including rates linked")
    assert shown == ["including", "rates", "linked"]
    assert spans.worth[0] < spans.worth[1] == 1


def test_an_edge_inside_a_hyphened_word_costs() -> None:
    shown, spans = spans_of("self - driving cars")
    worth = dict(zip(shown, spans.worth.tolist(), strict=True))
    assert worth["driving cars"] < worth["self - driving cars"] < worth["cars"] == 1


def test_acronyms_say_what_they_stand_for() -> None:
    _, spans = spans_of("Linked Exchange Rate System ( LERS )", "the LERS")
    here = spans.of(1)
    (meaning,) = spans.meaning[spans.key[here]].tolist()
    assert spans.names[meaning] == ("exchang", "link", "rate", "system")


def test_a_rendering_that_never_stands_alone_is_cut_short() -> None:
    shown, spans = spans_of("Hang Seng Index rose", "Hang Seng Index fell", "an Index")
    cut = dict(zip(shown, spans.cut[spans.key].tolist(), strict=True))
    assert cut["Hang Seng"]
    assert not cut["Hang Seng Index"]
    assert not cut["Index"]  # it stands alone once


def test_the_links_decide() -> None:
    assert read(sentence("cyber law grows", {0: 0.9}, {1: 0.9}, {2: 0.9})) == ["cyber"]


def test_nothing_to_choose_from_is_unresolved() -> None:
    assert read(sentence("", {})) == [""]
    assert read(sentence("of the", {})) == [""]


def test_occurrences_are_read_together() -> None:
    clear = [sentence("large models grow", {0: 0.6, 1: 0.9}, {2: 0.9}) for _ in range(3)]
    unclear = sentence("large models win", {0: 0.3, 1: 0.6, 2: 0.3}, {2: 0.7})
    assert read(*clear, unclear)[3] == "large models"


def test_the_other_side_of_and() -> None:
    found = read(
        sentence("Internet and information technology", {0: 0.9, 2: 0.9, 3: 0.9}),
        sentence("the cyberspace and information technology sector",
                 {1: 0.4, 3: 0.9, 4: 0.9}, {1: 0.1, 5: 0.9}),
    )  # fmt: skip
    assert found[1] == "cyberspace and information technology"


def test_a_word_that_renders_something_else_is_no_part() -> None:
    found = read(
        sentence("talent and information technology", {2: 0.9, 3: 0.9}, {0: 0.9}),
        sentence("information technology", {0: 0.9, 1: 0.9}, {}),
    )
    assert found == ["information technology"] * 2


def test_two_occurrences_do_not_claim_one_word() -> None:
    tokens, links = sentence("cyber power and online power", {0: 0.6, 3: 0.3}, {0: 0.4, 3: 0.6})
    places = [Occurrence(0, 0, 1), Occurrence(0, 1, 2)]
    reader = Reader(read_spans([tokens]), Given([links]), {TERM: places})
    first, second = reader.read(TERM)
    assert first is not None
    assert second is not None
    assert set(range(first.start, first.end)).isdisjoint(range(second.start, second.end))


def test_what_another_term_owns_is_worth_less() -> None:
    rows = [sentence("Brexit referendum", {0: 0.6}, {1: 0.6}) for _ in range(4)]
    targets = [*(tokens for tokens, _ in rows), ["Brexit", "fears"]]
    links = [*(own for _, own in rows), sentence("Brexit fears", {0: 0.6})[1]]
    terms = {
        ("脱欧", "公投"): [Occurrence(k, 0, 2) for k in range(4)],
        ("脱欧",): [Occurrence(k, 0, 1) for k in range(5)],
    }
    reader = Reader(read_spans(targets), Given(links), terms)
    found = reader.read(("脱欧",))
    assert all(r is not None and (r.start, r.end) == (0, 1) for r in found)


NAMES = [("net",), ("web",), ("lie",), ("big", "net"), ("nettl",)]


def judged(targets: Sequence[str], keys: Sequence[int], confidence: float = 0.8) -> Distribution:
    places = [Occurrence(k, 0, 1) for k in range(len(targets))]
    spans = [Rendering(0, 1, key, confidence) for key in keys]
    return distribution(places, spans, NAMES, [t.split() for t in targets])


def test_evidence_by_hand() -> None:
    result = judged(["net", "net", "net", "web"], [0, 0, 0, 1], 0.6)
    assert [(c.key, len(c.places)) for c in result.clusters] == [(("net",), 3), (("web",), 1)]
    assert result.clusters[0].confidence == pytest.approx(1 - 0.4**3)
    assert result.evidence == pytest.approx(0.6)  # the others are all read for sure
    twice = judged(["net", "net", "net", "web", "web"], [0, 0, 0, 1, 1], 0.6)
    assert twice.evidence == pytest.approx(1 - 0.4**2)
    # Two that were seen once: of the four other occurrences of each, three and 0.6 of one are sure.
    doubted = judged(["net", "net", "net", "web", "lie"], [0, 0, 0, 1, 2], 0.6)
    assert doubted.evidence == pytest.approx(1 - (1 - 0.6 * (3.6 / 4) ** 6) ** 2)


def test_a_part_or_a_longer_cut_is_no_second_rendering() -> None:
    assert judged(["net", "net", "big net"], [0, 0, 3]).evidence == 0.0


def test_the_usual_rendering_unclaimed_is_given_back() -> None:
    targets = ["net", "net", "a net of lies"]
    result = judged(targets, [0, 0, 2])
    assert result.keys == (("net",),) * 3
    assert result.extracted[2] == ("lie",)
    assert result.corrected == (2,)
    assert result.evidence == 0.0
    witnesses = Witnesses(3, [t.split() for t in targets])
    witnesses.add([Occurrence(k, 0, 1) for k in range(3)], result)
    floor = witnesses.floor(None)
    assert (floor.terms, floor.occurrences, floor.misread) == (1, 3, 1)
    assert floor.inconsistency == pytest.approx(1 - 2 / 6)


def test_a_drifting_term_is_no_witness() -> None:
    targets = ["net", "net", "web"]
    witnesses = Witnesses(3, [t.split() for t in targets])
    witnesses.add([Occurrence(k, 0, 1) for k in range(3)], judged(targets, [0, 0, 1]))
    assert witnesses.floor(0.2).inconsistency is None
    assert witnesses.floor(0.2).reference == 0.2


def test_no_occurrence_resolved() -> None:
    result = distribution([Occurrence(0, 0, 1)], [None], NAMES, [["a"]])
    assert (result.clusters, result.evidence, result.keys) == ((), 0.0, ((),))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("iran",), ("iranian",), True),
        (("artifici", "intellig"), ("ai",), True),
        (("model",), ("larg", "model"), True),
        (("big", "model"), ("larg", "model"), False),
        (("network",), ("cyber",), False),
    ],
)
def test_same_words(one: tuple[str, ...], other: tuple[str, ...], same: bool) -> None:
    assert same_words(one, other) is same
    assert same_words(other, one) is same


def test_a_sentence_holds_a_rendering_as_often_as_its_rarest_word() -> None:
    assert holds(["big", "nets", "and", "big", "net"], ("big", "net")) == 2
    assert holds(["金融", "中心"], ("中", "心", "融", "金")) == 1
