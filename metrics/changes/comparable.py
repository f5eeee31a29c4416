"""May two evaluations be compared? If not: what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xindaya.metrics.evaluation import Evaluation
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
    if then == now:
        return
    fields = [dict(f.partition(":")[::2] for f in s.split("|")) for s in (then, now)]
    for key in dict.fromkeys([*fields[0], *fields[1]]):
        old, new = fields[0].get(key, "(absent)"), fields[1].get(key, "(absent)")
        if old != new:
            yield f"{name} signature: {preview(key)} was {preview(old)}, is {preview(new)}"


def corpus_changes(old: Corpus, new: Corpus) -> Iterator[str]:
    """Yields how two test sets differ, with the first ids; outputs are not part of it."""
    if old.sha256 == new.sha256:
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


def _first(ids: Sequence[str]) -> str:
    more = ", …" if len(ids) > _SHOWN else ""
    return ", ".join(preview(i) for i in ids[:_SHOWN]) + more
