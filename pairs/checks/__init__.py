"""The data check: what is odd in the texts of a corpus, listed without changing anything.

`registry` is the table of checks; each check is a function in a file of its own that walks over
the texts as `model` lays them side by side.
"""

from __future__ import annotations

from collections.abc import Collection

from xindaya.pairs.checks.model import SEVERITIES, Check, DataFinding, Severity, Spot, Texts
from xindaya.pairs.checks.registry import CHECKS, KINDS, choose
from xindaya.pairs.corpus import Corpus

__all__ = [
    "CHECKS",
    "KINDS",
    "SEVERITIES",
    "UNUSED_WAIVER",
    "Check",
    "DataFinding",
    "Severity",
    "Spot",
    "check_corpus_data",
    "choose",
    "is_data_id",
]

UNUSED_WAIVER = "unused-waiver"


def check_corpus_data(
    corpus: Corpus, *, off: Collection[str] = (), waivers: Collection[str] = ()
) -> tuple[DataFinding, ...]:
    """Lists what is odd in the source, the references and the outputs of a corpus.

    Args:
        corpus: The texts; nothing in them is changed.
        off: Ids of checks that do not run.
        waivers: Ids of findings that a reviewer has accepted; ids of other things are ignored.

    Returns:
        Findings in reading order; within a segment in the order of the table of checks, source
        first, then by name of the text. Waivers of these checks that met nothing come last.

    Raises:
        UsageError: If `off` names no check.
    """
    texts = Texts(corpus)
    names = [texts.source.name, *sorted(column.name for column in texts.targets)]
    order = {name: rank for rank, name in enumerate(names)}
    checks = choose(off)
    ranked: list[tuple[tuple[int, int, int], DataFinding]] = []
    waived: set[str] = set()
    for rank, check in enumerate(checks):
        for text, position, hit in check.run(texts):
            segment = corpus.segments[position].id if position >= 0 else ""
            identity = f"{check.id}/{text}/{segment}"
            if identity in waivers:
                waived.add(identity)
                continue
            place = position if position >= 0 else len(corpus.segments)
            finding = DataFinding(
                identity, check.id, text, segment, *hit[1::-1], hit.chinese, hit.spots
            )
            ranked.append(((place, rank, order[text]), finding))
    ranked.sort(key=lambda pair: pair[0])
    running = {check.id for check in checks}
    unused = sorted(w for w in waivers if w not in waived and w.partition("/")[0] in running)
    return (*(finding for _, finding in ranked), *map(_unused, unused))


def is_data_id(identity: str) -> bool:
    """True if an id in a waiver file belongs to a finding of the data check."""
    return identity.partition("/")[0] in KINDS


def _unused(identity: str) -> DataFinding:
    message = "The waiver names nothing that the check finds: remove it, or correct its id."
    return DataFinding(f"{UNUSED_WAIVER}/{identity}", UNUSED_WAIVER, "", "", message, "note")
