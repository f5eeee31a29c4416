"""Statistics found again: the same numbers, and never a changed entry."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xindaya import Settings, evaluate
from xindaya.cache import StatisticsCache, Texts
from xindaya.metrics import BLEU, CHRF, TER, Metric, Rows, make_metrics
from xindaya.metrics.metric import Progress
from xindaya.pairs import Corpus, Segment

METRICS = [BLEU(), CHRF(), CHRF(word_order=2), CHRF(char_order=3, word_order=1), TER()]


class Counting:
    """A metric that says how many systems it was asked for."""

    def __init__(self, metric: Metric) -> None:
        self._metric, self.asked = metric, [0]
        self.pack, self.unpack = metric.pack, metric.unpack

    def rows(
        self, segments: Sequence[Segment], outputs: Sequence[Sequence[str]], progress: Progress
    ) -> Rows:
        self.asked.append(len(outputs))
        return self._metric.rows(segments, outputs, progress)


def rows_of(cache: StatisticsCache, metric: Counting, corpus: Corpus, name: str = "") -> Rows:
    outputs = list(corpus.systems.values())
    done: list[int] = []
    texts = Texts.of(corpus.segments, outputs)
    rows = cache.rows(metric, name, texts, done.append)  # type: ignore[arg-type]
    assert sum(done) == len(outputs) * len(corpus.segments)
    return rows


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_rows_from_the_cache_are_those_computed(
    tmp_path: Path, corpus: Corpus, metric: Metric
) -> None:
    cache, counting = StatisticsCache(tmp_path, worth=0), Counting(metric)
    expected = metric.rows(corpus.segments, list(corpus.systems.values()))
    for _ in range(2):
        rows = rows_of(cache, counting, corpus)
        assert rows.dtype == expected.dtype
        assert (rows == expected).all()
    assert counting.asked == [0, len(corpus.systems)]


def test_only_new_outputs_are_computed(tmp_path: Path, corpus: Corpus) -> None:
    cache, counting = StatisticsCache(tmp_path, worth=0), Counting(BLEU())
    rows_of(cache, counting, corpus)
    changed = {**corpus.systems, "bad": ("x", *corpus.systems["bad"][1:])}
    rows_of(cache, counting, corpus.with_systems(changed))
    rows_of(cache, counting, corpus, name="another signature")
    assert counting.asked == [0, 2, 1, 2]


def test_texts_that_join_alike_are_told_apart(tmp_path: Path, corpus: Corpus) -> None:
    cache, counting = StatisticsCache(tmp_path, worth=0), Counting(BLEU())
    for texts in (
        ("ab", "c", "", ""),
        ("a", "bc", "", ""),
        ("", "a", "bc", ""),
        ("1:a", "", "", ""),
    ):
        rows_of(cache, counting, corpus.with_systems({"x": texts}))
    assert counting.asked == [0, 1, 1, 1, 1]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "swap", "rewrite"])
def test_a_changed_entry_is_never_trusted(tmp_path: Path, corpus: Corpus, damage: str) -> None:
    cache, counting = StatisticsCache(tmp_path, worth=0), Counting(CHRF())
    expected = rows_of(cache, counting, corpus)
    first, second = sorted(tmp_path.iterdir())
    content = first.read_bytes()
    if damage == "flip":
        first.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "cut":
        first.write_bytes(content[:-7])
    elif damage == "empty":
        first.write_bytes(b"")
    elif damage == "swap":
        first.write_bytes(second.read_bytes())
    else:
        first.write_bytes(b"\x80\x04\x95" + content)
    assert (rows_of(cache, counting, corpus) == expected).all()
    assert counting.asked == [0, 2, 1]  # and it is mended
    assert (rows_of(cache, counting, corpus) == expected).all()
    assert counting.asked == [0, 2, 1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_place_of_an_entry_does_not_block(tmp_path: Path, corpus: Corpus) -> None:
    cache = StatisticsCache(tmp_path, worth=0.0)
    expected = rows_of(cache, Counting(BLEU()), corpus)
    for entry in tmp_path.glob("*.rows"):
        entry.unlink()
        os.mkfifo(entry)
    assert (rows_of(cache, Counting(BLEU()), corpus) == expected).all()


def test_quick_work_is_not_kept_and_old_work_is_deleted(tmp_path: Path, corpus: Corpus) -> None:
    rows_of(StatisticsCache(tmp_path / "a", worth=60), Counting(BLEU()), corpus)
    assert not (tmp_path / "a").exists()
    rows_of(StatisticsCache(tmp_path / "b", worth=0, limit=300), Counting(BLEU()), corpus)
    assert len(list((tmp_path / "b").iterdir())) == 1  # an entry has 256 bytes and more


def test_a_place_that_cannot_be_written_costs_nothing(tmp_path: Path, corpus: Corpus) -> None:
    (tmp_path / "file").write_text("")
    cache = StatisticsCache(tmp_path / "file" / "below", worth=0)
    assert rows_of(cache, Counting(BLEU()), corpus).shape == (2, 4, 10)


def test_evaluations_use_it_unless_told_not_to(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINDAYA_CACHE", str(tmp_path))
    monkeypatch.setattr("xindaya.cache.StatisticsCache.__init__.__defaults__", (0.0, 1 << 30))
    quick = Settings(metrics=("bleu", "ter"), confidence_samples=0, test=None)
    scores = evaluate(corpus, settings=quick).scores
    kept = sorted((tmp_path / "statistics").iterdir())
    assert len(kept) == 4
    assert evaluate(corpus, settings=quick).scores == scores
    assert sorted((tmp_path / "statistics").iterdir()) == kept
    monkeypatch.setenv("XINDAYA_CACHE", "off")
    assert evaluate(corpus, settings=quick).scores == scores


def test_packing_keeps_every_number(corpus: Corpus) -> None:
    outputs = [["", " ", "a", "国家 abc 。"], list(corpus.systems["good"])]
    bare = [Segment(s.id, s.source, r, "d") for s, r in zip(
        corpus.segments, [("", "a b"), (" ",), ("x" * 9,), ("国", "a")], strict=True)]  # fmt: skip
    for name, metric in make_metrics(("bleu", "chrf", "chrf++", "ter")).items():
        rows = metric.rows(bare, outputs)
        packed = metric.pack(rows)
        assert np.array_equal(metric.unpack(packed), rows), name
        assert packed.dtype != np.int64


TEXT = st.text(
    st.sampled_from("ab .,-'\"&0119 \t\u3000国家。\u0301😀")
    | st.characters(exclude_categories=["Cs"]),
    max_size=12,
)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT | st.none()), min_size=1, max_size=4))
def test_packing_keeps_the_rows_of_any_text(texts: list[tuple[str, str, str | None]]) -> None:
    segments = [Segment(str(n), None, refs) for n, (_, *refs) in enumerate(texts)]
    outputs = [[output for output, *_ in texts]]
    for metric in METRICS:
        rows = metric.rows(segments, outputs)
        assert np.array_equal(metric.unpack(metric.pack(rows)), rows), metric


def test_packing_keeps_the_rows_of_wmt22(data: Path) -> None:
    stem = str(data / "wmt22-zhen" / "generaltest2022.zh-en")
    lines = {
        name: Path(f"{stem}.{name}.en").read_text("utf-8").split("\n")[:-1]
        for name in ("ref.A", "ref.B", "hyp.Online-A", "hyp.DLUT")
    }
    pairs = zip(lines["ref.A"], lines["ref.B"], strict=True)
    segments = [Segment(str(n), None, pair) for n, pair in enumerate(pairs)]
    for metric in METRICS[:3]:
        rows = metric.rows(segments, [lines["hyp.Online-A"], lines["hyp.DLUT"]])
        packed = metric.pack(rows)
        assert np.array_equal(metric.unpack(packed), rows)
        assert packed.shape[-1] * packed.itemsize <= 48
