from __future__ import annotations

from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics import TermAdherence, check_corpus
from xindaya.metrics.terminology import TermChecker
from xindaya.metrics.terminology.assignment import closest_pairs
from xindaya.pairs import Corpus, Segment, Termbase


def verdicts(termbase: Termbase, *pairs: tuple[str, str]) -> list[tuple[str, str, str]]:
    segments = [Segment(str(n), zh, (), "d") for n, (zh, _) in enumerate(pairs)]
    checker = TermChecker(termbase, "zh", "en")
    found = checker.check(segments, checker.source_spans(segments), [en for _, en in pairs])
    return [(o.term, o.verdict.value, o.rendering) for o in found]


def test_every_verdict(termbase: Termbase) -> None:
    full = "Cyberspace Administration of China"
    assert verdicts(
        termbase,
        ("网信办发布。", f"The {full} said."),
        ("网信办发布。", "The CAC said."),
        ("网信办发布。", "The State Internet Information Office said."),
        ("网信办发布。", "The network information offices said."),
        ("网信办发布。", "The Central Cyberspace Affairs Commission said."),
        ("网信办发布。", "It said."),
    ) == [
        ("网信办", "preferred", full),
        ("网信办", "admitted", "CAC"),
        ("网信办", "deprecated", "State Internet Information Office"),
        ("网信办", "forbidden", "network information office"),
        ("网信办", "other-concept", "Central Cyberspace Affairs Commission"),
        ("网信办", "unresolved", ""),
    ]


def test_acronym_before_its_expansion_is_not_admitted(termbase: Termbase) -> None:
    assert verdicts(termbase, ("网信办", "The CAC."), ("网信办", "The CAC."))[0][1] == "deprecated"


def test_acronym_is_judged_by_document(termbase: Termbase) -> None:
    segments = [Segment("1", "网信办", (), "a"), Segment("2", "网信办", (), "b")]
    checker = TermChecker(termbase, "zh", "en")
    texts = ["The Cyberspace Administration of China", "The CAC"]
    found = list(checker.check(segments, checker.source_spans(segments), texts))
    assert [o.verdict.value for o in found] == ["preferred", "deprecated"]


def test_a_longer_term_is_not_counted_twice(termbase: Termbase) -> None:
    text = "The Office of the Central Cyberspace Affairs Commission and the CAC"
    assert [v[:2] for v in verdicts(termbase, ("中央网信办和网信办", text))] == [
        ("中央网信办", "preferred"), ("网信办", "deprecated"),
    ]  # fmt: skip


def test_occurrences_pair_with_the_nearest_rendering(termbase: Termbase) -> None:
    found = verdicts(
        termbase,
        ("大模型很多，用处很广；所以大家都在研究大模型。",
         "There are many large models of wide use, so everybody studies big models."),
    )  # fmt: skip
    assert [v[2] for v in found] == ["large model", "big model"]


def test_a_second_mention_may_be_a_pronoun(termbase: Termbase) -> None:
    segments = [Segment("1", "大模型好，大模型快。", (), "d"), Segment("2", "大模型", (), "d")]
    checker = TermChecker(termbase, "zh", "en")
    texts = ["Large models are good and they are fast.", "They."]
    found = list(checker.check(segments, checker.source_spans(segments), texts))
    assert [(o.verdict.value, o.excused) for o in found] == [
        ("preferred", False), ("unresolved", True), ("unresolved", False),
    ]  # fmt: skip


def test_the_other_direction(termbase: Termbase) -> None:
    segments = [Segment("1", "Large models help.", (), "d")]
    checker = TermChecker(termbase, "en", "zh")
    (found,) = checker.check(segments, checker.source_spans(segments), ["大模型有用。"])
    assert (found.verdict.value, found.rendering) == ("preferred", "大模型")


def test_spans_point_at_the_text(termbase: Termbase) -> None:
    source, target = "昨天，网信办表示", "Yesterday the network information office said"
    segments = [Segment("1", source, (), "d")]
    checker = TermChecker(termbase, "zh", "en")
    (found,) = checker.check(segments, checker.source_spans(segments), [target])
    assert source[slice(*found.source_span)] == "网信办"
    assert found.target_span is not None
    assert target[slice(*found.target_span)] == "network information office"


@given(st.lists(st.integers(0, 20), max_size=4), st.lists(st.integers(0, 20), max_size=5))
def test_closest_pairs_is_optimal(rows: list[int], columns: list[int]) -> None:
    """Compared with every possible pairing."""
    rows, columns = sorted(rows), sorted(columns)
    pairs = closest_pairs(rows, columns)
    size = min(len(rows), len(columns))
    assert len(pairs) == len({r for r, _ in pairs}) == len({c for _, c in pairs}) == size
    cost = sum(abs(rows[r] - columns[c]) for r, c in pairs)
    assert cost == min(
        sum(abs(a - b) for a, b in zip(chosen, order, strict=True))
        for chosen in combinations(rows, size)
        for order in permutations(columns, size)
    )


def test_rows_count_verdicts_and_add_up(corpus: Corpus, termbase: Termbase) -> None:
    metric = TermAdherence(termbase)
    rows = metric.rows(corpus.segments, list(corpus.systems.values()))
    total = dict(zip(metric.columns, rows.sum(axis=1)[0].tolist(), strict=True))
    # "good" says CAC twice without the expansion before it: two deprecated, nothing else.
    assert total == {
        "preferred": 0, "admitted": 0, "deprecated": 2, "forbidden": 0, "other-concept": 0,
        "unresolved": 0, "excused": 0, "waived": 0,
    }  # fmt: skip
    assert metric.score(rows[0].sum(axis=0)) == 0.0


def test_sample_corpus_drifts_exactly_as_its_gold_file_says() -> None:
    from xindaya import read_corpus, read_termbase
    from xindaya.samples import SAMPLE_CORPUS, SAMPLE_TERMBASE

    corpus, termbase = read_corpus(SAMPLE_CORPUS), read_termbase(SAMPLE_TERMBASE)
    checked = check_corpus(corpus, termbase)
    header, *lines = (SAMPLE_CORPUS / "gold-drift.tsv").read_text("utf-8").split("\n")[:-1]
    gold = {tuple(line.split("\t")) for line in lines}
    assert header == "system\tdocument\tsegment\tconcept\tzh\toccurrence\trendering\tstatus"
    found = set()
    for o in checked.systems["meridian"]:
        if o.verdict.value not in ("preferred", "admitted", "unresolved"):
            segment = corpus.segments[o.segment]
            assert o.target_span is not None
            rendering = corpus.systems["meridian"][o.segment][slice(*o.target_span)]
            found.add(
                ("meridian", segment.document, segment.id, o.concept, o.term, str(o.number),
                 rendering, o.verdict.value)
            )  # fmt: skip
    assert found == gold
    for text in (checked.systems["harbour"], checked.references["A"], checked.references["B"]):
        assert {o.verdict.value for o in text} <= {"preferred", "admitted"}


def test_wmt21_cyberspace_administration(data: object) -> None:
    from pathlib import Path

    from xindaya import read_parallel, read_termbase
    from xindaya.samples import SAMPLE_TERMBASE

    folder = Path(str(data)) / "wmt21-zhen-mqm"
    corpus = read_parallel(
        source=folder / "newstest2021.zh-en.src.zh",
        references={"A": folder / "newstest2021.zh-en.ref.A.en"},
        systems={"Facebook-AI": folder / "newstest2021.zh-en.hyp.Facebook-AI.en"},
    )
    checked = check_corpus(corpus, read_termbase(SAMPLE_TERMBASE))

    def renderings(occurrences: object) -> list[tuple[str, str, str]]:
        return [
            (corpus.segments[o.segment].id, o.rendering, o.verdict.value)
            for o in occurrences  # type: ignore[attr-defined]
            if o.term == "国家网信办"
        ]

    full = "Cyberspace Administration of China"
    assert renderings(checked.references["A"]) == [
        (n, full, "preferred") for n in ("790", "791", "793")
    ]
    assert renderings(checked.systems["Facebook-AI"]) == [
        ("790", "State Internet Information Office", "deprecated"),
        ("791", "State Internet Information Office", "deprecated"),
        ("793", "State Cyberspace Administration", "forbidden"),
    ]


@pytest.mark.parametrize("text", ["", "\x00", "a" * 100_000, "网" * 5_000])
def test_hostile_text_is_only_text(termbase: Termbase, text: str) -> None:
    assert isinstance(verdicts(termbase, (text, text)), list)
