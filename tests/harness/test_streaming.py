from __future__ import annotations

from pathlib import Path

import pytest

from xindaya import streaming
from xindaya.metrics import make_metrics
from xindaya.pairs import Corpus, NothingToEvaluateError, write_parallel


@pytest.mark.parametrize("block", [1, 3, 4096])
def test_blocks_add_up_to_the_whole(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(streaming, "BLOCK", block)
    write_parallel(corpus, tmp_path)
    metrics = make_metrics(["bleu", "chrf++", "ter"])
    found = streaming.stream_totals(
        metrics,
        [tmp_path / f"reference.{n}.en" for n in corpus.reference_names],
        [tmp_path / f"system.{n}.en" for n in corpus.systems],
    )
    outputs = list(corpus.systems.values())
    assert found == {n: m.totals(corpus.segments, outputs) for n, m in metrics.items()}


def test_files_of_different_length_are_left_to_the_reader(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x\ny\n")
    (tmp_path / "b").write_text("x\n")
    metrics = make_metrics(["bleu"])
    assert streaming.stream_totals(metrics, [tmp_path / "a"], [tmp_path / "b"]) is None
    (tmp_path / "c").write_text("")
    with pytest.raises(NothingToEvaluateError):
        streaming.stream_totals(metrics, [tmp_path / "c"], [tmp_path / "c"])
