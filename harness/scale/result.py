"""Scores and terminology of a corpus, read off its totals."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property

from xindaya.metrics import TermAdherence, Unscored
from xindaya.metrics.terminology import TermSummary, TermUse
from xindaya.pairs import InputError, Segment, Termbase
from xindaya.pairs.wording import counted
from xindaya.scale.sums import Sums, corpus_hash, plain
from xindaya.scale.terms import TermTotals, Text
from xindaya.scale.work import Job

NO_REFERENCE = "the corpus has no reference"


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a corpus.

    Attributes:
        path: As it was named.
        segments: How many it holds.
        sha256: Of the file; empty for one without a segment.
        whole: False if it ends in the middle of a line.
    """

    path: str
    segments: int
    sha256: str
    whole: bool = True


@dataclass(frozen=True)
class ScaleResult:
    """What the blocks of a corpus add up to.

    Attributes:
        name: Shown in reports.
        job: What was computed.
        sums: The totals.
        blocks: How many there were.
        bytes: Of all files.
        termbase: What was checked, if anything.
        files: All files, in reading order.
    """

    name: str
    job: Job
    sums: Sums
    blocks: int
    bytes: int
    termbase: Termbase | None = None
    files: tuple[Part, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What may be lost: files without a segment, and files that end in the middle of a line."""
        empty = [f"{part.path} holds no segment" for part in self.files if not part.segments]
        cut = [
            f"{part.path} does not end in a line feed: was its last line cut off?"
            for part in self.files
            if not part.whole
        ]
        return (*empty, *cut)

    @property
    def systems(self) -> tuple[str, ...]:
        """System names."""
        return self.job.layout.systems

    @property
    def texts(self) -> tuple[Text, ...]:
        """All texts that terminology is checked in: systems, then references."""
        layout = self.job.layout
        return (*((n, False) for n in layout.systems), *((n, True) for n in layout.references))

    @cached_property
    def scores(self) -> dict[str, dict[str, float]]:
        """Metric name to system name to score; empty if nothing can be scored."""
        if self.unscored:
            return {}
        return {
            metric.name: {
                system: metric.score(plain(row))
                for system, row in zip(self.systems, self.sums.rows[metric.name], strict=True)
            }
            for metric in self.job.metrics
        }

    @cached_property
    def signatures(self) -> dict[str, str]:
        """Metric name to signature."""
        counts = sorted(self.sums.reference_counts)
        like = [Segment("", None, ("",) * n) for n in counts]  # signatures count references
        known = {m.name: m.signature(like) for m in self.job.metrics if m.name in self.scores}
        if self.termbase is not None and self.job.terms is not None:
            folded = self.job.terms.fold_scripts
            job = self.job
            terms = TermAdherence(self.termbase, job.source_lang, job.target_lang, folded)
            known[terms.name] = terms.signature(like)
        return known

    @property
    def unscored(self) -> tuple[Unscored, ...]:
        """Metrics without a number, and why."""
        reason = "" if self.job.layout.references else NO_REFERENCE
        if not reason and self.sums.bare:
            reason = f"{counted(self.sums.bare, 'segment has', 'segments have')} no reference"
        return tuple(Unscored(m.name, reason) for m in self.job.metrics) if reason else ()

    @cached_property
    def documents(self) -> int:
        """Number of documents: runs of segments with one document.

        Raises:
            InputError: If terminology was checked and a document lies in two blocks.
        """
        edges = [edge for _, edge in sorted(self.sums.edges.items())]
        joined = sum(a.last == b.first for a, b in itertools.pairwise(edges))
        if self.job.terms is not None:
            seen: set[tuple[str, bool]] = set()
            for edge in edges:
                ends = {edge.first, edge.last}
                for name, _ in sorted(ends & seen):
                    raise InputError(
                        self.name,
                        f"document {name!r} in two places, such as two files",
                        "the rows of a document one after another in one file",
                        hint="acronyms are judged by document: cut files between documents, or "
                        "leave --terms out",
                    )
                seen |= ends
        return self.sums.runs - joined

    @cached_property
    def sha256(self) -> str:
        """Hash of the corpus, whatever the cut and the order; not `Corpus.sha256`."""
        job = self.job
        references = len(job.layout.references)
        return corpus_hash(self.sums, job.source_lang, job.target_lang, references)

    def uses(self, text: str, *, reference: bool = False) -> tuple[TermUse, ...]:
        """Returns how one text renders each term."""
        return self._terms.uses((text, reference)) if self._terms else ()

    def summary(self, text: str, *, reference: bool = False) -> TermSummary | None:
        """Returns the termbase check of one text in numbers, if there was one."""
        return self._terms.summary((text, reference)) if self._terms else None

    @cached_property
    def _terms(self) -> TermTotals | None:
        if self.termbase is None:
            return None
        return TermTotals(self.sums.terms, self.termbase, self.job.target_lang)
