"""The test that uses the fixtures: its marker, its options, and the corpus made of its lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from xindaya.metrics.judging.outcome import ALPHA, SEED
from xindaya.pairs import Corpus, Segment, Termbase, UsageError
from xindaya.pairs.direction import settled, stated
from xindaya.pairs.lines import read_lines
from xindaya.pytest_plugin.fixtures import USED
from xindaya.pytest_plugin.options import OPTIONS, MtOptions
from xindaya.pytest_plugin.results import Result, add_result
from xindaya.settings import Settings

Texts = Sequence[str] | Path
"""Texts, or a file with one a line."""


@dataclass(frozen=True)
class Marker:
    """What ``@pytest.mark.mt(…)`` may say."""

    metrics: Sequence[str] = ("bleu", "chrf")
    termbase: str | Path | Termbase | None = None
    fail_on: Sequence[str] = ()
    alpha: float | None = None
    undecided: str | None = None
    seed: int | None = None
    tokenize: str | None = None
    source_lang: str | None = None
    target_lang: str | None = None


@dataclass(frozen=True, repr=False)
class Context:
    """The test that uses the fixtures: its marker, and where results go."""

    item: pytest.Item
    marker: Marker
    options: MtOptions
    root: Path

    @classmethod
    def of(cls, request: pytest.FixtureRequest) -> Context:
        """Reads the markers of a test; the nearest wins.

        Raises:
            pytest.UsageError: If a marker says something unknown.
        """
        said: dict[str, Any] = {}
        for mark in reversed(list(request.node.iter_markers("mt"))):
            said |= mark.kwargs
            unknown = set(mark.kwargs) - set(Marker.__dataclass_fields__)
            if unknown or mark.args:
                raise pytest.UsageError(
                    f"@pytest.mark.mt: unknown {', '.join(sorted(unknown)) or 'positional value'}"
                    f" (known: {', '.join(Marker.__dataclass_fields__)})"
                )
        if said.get("undecided") not in (None, "pass", "fail"):
            raise pytest.UsageError(
                f'@pytest.mark.mt: undecided={said["undecided"]!r}, expected "pass" or "fail"'
            )
        config = request.config
        return cls(request.node, Marker(**said), config.stash[OPTIONS], config.rootpath)

    @property
    def alpha(self) -> float:
        """Significance level: command line, marker, 0.05."""
        given = self.options.alpha if self.options.alpha is not None else self.marker.alpha
        return ALPHA if given is None else given

    @property
    def undecided_fails(self) -> bool:
        """Whether a loss fails that the data are too few to judge: command line, marker, no."""
        if self.options.undecided_fails is not None:
            return self.options.undecided_fails
        return self.marker.undecided == "fail"

    @property
    def seed(self) -> int:
        """Seed: command line, marker, sacrebleu's."""
        given = self.options.seed if self.options.seed is not None else self.marker.seed
        return SEED if given is None else given

    def settings(self, metrics: Sequence[str] | None) -> Settings:
        """Returns how to evaluate."""
        return Settings(
            metrics=tuple(metrics or self.marker.metrics),
            tokenize=self.marker.tokenize,
            seed=self.seed,
            alpha=self.alpha,
            confidence_samples=0,
        )

    def termbase(self, given: str | Path | Termbase | None) -> Path | Termbase | None:
        """Returns the termbase; a path is taken from the folder of the test."""
        chosen = given if given is not None else self.marker.termbase
        if chosen is None or isinstance(chosen, Termbase):
            return chosen
        return self.item.path.parent / chosen

    def corpus(self, systems: Mapping[str, Texts], texts: Mapping[str, Any]) -> Corpus:
        """Builds the corpus of a test."""
        __tracebackhide__ = True
        return _corpus(systems, self.marker, **texts)

    def give(self, value: Any, *results: Result) -> None:
        """Sends results along, and remembers what to blame if the test fails."""
        self.item.stash.setdefault(USED, []).append(value)
        for result in results:
            add_result(self.item, result)


def _corpus(
    systems: Mapping[str, Texts],
    marker: Marker,
    *,
    references: Texts | Mapping[str, Texts] | None,
    sources: Texts | None,
    ids: Sequence[str] | None,
    documents: Sequence[str] | None,
) -> Corpus:
    """Joins lists of texts to a corpus; every list must have the same length."""
    __tracebackhide__ = True
    outputs = {name: _texts(name, texts) for name, texts in systems.items()}
    named = references if isinstance(references, Mapping) else {"reference": references}
    columns = {name: _texts(name, t) for name, t in named.items() if t is not None}
    source = _texts("sources", sources) if sources is not None else None
    first = next(iter(outputs))
    size = len(outputs[first])
    others = {**outputs, **columns, "sources": source, "ids": ids, "documents": documents}
    for name, texts in others.items():
        if texts is not None and len(texts) != size:
            raise UsageError(f"{len(texts)} {name} for {size} {first}: expected as many")
    direction = settled(
        "the lists of the test", stated(marker.source_lang, marker.target_lang), source or (),
        chain.from_iterable((columns or outputs).values()),
    )  # fmt: skip
    extra = direction.columns({})
    segments = tuple(
        Segment(
            id=ids[n] if ids else str(n + 1),
            source=source[n] if source is not None else None,
            references=tuple(texts[n] for texts in columns.values()),
            document=documents[n] if documents else "",
            extra=extra,
        )
        for n in range(size)
    )
    return Corpus("test", direction.source, direction.target, segments, tuple(columns), outputs)


def _texts(name: str, texts: Texts) -> tuple[str, ...]:
    __tracebackhide__ = True
    if isinstance(texts, Path):
        return tuple(read_lines(texts))
    if isinstance(texts, str):
        raise UsageError(f"{name} is one string; expected a list of texts, or a Path of a file")
    return tuple(texts)
