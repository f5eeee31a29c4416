from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from xindaya import streaming
from xindaya.metrics import BLEU, Metric, make_metrics
from xindaya.metrics.metric import sum_rows
from xindaya.pairs import Corpus, InputError, NothingToEvaluateError, write_parallel


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("block", [1, 8, 8192])
def test_blocks_add_up_to_the_whole(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, block: int, threads: int
) -> None:
    monkeypatch.setattr(streaming, "BLOCK", block)
    monkeypatch.setattr(streaming, "cores", lambda: threads)
    write_parallel(corpus, tmp_path)
    metrics = make_metrics(["bleu", "chrf++", "ter"])
    found = streaming.stream_totals(
        metrics,
        [tmp_path / f"reference.{n}.en" for n in corpus.reference_names],
        [tmp_path / f"system.{n}.en" for n in corpus.systems],
    )
    outputs = list(corpus.systems.values())
    rows = {name: metric.rows(corpus.segments, outputs) for name, metric in metrics.items()}
    assert found == {name: list(map(sum_rows, mine)) for name, mine in rows.items()}


def test_files_of_different_length_are_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x\ny\n")
    (tmp_path / "b").write_text("x\n")
    metrics = make_metrics(["bleu"])
    assert streaming.stream_totals(metrics, [tmp_path / "a"], [tmp_path / "b"]) is None
    (tmp_path / "c").write_text("")
    with pytest.raises(NothingToEvaluateError):
        streaming.stream_totals(metrics, [tmp_path / "c"], [tmp_path / "c"])


@pytest.mark.parametrize("threads", [1, 4])
def test_a_fault_anywhere_stops_all_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    monkeypatch.setattr(streaming, "BLOCK", 2)
    monkeypatch.setattr(streaming, "cores", lambda: threads)
    before = threading.active_count()
    (tmp_path / "a").write_text("x y z w\n" * 60_000)
    (tmp_path / "b").write_bytes(b"x y z w\n" * 59_999 + b"\xff\n")
    metrics = make_metrics(["bleu"])
    with pytest.raises(InputError, match="b, line 60000: found bytes ff"):
        streaming.stream_totals(metrics, [tmp_path / "a"], [tmp_path / "b"])

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(BLEU, "totals", fail)
    with pytest.raises(MemoryError):
        streaming.stream_totals(metrics, [tmp_path / "a"], [tmp_path / "a"])
    assert threading.active_count() == before


def test_totals_are_those_of_rows_without_a_shorter_way() -> None:
    references, outputs = [["a b c", "a b"], ["d e", None]], [["a c", "d"], ["", "d e f"]]
    for metric in make_metrics(["bleu", "chrf++", "ter"]).values():
        assert metric.totals(references, outputs) == Metric.totals(metric, references, outputs)


def test_a_bare_score_loads_nothing_heavy(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("x y z w\n")
    code = f"""
import sys
from xindaya.cli import invoke
assert invoke(["score", "-r", {str(file)!r}, "-i", {str(file)!r}, "-b", "-m", "bleu,chrf"]) == 0
heavy = {{"numpy", "sacrebleu", "jieba", "xindaya.pairs.corpus", "xindaya.pairs.formats"}}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert child.stdout == "100.00\n100.00\n", child.stderr
    assert child.returncode == 0, child.stderr
