"""Making a review from a run: which segments, their texts, flags and checksums."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Sequence

from xindaya.metrics import Evaluation
from xindaya.metrics.mqm import sample_size
from xindaya.metrics.sampling import Sample, draw_documents, draw_segments
from xindaya.pairs import Corpus, InputError, UsageError
from xindaya.pairs.corpus import first_duplicate
from xindaya.pairs.errors import preview
from xindaya.reports.review.model import Draw, Item, Review, Scoring
from xindaya.reports.review.shown import settled, shown
from xindaya.review.categories import categories_of, severities_of
from xindaya.review.flags import findings_of, flags_of

_GRAVITY = {"error": 2, "warning": 1, "note": 0}

Chosen = tuple[Draw, tuple[str, ...]]


def whole(corpus: Corpus) -> Chosen:
    """Chooses every segment."""
    rule = f"all {len(corpus.segments):,} segments"
    return Draw("all", 0, 0, rule), tuple(s.id for s in corpus.segments)


def sampled(corpus: Corpus, total: int, *, seed: int, documents: bool = False) -> Chosen:
    """Draws segments from each document in proportion, or whole documents; see `metrics.sampling`.

    Raises:
        UsageError: If there are not so many.
    """
    sample: Sample = (draw_documents if documents else draw_segments)(corpus, total, seed=seed)
    return Draw("sample", total, seed, sample.rule), sample.segments


def worst_first(evaluation: Evaluation, system: str, total: int) -> Chosen:
    """Chooses the segments that look worst: by flagged errors, warnings, then the first metric.

    Raises:
        UsageError: If there are not so many.
    """
    segments = evaluation.corpus.segments
    if not 1 <= total <= len(segments):
        raise UsageError(f"{total:,} segments: expected from 1 to the {len(segments):,} there")
    order, rule = by_risk(evaluation, system)
    chosen = sorted(order[:total])
    rule = f"the {total:,} of {len(segments):,} segments that look worst to the machine: {rule}"
    return Draw("worst first", total, 0, rule), tuple(segments[place].id for place in chosen)


def by_risk(evaluation: Evaluation, system: str, metric: str = "") -> tuple[list[int], str]:
    """Returns the positions of all segments, those first that look worst, and how they are ranked.

    Args:
        evaluation: The run.
        system: Whose outputs.
        metric: That decides where flags do not; empty for the first.

    Raises:
        UsageError: If there is no such metric.
    """
    segments = evaluation.corpus.segments
    gravest: dict[str, Counter[int]] = {}
    for finding in findings_of(evaluation, system):
        gravest.setdefault(finding.segment, Counter())[_GRAVITY[finding.severity]] += 1
    badness, rule = _badness(evaluation, system, metric)

    def risk(place: int) -> tuple[float, ...]:
        counts = gravest.get(segments[place].id, Counter())
        return (-counts[2], -counts[1], -badness[place], place)

    return sorted(range(len(segments)), key=risk), rule


def _badness(evaluation: Evaluation, system: str, metric: str) -> tuple[Sequence[float], str]:
    """Returns a number a segment, larger for worse, and how segments are ranked."""
    by_flags = "most flagged errors, then most warnings"
    if metric and metric not in evaluation.metrics:
        raise UsageError(
            f"no metric {metric!r} in the run; there are: {', '.join(evaluation.metrics)}"
        )
    name = metric or next((n for n in evaluation.metrics if n != "Terms"), "")
    if not name:
        return [0.0] * len(evaluation.corpus.segments), by_flags
    sign = -1 if evaluation.metrics[name].higher_is_better else 1
    scores = evaluation.segment_scores[name][system]
    # What was not scored looks worst: nothing speaks for it.
    badness = [math.inf if math.isnan(score) else sign * score for score in scores]
    return badness, f"{by_flags}, then worst {name}"


def build_review(
    evaluation: Evaluation, system: str, chosen: Chosen, scoring: Scoring, *, reference: bool = True
) -> Review:
    """Puts a review together.

    Args:
        evaluation: The run.
        system: Whose outputs are judged.
        chosen: How the segments were chosen, and their ids.
        scoring: How errors become a score.
        reference: Show the first reference, where there is one.

    Raises:
        UsageError: If there is no such system, or no source.
        InputError: If two ids look the same in a cell.
    """
    corpus = evaluation.corpus
    draw, ids = chosen
    check_system(corpus, system)
    if not corpus.has_source:
        raise UsageError(f"{corpus.name} has no source: a reviewer needs one")
    if twice := first_duplicate(settled(shown(id_)) for id_ in ids):
        raise InputError(
            corpus.name, f"two ids shown as {preview(twice)}", "ids that look different"
        )
    size, unit = sample_size(corpus, ids, side=scoring.side, system=system)
    has_reference = reference and bool(corpus.reference_names)
    return Review(
        version=evaluation.provenance.version,
        corpus=corpus.name,
        corpus_sha256=corpus.sha256,
        source_lang=corpus.source_lang,
        target_lang=corpus.target_lang,
        system=system,
        outputs_sha256=_sha256(corpus.systems[system]),
        signatures=evaluation.signatures,
        segments=len(corpus.segments),
        documents=len(corpus.documents),
        draw=draw,
        scoring=scoring,
        categories=categories_of(scoring.category_set),
        severities=severities_of(scoring.category_set),
        items=_items(evaluation, system, set(ids), has_reference),
        size=size,
        unit=unit,
        has_reference=has_reference,
    )


def check_system(corpus: Corpus, system: str) -> None:
    """Raises UsageError unless the corpus has outputs of the system."""
    if system not in corpus.systems:
        raise UsageError(f"system {system!r}: expected one of {', '.join(corpus.systems)}")


def _items(
    evaluation: Evaluation, system: str, ids: set[str], has_reference: bool
) -> tuple[Item, ...]:
    flags = flags_of(evaluation, system)
    items = []
    pairs = zip(evaluation.corpus.segments, evaluation.corpus.systems[system], strict=True)
    for segment, target in pairs:
        if segment.id in ids:
            source = segment.source or ""
            reference = (segment.references[0] or "") if has_reference else ""
            checksum = _sha256((segment.id, source, target))
            items.append(
                Item(segment.id, segment.document, source, target, reference,
                     flags.get(segment.id, ()), checksum)
            )  # fmt: skip
    return tuple(items)


def _sha256(texts: Sequence[str]) -> str:
    """Returns the hash of texts; as ASCII JSON, so that a lone surrogate has one too."""
    return hashlib.sha256(json.dumps(texts, ensure_ascii=True).encode()).hexdigest()
