"""May two things be compared: were they measured alike? If not, what changed, in words.

Two evaluations are compared in full; a record knows checksums only, and its differences are told by
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from xindaya.metrics.evaluation import Evaluation
from xindaya.metrics.judging.record import PARTS, SystemRecord, checksums
from xindaya.metrics.scores import comparable
from xindaya.pairs import ComparabilityError, Corpus, Segment, Termbase
from xindaya.pairs.errors import preview
from xindaya.pairs.wording import counted

_SHOWN = 3
_PARTS: tuple[tuple[str, Callable[[Segment], object]], ...] = (
    ("document", lambda s: s.document),
    ("source", lambda s: s.source),
    ("references", lambda s: s.references),
)


def check_same_measure(old: Evaluation, new: Evaluation, names: tuple[str, str]) -> None:
    """Refuses to compare numbers that were not measured alike.

    A metric or a termbase that only one side has is no contradiction: it is not compared.

    Args:
        old: The old run.
        new: The new run.
        names: What they are called.

    Raises:
        ComparabilityError: If test set, signature or termbase differ; it says in what.
    """
    changes = [*corpus_changes(old.corpus, new.corpus)]
    for metric in old.metrics:
        if metric in new.metrics:
            then, now = old.signatures[metric], new.signatures[metric]
            changes += signature_changes(metric, then, now)
    if old.terminology and new.terminology:
        found = [*termbase_changes(old.terminology.termbase, new.terminology.termbase)]
        then, now = old.signatures["Terms"], new.signatures["Terms"]
        changes += found or signature_changes("terms", then, now)
    if changes:
        lines = "".join(f"\n  {change}" for change in changes)
        raise ComparabilityError(
            f"{names[0]} and {names[1]} cannot be compared:{lines}\n  hint: evaluate one of them "
            "again, with the test set, options and termbase of the other"
        )


def signature_changes(name: str, then: str, now: str) -> Iterator[str]:
    """Yields the fields of a signature that differ, in words."""
    then, now = comparable(then), comparable(now)
    if then == now:
        return
    fields = [dict(f.partition(":")[::2] for f in s.split("|")) for s in (then, now)]
    for key in dict.fromkeys([*fields[0], *fields[1]]):
        old, new = fields[0].get(key, "(absent)"), fields[1].get(key, "(absent)")
        if old != new:
            yield f"{name} signature: {preview(key)} was {preview(old)}, is {preview(new)}"


def corpus_changes(old: Corpus, new: Corpus) -> Iterator[str]:
    """Yields how two test sets differ, with the first ids; outputs are not part of it."""
    if old.same_texts(new):
        return
    directions = [f"{c.source_lang} to {c.target_lang}" for c in (old, new)]
    if directions[0] != directions[1]:
        yield f"corpus: the direction was {directions[0]}, is {directions[1]}"
    counts = [len(c.reference_names) for c in (old, new)]
    if counts[0] != counts[1]:
        yield f"corpus: it had {counted(counts[0], 'reference set')}, has {counts[1]}"
    then, now = ({s.id: s for s in c.segments} for c in (old, new))
    if gone := [i for i in then if i not in now]:
        yield f"corpus: {counted(len(gone), 'segment')} gone: {_first(gone)}"
    if added := [i for i in now if i not in then]:
        yield f"corpus: {counted(len(added), 'segment')} added: {_first(added)}"
    shared = [i for i in now if i in then]
    if [i for i in then if i in now] != shared:
        yield "corpus: the order of the segments changed"
    for part, of in _PARTS:
        if part == "references" and counts[0] != counts[1]:
            continue
        if changed := [i for i in shared if of(then[i]) != of(now[i])]:
            noun = counted(len(changed), "segment")
            where = ""
            if part == "document":
                names = (preview(side[changed[0]].document) for side in (then, now))
                where = " (the first was in {}, is in {})".format(*names)
            yield f"corpus: {part} of {noun} changed: {_first(changed)}{where}"


def termbase_changes(old: Termbase, new: Termbase) -> Iterator[str]:
    """Yields how two termbases differ, with the first concepts."""
    if old.sha256 == new.sha256:
        return
    then, now = old.by_id, new.by_id
    changed = [
        i
        for i in now
        if i in then
        and Termbase("", (then[i],)).sha256 != Termbase("", (now[i],)).sha256
    ]  # fmt: skip
    kinds = (
        ("gone", [i for i in then if i not in now]),
        ("added", [i for i in now if i not in then]),
        ("changed", changed),
    )
    for word, ids in kinds:
        if ids:
            yield f"termbase: {counted(len(ids), 'concept')} {word}: {_first(ids)}"
    if not any(ids for _, ids in kinds):
        yield "termbase: the order of the concepts changed, which decides between homonyms"


def check_comparable(
    record: SystemRecord, evaluation: Evaluation, system: str, metric: str = ""
) -> None:
    """Refuses a comparison of numbers that were not measured alike.

    Args:
        record: The baseline of the system.
        evaluation: What is compared with it.
        system: Name of the system.
        metric: Name of the metric, or empty for terms.

    Raises:
        ComparabilityError: If corpus, signature or termbase differ; the message says what changed.
    """
    changes = [*record_corpus_changes(record, evaluation.corpus)]
    changes += (
        record_metric_changes(record, evaluation, metric)
        if metric
        else record_term_changes(record, evaluation)
    )
    if changes:
        raise ComparabilityError(
            f"{system}: {metric or 'terms'} cannot be compared with the baseline:"
            + "".join(f"\n  {change}" for change in changes)
        )


def record_corpus_changes(record: SystemRecord, corpus: Corpus) -> Iterator[str]:
    """Yields how a test set differs from that of the baseline, in words."""
    if corpus.is_known_as(record.corpus):
        return
    then, now = record.checksums, checksums(corpus)
    if len(then) != len(now):
        yield f"corpus: {len(then)} segments then, {len(now)} now"
        return
    differs = then != now
    for column, part in enumerate(PARTS):
        places = np.flatnonzero(differs[:, column])
        if len(places):
            first = preview(corpus.segments[int(places[0])].id)
            count = counted(len(places), "segment")
            yield f"corpus: the {part} of {count} changed, the first is {first}"
    if not differs.any():
        yield "corpus: the languages or the number of reference sets changed"


def record_metric_changes(
    record: SystemRecord, evaluation: Evaluation, metric: str
) -> Iterator[str]:
    """Yields how a metric was measured otherwise for the baseline, in words."""
    if metric not in record.metrics:
        known = ", ".join(record.metrics) or "no metric"
        yield f"{metric}: not in the baseline, which has {known}"
    elif metric not in evaluation.signatures:
        yield f"{metric}: in the baseline, and not computed now"
    else:
        then, now = record.metrics[metric].signature, evaluation.signatures[metric]
        yield from signature_changes(metric, then, now)


def record_term_changes(record: SystemRecord, evaluation: Evaluation) -> Iterator[str]:
    """Yields how terms were checked otherwise for the baseline, in words."""
    if record.terms is None or evaluation.terminology is None:
        yield "terms: checked on one side only"
        return
    then, now = record.terms.termbase, evaluation.terminology.termbase.sha256
    if then != now:
        yield f"termbase: {then[:12]} then, {now[:12]} now"
    else:
        yield from signature_changes(
            "terms", record.terms.signature, evaluation.signatures["Terms"]
        )


def _first(ids: Sequence[str]) -> str:
    more = ", …" if len(ids) > _SHOWN else ""
    return ", ".join(preview(i) for i in ids[:_SHOWN]) + more
