"""The one idea of Xindaya: a metric is statistics plus a score.

*Rows* are numbers a segment that add up; a *score* is a function of a summed row::

    rows  = metric.rows(segments, outputs)      # (systems, segments, columns)
    score = metric.score(rows[k].sum(axis=0))   # corpus score of system k

Because rows add up, one pass over the text gives segment, document, domain and corpus scores,
confidence intervals, paired tests, and the work of several processes, all from the same rows.
"""

from __future__ import annotations

import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeAlias

from xindaya.metrics.engine.interface import add_up
from xindaya.pairs import UsageError
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xindaya.pairs import Segment

Rows: TypeAlias = "NDArray[Any]"
"""Sufficient statistics: integers, or float64 where a metric averages over references."""

LENGTH_0 = "a reference of length 0"

Progress = Callable[[int], None]
"""Called with the number of (system, segment) pairs just done."""


class About(NamedTuple):  # cheaper to make than a dataclass: bare scores wait for it
    """What is known of an option of a metric; command line and specs offer it from this.

    Attributes:
        kind: ``bool``, ``int``, ``float`` or ``str``.
        help: One phrase.
        name: As people type it where that is not the field's name; the prefix comes before it.
        short: Short name on the command line, as in sacrebleu.
        choices: All values of a string.
        most: Largest number; the least is 0.
        by_language: The target language decides where nobody does.
    """

    kind: type
    help: str
    name: str = ""
    short: str = ""
    choices: tuple[str, ...] = ()
    most: float = math.inf
    by_language: bool = False


def option(default: Any, about: About) -> Any:
    """Returns a dataclass field that is an option."""
    return field(default=default, metadata={"about": about})


class Metric(ABC):
    """Statistics plus a score.

    Subclasses are frozen dataclasses: their fields are the metric's options, each made by `option`,
    and all of them show in the signature.
    """

    prefix: ClassVar[str] = ""
    """Stands before the names of its options on the command line and in specs, as in sacrebleu."""
    higher_is_better: ClassVar[bool] = True
    digits: ClassVar[int] = 2
    """Decimals that its scores are shown with."""
    needs_reference: ClassVar[bool] = True
    """Whether it can be computed only where every segment has a reference."""
    needs_source: ClassVar[bool] = False
    cacheable: ClassVar[bool] = False
    """Whether signature and texts alone decide its rows, so that they can be kept."""
    explained: ClassVar[str] = "other"
    """Key of what reports say of it."""
    averages: ClassVar[bool] = False
    """Whether rows are means over several references: fractions, whose sum hangs on its order."""
    notes: tuple[str, ...] = ()
    """What a reader should know of where its numbers come from."""
    empty_reference: ClassVar[str] = ""
    """What an empty line among several references is to the metric, in sacrebleu as here."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Name as sacrebleu prints it, such as ``chrF2++``."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Names of a row's columns."""

    @abstractmethod
    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        """Computes the statistics of every system on every segment.

        Args:
            segments: The segments with their sources and references.
            outputs: One sequence of texts a system, each as long as `segments`.
            progress: Called as work is done.

        Returns:
            Array of shape (systems, segments, columns).

        Raises:
            UsageError: If an output sequence is not as long as `segments`.
        """

    def totals(
        self,
        references: Sequence[Sequence[str | None]],
        outputs: Sequence[Sequence[str]],
        *,
        threads: int = 0,
    ) -> list[list[Any]]:
        """Computes the summed row of every system, for when nothing else is wanted.

        Args:
            references: The references of each segment: all that is looked at beside the outputs.
            outputs: As for `rows`.
            threads: How many the engine may use; 0 for as many as pay.

        Returns:
            One row a system, as `sum_rows` would give it.
        """
        from xindaya.pairs import Segment

        segments = [Segment(str(n), None, tuple(texts)) for n, texts in enumerate(references)]
        return [sum_rows(rows) for rows in self.rows(segments, outputs)]

    def pack(self, rows: Rows) -> Rows:
        """Returns the columns of rows that do not follow from the others, in as few bytes.

        Args:
            rows: Of shape (…, columns).
        """
        return narrowed(rows)

    def unpack(self, packed: Rows) -> Rows:
        """Returns the rows that `pack` was given."""
        return packed if packed.dtype.kind == "f" else packed.astype("int64")

    @abstractmethod
    def score(self, row: Sequence[Any]) -> float:
        """Returns the score of a summed row of shape (columns,)."""

    def segment_score(self, row: Sequence[Any]) -> float:
        """Returns the score of one segment's row; differs where a metric is smoothed there."""
        return self.score(row)

    def paired(self, then: Rows, now: Rows) -> tuple[Rows, Rows]:
        """Returns what of two systems' rows, of shape (segments, columns), can be compared.

        The same, unless segments may be without a score: those count for neither side.
        """
        return then, now

    def figure(self, score: float) -> str:
        """Sets a score with its decimals."""
        return f"{score:.{self.digits}f}" if score == score else "not scored"

    def scored(self, rows: Rows) -> Rows:
        """Tells which of rows of shape (…, segments, columns) have a score at all; (…, segments)."""
        import numpy as np

        return np.ones(rows.shape[:-1], dtype=bool)

    def reasons(self, segments: Sequence[Segment], outputs: Sequence[str]) -> dict[str, int]:
        """Returns why outputs of one system have no score, and how many each."""
        return {}

    def saved(self) -> dict[str, Any]:
        """Returns what a run folder keeps to make the metric again: its options, as JSON has them."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]

    def floor(self, segments: int) -> float:
        """Returns up to which difference two systems are alike, whatever a test says.

        0, unless the metric itself gives one text now this score and now that.

        Args:
            segments: How many are compared.
        """
        return 0.0

    def remark(self, row: Sequence[Any]) -> str:
        """Says why a summed row has a score that nobody would guess; nothing where it has not."""
        return ""

    def scores(self, rows: Rows) -> Rows:
        """Scores many summed rows of shape (n, columns), for resampling.

        The dtype of `rows` is the arithmetic: float32 in, float32 computed, as in sacrebleu.
        """
        import numpy as np

        return np.array([self.score(row) for row in rows])

    @abstractmethod
    def signature(self, segments: Sequence[Segment]) -> str:
        """Returns everything that makes two numbers comparable, in sacrebleu's form."""


def check_options(metric: Any) -> None:
    """Raises UsageError unless every option of a metric has a value of its kind and range."""
    for known in fields(metric):
        value, about = getattr(metric, known.name), known.metadata["about"]
        if value is None and known.default is None:
            continue
        name = metric.prefix + (about.name or known.name)
        if about.choices:
            if value not in about.choices:
                raise UsageError(f"unknown {name} {value!r}; known: {', '.join(about.choices)}")
        elif about.kind is bool:
            if type(value) is not bool:
                raise UsageError(f"{name} = {value!r}; expected true or false")
        elif isinstance(value, bool) or not isinstance(
            value, int if about.kind is int else int | float
        ):
            raise UsageError(f"{name} = {value!r}; expected {about.kind.__name__}")
        elif not 0 <= value <= about.most or math.isinf(value):
            most = f" to {about.most:g}" if about.most < math.inf else " upwards"
            raise UsageError(f"{name} = {value!r}; expected a number from 0{most}")


def narrowed(rows: Rows) -> Rows:
    """Returns integers as int32 where they fit; floats as they are."""
    if rows.dtype.kind == "f" or (rows.size and abs(rows).max() >= 1 << 31):
        return rows
    return rows.astype("int32")


def ngram_counts(lengths: Rows, orders: int) -> list[Rows]:
    """Returns how many n-grams of each order sequences of these lengths have."""
    return [(lengths - n).clip(min=0) for n in range(orders)]


def check_shape(segments: Sequence[Segment], outputs: Sequence[Sequence[str]]) -> None:
    """Raises UsageError unless every system has exactly one text for each segment."""
    for position, texts in enumerate(outputs):
        if isinstance(texts, str):
            raise UsageError(f"outputs[{position}] is one string; expected a sequence of texts")
        if len(texts) != len(segments):
            raise UsageError(
                f"outputs[{position}] has {len(texts)} texts for {len(segments)} segments"
            )


def references_of(segments: Sequence[Segment]) -> list[tuple[str | None, ...]]:
    """Returns the references of each segment.

    Raises:
        UsageError: If a segment has none.
    """
    for segment in segments:
        if all(r is None for r in segment.references):
            raise UsageError(f"segment {segment.id!r} has no reference")
    return [segment.references for segment in segments]


def has_empty(references: Sequence[str | None]) -> bool:
    """True if some of the references of a segment are empty, but not all."""
    given = [text for text in references if text is not None]
    return 0 < sum(map(bool, map(str.strip, given))) < len(given)


def about_empty(metrics: Iterable[Metric], segments: int) -> list[str]:
    """Says what empty references are to the metrics, if they count as texts for one of them.

    Args:
        metrics: All that are computed.
        segments: How many have one beside a reference that is not empty.
    """
    kinds: dict[str, list[str]] = {}
    for metric in metrics:
        if metric.empty_reference:
            kinds.setdefault(metric.empty_reference, []).append(metric.name)
    if not segments or LENGTH_0 not in kinds:
        return []
    said = "; ".join(f"{kind} for {', '.join(names)}" for kind, names in kinds.items())
    having = counted(segments, "segment has", "segments have")
    return [f"{having} an empty line among several references, which is {said} (as in sacrebleu)"]


def remarks(
    metrics: Mapping[str, Metric],
    totals: Mapping[str, Sequence[Sequence[Any]]],
    systems: Iterable[str],
) -> list[str]:
    """Says of each metric which systems have a score that nobody would guess, and why.

    Args:
        metrics: Name to metric.
        totals: Metric name to one summed row a system.
        systems: Their names.
    """
    names = list(systems)
    found: dict[tuple[str, str], list[str]] = {}
    for name, metric in metrics.items():
        for system, row in zip(names, totals[name], strict=True):
            if remark := metric.remark(row):
                found.setdefault((name, remark), []).append(system)
    return [f"{name} of {', '.join(of)}: {remark}" for (name, remark), of in found.items()]


def lowered(
    outputs: Sequence[Sequence[str]], references: Sequence[Sequence[str | None]]
) -> tuple[list[list[str]], list[list[str | None]]]:
    """Lower-cases both sides with Python's own rules, which depend on context."""
    return mapped(str.lower, outputs, references)


def mapped(
    change: Callable[[str], str],
    outputs: Sequence[Sequence[str]],
    references: Sequence[Sequence[str | None]],
) -> tuple[list[list[str]], list[list[str | None]]]:
    """Applies a function to every text of both sides."""
    return (
        [[change(text) for text in texts] for texts in outputs],
        [[None if r is None else change(r) for r in some] for some in references],
    )


def sum_rows(rows: Rows) -> list[Any]:
    """Sums rows of shape (segments, columns) to one row of Python numbers.

    Integers are summed exactly. Floats (TER's mean reference lengths) are added one after another,
    as sacrebleu does: the built-in `sum` compensates for rounding since Python 3.12.
    """
    if rows.dtype.kind == "i":
        return [int(x) for x in rows.sum(axis=0)]
    return [add_up(column) for column in rows.T.tolist()]


def builtin_sums(rows: Rows) -> Rows:
    """Sums each row of floats of shape (n, columns) as the built-in `sum` does, to the last bit.

    Since Python 3.12 it compensates for rounding (Neumaier 1974).
    """
    result = rows[:, 0].copy()
    lost = 0 * result
    for column in rows.T[1:]:
        larger = result + column
        swap = abs(result) < abs(column)
        big, small = column * swap + result * ~swap, result * swap + column * ~swap
        lost += (big - larger) + small
        result = larger
    return result + lost if sys.version_info >= (3, 12) else result


def reference_counts(segments: Sequence[Segment]) -> set[int]:
    """Returns the different numbers of references that the segments have."""
    return {sum(r is not None for r in s.references) for s in segments}
