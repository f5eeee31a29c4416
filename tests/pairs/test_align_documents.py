"""Whole documents: what must hold for any input, and real documents with known answers."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xindaya.pairs import Termbase
from xindaya.pairs.align import Bead, Unit, align_documents, read_lexicon

ZH = [
    "二零二三年度报告",
    "2023年,公司收入增长12.5%,达到6亿元,超过了去年的水平。",
    "我们在上海和北京开设了190多家商店,员工增加到3500人。",
    "董事长李明表示:“明年会更好吗?我们相信会。”",
    "一、市场",
    "9月6日,公司发布了新的GPS手表,受到消费者欢迎。",
    "由于原材料价格上涨,生产成本上升了4%。",
]
EN = [
    "Annual Report 2023",
    "In 2023 the company's revenue grew by 12.5% to 600 million yuan, above last year's level.",
    "We opened more than 190 stores in Shanghai and Beijing, and our staff grew to 3,500.",
    'Chairman Li Ming said: "Will next year be better? We believe so."',
    "1. The market",
    "On September 6 the company released a new GPS watch, which consumers welcomed.",
    "Because raw material prices rose, production costs went up by 4%.",
]


def links(beads: Sequence[Bead]) -> set[tuple[int, int]]:
    return {(z, e) for bead in beads for z in bead.zh_lines for e in bead.en_lines}


def covered(beads: Sequence[Bead]) -> tuple[list[int], list[int]]:
    return (
        [n for bead in beads for n in bead.zh_lines],
        [n for bead in beads for n in bead.en_lines],
    )


LINES = st.lists(
    st.one_of(
        st.sampled_from([*ZH, *EN, "", " ", "新闻", "- 3 -", "2024-08-12", "……", "?", "\u200b"]),
        st.text(max_size=30),
    ),
    max_size=12,
)


@given(LINES, LINES, st.sampled_from(list(Unit)))
@settings(max_examples=60, deadline=None)
def test_every_line_exactly_once_in_order(zh: list[str], en: list[str], unit: Unit) -> None:
    beads = align_documents(zh, en, unit=unit)
    for side, numbers in zip((zh, en), covered(beads), strict=True):
        count = sum(bool(line.strip()) for line in side)
        if unit is Unit.SENTENCE:
            # Sentences of a line share its number.
            assert numbers == sorted(numbers)
            numbers = sorted(set(numbers))
        assert numbers == list(range(1, count + 1))
    assert "".join("".join(b.zh for b in beads).split()) == "".join("".join(zh).split())
    assert "".join("".join(b.en for b in beads).split()) == "".join("".join(en).split())
    assert all(0 <= bead.confidence <= 1 for bead in beads)


def test_translations_pair_one_to_one() -> None:
    beads = align_documents(ZH, EN)
    assert links(beads) == {(n, n) for n in range(1, len(ZH) + 1)}
    assert all(bead.confidence > 0.8 for bead in beads)


@pytest.mark.parametrize("missing", range(len(ZH)))
def test_a_missing_line_leaves_its_counterpart_alone(missing: int) -> None:
    zh = ZH[:missing] + ZH[missing + 1 :]
    beads = align_documents(zh, EN)
    expected = {(n if n <= missing else n - 1, n) for n in range(1, len(ZH) + 1)}
    assert links(beads) == {(z, e) for z, e in expected if e != missing + 1}


@pytest.mark.parametrize("place", range(len(ZH) - 1))
def test_a_merged_line_joins_both(place: int) -> None:
    zh = [*ZH[:place], ZH[place] + ZH[place + 1], *ZH[place + 2 :]]
    beads = align_documents(zh, EN)
    assert {(place + 1, place + 1), (place + 1, place + 2)} <= links(beads)
    assert len(links(beads)) == len(EN)


FURNITURE = st.lists(
    st.sampled_from(["Menu", "2019-01-02", "Page 7 of 9", "Cookie settings", "EnglishDeutsch日本語"]),
    max_size=4,
    unique=True,
)  # fmt: skip


@given(FURNITURE, FURNITURE)
@settings(max_examples=25, deadline=None)
def test_furniture_at_the_end_changes_nothing_else(some: list[str], other: list[str]) -> None:
    pairs = {(n, n) for n in range(1, len(ZH) + 1)}
    assert links(align_documents(ZH, EN + some)) == pairs
    assert links(align_documents(ZH, EN + other)) == pairs


def test_sentences_are_aligned_across_lines() -> None:
    zh = ["他来了。她在2023年走了。", "天气很好吗?"]
    en = ["He came.", "She left in 2023. Is the weather good?"]
    beads = align_documents(zh, en, unit="sentence")
    assert [(b.zh_lines, b.en_lines) for b in beads] == [((1,), (1,)), ((1,), (2,)), ((2,), (2,))]


def test_termbase_and_lexicon_are_evidence(tmp_path: Path, termbase: Termbase) -> None:
    # Two lines each, of the same length, without anything else in common; one pair is missing.
    zh, en = (
        ["国家网信办设立"],
        ["Qqqq wwww eeee rrrr tttt", "Cyberspace Administration of China xx"],
    )
    assert (1, 2) in links(align_documents(zh, en, termbase=termbase))
    words = tmp_path / "words.u8"
    words.write_text("設立 设立 [she4 li4] /qqqq wwww/eeee rrrr/\n", encoding="utf-8")
    found = links(align_documents(["设立设立设立设"], [en[0], "Yyyy uuuu iiii oooo pppp"],
                                  lexicon=read_lexicon(words)))  # fmt: skip
    assert found == {(1, 1)}


@pytest.mark.parametrize(
    ("zh", "en"),
    [([], []), (["", " "], ["A"]), (["甲"], []), (["甲。"], ["A."]), (["甲"], ["A"] * 30)],
)
def test_small_and_empty_documents(zh: list[str], en: list[str]) -> None:
    beads = align_documents(zh, en)
    assert covered(beads) == (
        list(range(1, sum(bool(z.strip()) for z in zh) + 1)), list(range(1, len(en) + 1)),
    )  # fmt: skip


def test_repeated_lines_follow_their_neighbours() -> None:
    zh = [line for n in range(20) for line in (ZH[n % 7], "资料来源:政府统计处。")]
    en = [line for n in range(20) for line in (EN[n % 7], "Source: Census and Statistics Office.")]
    assert links(align_documents(zh, en)) == {(n, n) for n in range(1, 41)}
    same = align_documents(["同一行。"] * 50, ["The same line."] * 50)
    assert links(same) == {(n, n) for n in range(1, 51)}


def test_long_documents() -> None:
    zh = [f"{ZH[n % 7]}第{n}号文件{n * 37 % 1000}。" for n in range(2000)]
    en = [f"{EN[n % 7]} Document {n}, {n * 37 % 1000}." for n in range(2000)]
    beads = align_documents(zh, en[:1000] + en[1050:])
    expected = {(n, n if n <= 1000 else n - 50) for n in [*range(1, 1001), *range(1051, 2001)]}
    assert len(links(beads) & expected) >= 0.98 * len(expected)


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "alignment.py"
    spec = importlib.util.spec_from_file_location("alignment_benchmark", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_seed_documents(data: Path) -> None:
    zh, en = (
        next((data / "seeds").glob(f"{number}*")).read_text(encoding="utf-8").split("\n")
        for number in ("001", "000")
    )
    # Read by hand: the title is English line 2, after "news". The Chinese date line (2) and the
    # English date and language list (3, 4) have no counterpart; from there on line n is line n + 2,
    # up to the last passage, before the Chinese credits (36).
    gold = {(1, 2)} | {(n, n + 2) for n in range(3, 36)}
    beads = align_documents(zh, en)
    assert links(beads) == gold
    assert sum(len(b.zh_lines) == len(b.en_lines) == 1 for b in beads) == 34


@pytest.mark.parametrize(("condition", "least"), [("0", 0.98), ("0.1", 0.95)])
@pytest.mark.parametrize("corpus", ["wmt25-terminology", "lexical-consistency"])
def test_real_documents(
    data: Path, benchmark: ModuleType, corpus: str, condition: str, least: float
) -> None:
    counts = benchmark.Counts()
    chosen = [d for d in benchmark.documents() if d.corpus == corpus and d.half == "held-out"]
    for document in chosen[::4]:
        sample = benchmark.disturb(document, float(condition), seed=7)
        counts.add(links(align_documents(sample.zh, sample.en)), sample.gold, 0.0)
    assert counts.true > 200
    assert counts.f1 >= least
