from __future__ import annotations

import re
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya.metrics import TermAdherence, check_corpus
from xindaya.metrics.terminology import TermChecker
from xindaya.metrics.terminology.assignment import closest_matching, closest_pairs
from xindaya.pairs import Concept, Corpus, Segment, Status, Term, Termbase


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


def glossary(*rows: tuple[str, str, str]) -> Termbase:
    """One concept a row: Chinese forms and English ones between bars; the first is preferred."""
    return Termbase(
        "g",
        tuple(
            Concept(name, (
                *(Term(z, "zh") for z in zh.split("|")),
                *(Term(e, "en", Status.ADMITTED if n else Status.PREFERRED)
                  for n, e in enumerate(en.split("|"))),
            ))
            for name, zh, en in rows
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("own", "other", "source", "target"),
    [
        # An unlisted order of the right words.
        ("金管局總裁:Chief Executive of the HKMA", "金管局:HKMA", "金管局總裁說",
         "The HKMA Chief Executive said"),
        # The other concept is in the source, or what its name has more.
        ("监管科技:suptech", "合规科技:regtech", "监管科技与合规科技", "regtech and more of it"),
        ("银行业:banking sector", "银行贷款:bank loan", "银行业的贷款", "loans, bank loans"),
        # One name is an abbreviation or a part of the other, or they overlap.
        ("聯匯制度:LERS", "聯繫匯率制度:linked exchange rate system", "聯匯制度",
         "the linked exchange rate system"),
        ("机构风险管理:organisational risk management", "风险管理框架:risk management framework",
         "机构风险管理", "the enterprise risk management framework"),
        # Two names of one thing.
        ("環球金融危機:global financial crisis", "全球金融危機:global financial crisis|GFC",
         "環球金融危機", "the GFC"),
        # A part of a longer name; words of the right rendering beside it.
        ("新华网:Xinhuanet", "新华社:Xinhua", "新华网", "by Xinhua Net"),
        ("流通纸币:banknotes in circulation", "银行纸币:banknotes", "流通纸币",
         "banknotes and coins in circulation"),
        # Far from where it would be.
        ("货币稳定:monetary stability", "货币体系:monetary system", "货币稳定" + "。其余" * 60,
         "Stability." + " And so on" * 60 + " of the monetary system"),
    ],
)  # fmt: skip
def test_no_other_concept_without_evidence(own: str, other: str, source: str, target: str) -> None:
    base = glossary(("own", *_sides(own)), ("other", *_sides(other)))
    (first, *_) = verdicts(base, (source, target))
    assert first == (own.partition(":")[0], "unresolved", "")


def _sides(row: str) -> tuple[str, str]:
    zh, _, en = row.partition(":")
    return zh, en


@pytest.mark.parametrize(
    ("own", "other", "target"),
    [
        ("财资管理:treasury management", "财富管理:wealth management", "on wealth management"),
        ("监管科技:suptech", "合规科技:regulatory technology", "by regulatory technology"),
        ("银行公会:association of banks", "银行学会:Institute of Bankers", "the Institute of Bankers"),
    ],
)  # fmt: skip
def test_other_concept_with_evidence(own: str, other: str, target: str) -> None:
    base = glossary(("own", *_sides(own)), ("other", *_sides(other)))
    zh, rendering = own.partition(":")[0], other.partition(":")[2]
    assert verdicts(base, (zh, target)) == [(zh, "other-concept", rendering)]


def test_a_plain_glossary_with_a_shared_rendering_is_followed_to_the_full() -> None:
    """外币 may be "foreign exchange" alone: the nearer 外汇 must not take it away."""
    base = glossary(("a", "外汇", "foreign exchange|forex"), ("b", "外币", "foreign exchange"))
    for target in ("Forex and foreign exchange", "Foreign exchange and forex"):
        found = verdicts(base, ("外汇和外币", target))
        assert {v for _, v, _ in found} <= {"preferred", "admitted"}


def test_a_deprecated_form_is_not_taken_while_another_is_spare() -> None:
    terms = (Term("疫情", "zh"), Term("epidemic", "en"), Term("outbreak", "en", Status.DEPRECATED))
    base = Termbase("g", (Concept("e", terms),))
    assert verdicts(base, ("疫情暴发", "The outbreak of the epidemic")) == [
        ("疫情", "preferred", "epidemic")
    ]
    assert verdicts(base, ("疫情", "The outbreak")) == [("疫情", "deprecated", "outbreak")]


def test_an_expansion_that_the_termbase_does_not_have_is_asked_of_nobody() -> None:
    term = Term("IPO", "en", Status.ADMITTED, expansion="initial public offering")
    base = Termbase("g", (Concept("ipo", (Term("首次公开募股", "zh"), term)),))
    found = verdicts(base, ("首次公开募股", "An IPO."), ("首次公开募股", "The IPO."))
    assert [v for _, v, _ in found] == ["admitted", "admitted"]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("募股", "The IPO.", ["deprecated"]),
        ("募股、募股", "An IPO (initial public offering).", ["admitted", "preferred"]),
        ("募股、募股", "An initial public offering (IPO).", ["preferred", "admitted"]),
        # Where a longer term has the words, they have appeared all the same.
        (
            "发行价、募股",
            "The initial public offering price of the IPO.",
            ["preferred", "admitted"],
        ),
    ],
)
def test_an_acronym_asks_for_its_expansion(source: str, text: str, expected: list[str]) -> None:
    term = Term("IPO", "en", Status.ADMITTED, expansion="Initial Public Offering")
    full = Term("initial public offering", "en")
    base = Termbase("g", (
        Concept("ipo", (Term("募股", "zh"), full, term)),
        Concept("price", (Term("发行价", "zh"), Term("initial public offering price", "en"))),
    ))  # fmt: skip
    assert [v for _, v, _ in verdicts(base, (source, text))] == expected


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


@given(st.lists(st.dictionaries(st.integers(0, 3), st.integers(0, 9), max_size=4), max_size=4))
def test_closest_matching_is_optimal(rows: list[dict[int, int]]) -> None:
    """Compared with every possible pairing."""
    costs = {n: {c: float(cost) for c, cost in row.items()} for n, row in enumerate(rows)}
    found = closest_matching(costs)
    assert len(set(found.values())) == len(found)
    every = [
        (-size, sum(costs[r][c] for r, c in zip(chosen, order, strict=True)))
        for size in range(len(rows) + 1)
        for chosen in combinations(range(len(rows)), size)
        for order in permutations(range(4), size)
        if all(c in costs[r] for r, c in zip(chosen, order, strict=True))
    ]
    assert (-len(found), sum(costs[r][c] for r, c in found.items())) == min(every)


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


def test_the_signature_names_what_decides(termbase: Termbase) -> None:
    from importlib import metadata

    stemmer = metadata.version("snowballstemmer")
    assert f"|en:snowballstemmer-{stemmer}|" in TermAdherence(termbase).signature([])
    pytest.importorskip("opencc")
    folded = TermAdherence(termbase, fold_scripts=True).signature([])
    assert re.search(r"\|scripts:folded-[A-Za-z-]*opencc[a-z-]*-\d", folded, re.IGNORECASE)
