"""What a review is: the plain values that the workbook shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xindaya.metrics.acceptance import Plan
from xindaya.metrics.mqm import (
    LEAST_SIZE,
    PRESETS,
    Linear,
    Tolerance,
    Weights,
    logarithmic,
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down.

    Attributes:
        name: As it stands in the cell.
        meaning: What it is for, in a sentence.
        points: What it costs, as text; empty where it costs nothing by itself.
    """

    name: str
    meaning: str
    points: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A plan by attributes, which a delivery has to pass beside the score.

    Attributes:
        plan: How many segments are judged, and how many of them may be bad.
        severity: Severity from which on one counted error makes its segment bad.
    """

    plan: Plan
    severity: str


@dataclass(frozen=True, slots=True)
class Scoring:
    """How errors become a score and a verdict.

    Attributes:
        category_set: Name of the weights, a key of ``metrics.mqm.PRESETS``.
        pass_mark: Score at which a lot just passes, in [0, 100).
        side: Side whose text is the size: ``source`` or ``target``.
        points: Two (size, tolerated points) of the non-linear model, or none for the linear one.
        per_thousand: Points that the linear model tolerates in 1,000 units; None for those that
            make the calibrated score equal the raw one.
        least: Smallest size that gets a verdict.
        acceptance: The plan by which the sample was drawn, or None.
    """

    category_set: str = "mqm"
    pass_mark: float = 95.0
    side: str = "source"
    points: tuple[Point, ...] = ()
    per_thousand: float | None = None
    least: int = LEAST_SIZE
    acceptance: Acceptance | None = None

    @property
    def weights(self) -> Weights:
        """Penalty points."""
        return PRESETS[self.category_set]

    @property
    def tolerance(self) -> Tolerance:
        """Points tolerated by size."""
        if self.points:
            first, second = self.points
            return logarithmic(first, second)
        rate = 10 * (100 - self.pass_mark) if self.per_thousand is None else self.per_thousand
        return Linear(rate)


@dataclass(frozen=True, slots=True)
class Draw:
    """How the segments were chosen.

    Attributes:
        how: ``all``, ``sample`` or ``worst first``.
        asked: Number of segments asked for; 0 for all.
        seed: Of the random draw; 0 where nothing is random.
        rule: The rule in one sentence.
    """

    how: str
    asked: int
    seed: int
    rule: str

    @property
    def represents(self) -> bool:
        """True if a score of these segments says something about the whole."""
        return self.how != "worst first"


@dataclass(frozen=True, slots=True)
class Item:
    """A segment to be judged.

    Attributes:
        id: Segment id.
        document: Document id.
        source: True text; cells show it with its invisible characters named.
        target: The same of the system's output.
        reference: First reference, or empty.
        flags: What the machine noticed, one sentence each; never part of a score.
        checksum: SHA-256 of id, source and target.
    """

    id: str
    document: str
    source: str
    target: str
    reference: str
    flags: tuple[str, ...]
    checksum: str


@dataclass(frozen=True, slots=True)
class Review:
    """The texts of one system that persons judge, and how.

    Attributes:
        version: Of this program.
        corpus: Name of the corpus.
        corpus_sha256: Hash of its sources and references.
        source_lang: ``zh`` or ``en``.
        target_lang: The other one.
        system: Name of the judged system.
        outputs_sha256: Hash of all its outputs.
        signatures: Metric name to signature, for the record.
        segments: Number of segments in the corpus.
        documents: Number of documents in the corpus.
        draw: How the items were chosen.
        scoring: How errors become a score.
        categories: What an error may be.
        severities: How bad it may be.
        items: In reading order.
        size: Text of the items, in `unit`.
        unit: Such as ``source characters``.
        has_reference: Whether the reference is shown.
    """

    version: str
    corpus: str
    corpus_sha256: str
    source_lang: str
    target_lang: str
    system: str
    outputs_sha256: str
    signatures: Mapping[str, str]
    segments: int
    documents: int
    draw: Draw
    scoring: Scoring
    categories: tuple[Choice, ...]
    severities: tuple[Choice, ...]
    items: tuple[Item, ...]
    size: int
    unit: str
    has_reference: bool
