"""Scores that were computed elsewhere: a neural metric, a judge, a person; a metric like the others.

A row is a sum and a count, so a corpus score is the mean over what was scored. An output that could
not be scored has the row (0, 0) and a reason: it is never 0 and never dropped, and two systems are
compared on the segments that are scored in both. Each score is kept by the hash of the texts it was
made from: other texts have none.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from xindaya.metrics.metric import Metric, Progress, Rows, check_shape
from xindaya.pairs import Segment, UsageError
from xindaya.pairs.corpus import digest_of
from xindaya.pairs.errors import ascii_controls, preview
from xindaya.pairs.wording import counted

NAME = re.compile(r"[^\W\d_][\w+.-]{0,39}")
"""What a measure may be called: it names files, keys of specs and sides of gates."""

Z_95 = 1.959964
"""95 % of a normal distribution lie within so many standard deviations."""

_LONGEST = 200  # characters of a field of a signature

Texts = tuple[Segment, str]
"""A segment and an output of it."""


@dataclass(frozen=True, slots=True)
class ErrorSpan:
    """An error that a measure found at a place.

    Attributes:
        start: First character.
        end: The one after the last; `start` of an omission that has no place.
        severity: ``minor``, ``major`` or ``critical``.
        category: As the measure calls it; MQM's where it has one.
        text_of: ``output`` or ``source``: where the characters are counted.
        note: What the measure says of it.
    """

    start: int
    end: int
    severity: str
    category: str = ""
    text_of: str = "output"
    note: str = ""


@dataclass(frozen=True, slots=True)
class SegmentScore:
    """One score of one output, or why there is none.

    Attributes:
        value: The score; None where the output was not scored.
        reason: Why it was not.
        spans: Errors that were found, if the measure places them.
    """

    value: float | None
    reason: str = ""
    spans: tuple[ErrorSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes two numbers of a measure comparable; what nobody stated is empty or None.

    Attributes:
        measure: What was computed, such as ``COMET``.
        model: Such as ``Unbabel/wmt22-comet-da``.
        revision: Of the model.
        package: That computed it.
        version: Of the package.
        dtype: Of the model's numbers.
        device: That computed.
        reference: Whether references were looked at.
        source: Whether sources were.
        cut_at: Longest input in tokens.
        cut: How many outputs were longer and hence not scored.
        prompt: Hash of a judge's prompt.
        temperature: Of a judge.
        repeats: How often it was asked.
        noise: Standard deviation of its scores of one output, in points; None where it was asked once.
        failed: How many outputs were not scored for another reason.
        higher_is_better: Which end of the scale is good.
        extra: What else decides the numbers, by key.
    """

    measure: str
    model: str = ""
    revision: str = ""
    package: str = ""
    version: str = ""
    dtype: str = ""
    device: str = ""
    reference: bool | None = None
    source: bool | None = None
    cut_at: int | None = None
    cut: int = 0
    prompt: str = ""
    temperature: float | None = None
    repeats: int | None = None
    noise: float | None = None
    failed: int = 0
    higher_is_better: bool = True
    extra: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """Formats the signature: ``measure:COMET|model:…|rev:…|…|not-scored:2``."""
        fields: list[tuple[str, object]] = [
            ("measure", self.measure),
            ("model", self.model or "unstated"),
            ("rev", self.revision),
            ("pkg", self.package),
            ("version", self.version),
            ("dtype", self.dtype),
            ("device", self.device),
            ("ref", self.reference),
            ("src", self.source),
            ("max-tokens", self.cut_at),
            ("prompt", self.prompt),
            ("temp", None if self.temperature is None else f"{self.temperature:g}"),
            ("repeats", self.repeats),
            ("better", None if self.higher_is_better else "lower"),
            *self.extra,
            (NOISE, None if self.noise is None else f"{self.noise:.4g}"),
            (CUT, self.cut or None),
            (FAILED, self.failed or None),
        ]
        return "|".join(
            f"{_plain(key)}:{_plain(value)}" for key, value in fields if value not in (None, "")
        )


CUT, FAILED, NOISE = "cut", "failed", "noise"


def comparable(signature: str) -> str:
    """Returns what of a signature must be equal: all but what was found out on the way.

    Two systems are compared on the segments that both have scores of, however many those are.
    """
    found = (f"{CUT}:", f"{FAILED}:", f"{NOISE}:")
    return "|".join(part for part in signature.split("|") if not part.startswith(found))


@dataclass(frozen=True)
class Scores(Metric):
    """A measure whose numbers were computed elsewhere.

    Attributes:
        title: What it is called here.
        identity: What makes its numbers comparable.
        table: Scores by `key_of` their texts; of those that stand in several segments with several
            scores, by that of the segment's id and the texts.
        notes: What a reader should know of where they come from.
    """

    title: str
    identity: Identity
    table: Mapping[bytes, SegmentScore] = field(repr=False, hash=False)
    notes: tuple[str, ...] = field(default=(), repr=False, compare=False)

    needs_reference: ClassVar[bool] = False
    explained: ClassVar[str] = "scores"

    def __post_init__(self) -> None:
        check_name(self.title)

    @classmethod
    def of(
        cls,
        title: str,
        identity: Identity,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        scores: Sequence[Sequence[SegmentScore]],
    ) -> Scores:
        """Makes the measure from the scores of a corpus.

        What stands in a segment more than once, as the equal outputs of two systems, has one score:
        the mean of those given. `Identity.failed` is counted here.

        Args:
            title: What it is called here.
            identity: What makes its numbers comparable.
            segments: The segments.
            outputs: One sequence of texts a system, each as long as `segments`.
            scores: Likewise, a score each.
        """
        check_shape(segments, outputs)
        pairs = list(_pairs(segments, outputs))
        return cls.from_texts(title, identity, zip(pairs, _flat(scores), strict=True))

    @classmethod
    def from_texts(
        cls,
        title: str,
        identity: Identity,
        scored: Iterable[tuple[Texts, SegmentScore]],
        *,
        notes: tuple[str, ...] = (),
    ) -> Scores:
        """Makes the measure from pairs of texts and score; see `of`."""
        table: dict[bytes, SegmentScore] = {}
        first: dict[bytes, str] = {}
        several: dict[bytes, dict[str, list[SegmentScore]]] = {}
        failed, key = -identity.cut, _Keys(identity)
        for (segment, output), score in scored:
            k = key(segment, output)
            failed += score.value is None
            if k not in table:
                table[k], first[k] = score, segment.id
                continue
            by_id = several.setdefault(k, {first[k]: [table[k]]})
            by_id.setdefault(segment.id, []).append(score)
        for k, by_id in several.items():
            found = {i: mean_of(given) for i, given in by_id.items()}
            if len({*found.values()}) == 1:
                table[k] = next(iter(found.values()))
            else:
                del table[k]
                table |= {_with_id(i, k): score for i, score in found.items()}
        return cls(title, replace(identity, failed=max(0, failed)), table, notes)

    @property
    def name(self) -> str:
        return self.title

    @property
    def higher_is_better(self) -> bool:  # type: ignore[override]
        return self.identity.higher_is_better

    @property
    def columns(self) -> tuple[str, ...]:
        return "sum", "count"

    def entry(self, segment: Segment, output: str) -> SegmentScore | None:
        """Returns the score of an output, or None where these texts have none."""
        return self._at(segment, key_of(segment, output, self.identity))

    def entries(
        self, segments: Sequence[Segment], outputs: Sequence[Sequence[str]]
    ) -> list[SegmentScore | None]:
        """Returns the scores of all outputs, system by system; None where texts have none."""
        key = _Keys(self.identity)
        return [
            self._at(segment, key(segment, text)) for segment, text in _pairs(segments, outputs)
        ]

    def _at(self, segment: Segment, key: bytes) -> SegmentScore | None:
        return self.table.get(key) or self.table.get(_with_id(segment.id, key))

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        """Looks the scores up; shape (systems, segments, 2), (0, 0) where one was not scored.

        Raises:
            UsageError: If an output has no entry.
        """
        import numpy as np

        check_shape(segments, outputs)
        found = self.entries(segments, outputs)
        if None in found:
            place = found.index(None)
            segment = segments[place % len(segments)]
            text = outputs[place // len(segments)][place % len(segments)]
            raise UsageError(
                f"{self.title} has no score of segment {preview(segment.id)}, {preview(text)} "
                f"({counted(found.count(None), 'output')} without): its scores were made from other texts"
            )
        values = [(0.0, 0.0) if s.value is None else (s.value, 1.0) for s in found if s]
        if progress:
            progress(len(found))
        return np.array(values, dtype=np.float64).reshape(len(outputs), len(segments), 2)

    def score(self, row: Sequence[Any]) -> float:
        """Returns the mean of what was scored; NaN where nothing was."""
        total, count = row
        return float(total / count) if count else math.nan

    def scores(self, rows: Rows) -> Rows:
        import numpy as np

        with np.errstate(invalid="ignore", divide="ignore"):
            means: Rows = rows[:, 0] / rows[:, 1]
            return means

    def paired(self, then: Rows, now: Rows) -> tuple[Rows, Rows]:
        shared = (then[:, 1:] > 0) & (now[:, 1:] > 0)
        return then * shared, now * shared

    @cached_property
    def places_errors(self) -> bool:
        """Whether it says where errors are: in an output without any, it found none."""
        return any(score.spans for score in self.table.values())

    def floor(self, segments: int) -> float:
        """Returns the judge's own noise: what its repeats alone would make of two equal systems.

        The difference of two means over n segments, each score the mean of k repeats with standard
        deviation s, has the standard error s·√(2 / (k·n)).
        """
        noise, repeats = self.identity.noise or 0.0, self.identity.repeats or 1
        return Z_95 * noise * math.sqrt(2 / (repeats * max(1, segments)))

    def scored(self, rows: Rows) -> Rows:
        marks: Rows = rows[..., 1] > 0
        return marks

    def reasons(self, segments: Sequence[Segment], outputs: Sequence[str]) -> dict[str, int]:
        entries = self.entries(segments, [outputs])
        return dict(Counter(e.reason for e in entries if e and e.value is None).most_common())

    def saved(self) -> dict[str, Any]:
        """Returns little: a run folder keeps the scores themselves, with their identity."""
        return {"notes": list(self.notes)}

    def signature(self, segments: Sequence[Segment]) -> str:
        return str(self.identity)

    @cached_property
    def digits(self) -> int:  # type: ignore[override]
        """As many as the scale needs: four for COMET's 0 to 1, three for MetricX's 0 to 25."""
        largest = max((abs(s.value) for s in self.table.values() if s.value is not None), default=0)
        return 4 if largest <= 2 else 3 if largest <= 30 else 2


def told(
    metrics: Iterable[Metric], segments: Sequence[Segment], systems: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, int, SegmentScore]]:
    """Yields what measures say beside a number: where errors are, and why there is no score.

    Args:
        metrics: Of which only such measures have anything to say.
        segments: The segments.
        systems: Name to outputs.

    Yields:
        Measure, system, position of the segment, and the score.
    """
    for metric in metrics:
        if not isinstance(metric, Scores):
            continue
        if not any(score.spans or score.value is None for score in metric.table.values()):
            continue
        for system, outputs in systems.items():
            for position, pair in enumerate(_pairs(segments, [outputs])):
                score = metric.entry(*pair)
                if score and (score.spans or score.value is None):
                    yield metric.title, system, position, score


def check_name(name: str) -> None:
    """Raises UsageError unless a measure may be called so."""
    if not NAME.fullmatch(name):
        raise UsageError(
            f"the measure {preview(name)}: expected a name of letters, digits and _+.-, such as COMET"
        )


def key_of(segment: Segment, output: str, identity: Identity) -> bytes:
    """Returns the hash of the texts that a score was made from.

    Source and references are among them unless the measure is known not to look at them.
    """
    return _Keys(identity)(segment, output)


class _Keys:
    """Hashes texts, those of a segment once for all its outputs."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity
        self._known: dict[int, tuple[Segment, bytes]] = {}

    def __call__(self, segment: Segment, output: str) -> bytes:
        known = self._known.get(id(segment))
        if known is None:
            source = () if self._identity.source is False else (segment.source,)
            references = () if self._identity.reference is False else segment.references
            known = segment, digest_of((*source, None, *references))
            self._known[id(segment)] = known
        return hashlib.sha256(known[1] + output.encode("utf-8", "surrogatepass")).digest()


def _with_id(segment: str, key: bytes) -> bytes:
    return digest_of((segment, key.hex()))


def mean_of(given: Sequence[SegmentScore]) -> SegmentScore:
    """Returns one score for several of one text: their mean, with the places that the first has."""
    if len(given) == 1:
        return given[0]
    values = [s.value for s in given if s.value is not None]
    if not values or len({*given}) == 1:
        return given[0]
    first = next(s for s in given if s.value is not None)
    return replace(first, value=math.fsum(values) / len(values))


def _pairs(segments: Sequence[Segment], outputs: Sequence[Sequence[str]]) -> Iterator[Texts]:
    for texts in outputs:
        yield from zip(segments, texts, strict=True)


def _flat(scores: Iterable[Sequence[SegmentScore]]) -> Iterator[SegmentScore]:
    for own in scores:
        yield from own


def _plain(value: object) -> str:
    """Returns a value as it stands in a signature: one printable line, whose fields bars part."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ascii_controls(re.sub(r"[|`\s]+", " ", str(value)).strip())[:_LONGEST]
