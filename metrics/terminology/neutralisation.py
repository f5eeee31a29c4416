"""Neutralisation: two source terms that a text renders alike, so that their difference is lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from xindaya.metrics.terminology.verdicts import Occurrence, Verdict


@dataclass(frozen=True, slots=True)
class Neutralisation:
    """One rendering that stands for several concepts.

    Attributes:
        rendering: The target form.
        owner: The concept the termbase gives it to.
        counts: Concept id to how often it is rendered so; the owner included.
        terms: Concept id to the source form that occurs most.
    """

    rendering: str
    owner: str
    counts: dict[str, int]
    terms: dict[str, str]


def neutralisations(occurrences: Iterable[Occurrence]) -> tuple[Neutralisation, ...]:
    """Finds the renderings of one text that several concepts share.

    A concept whose source form is part of the other's, such as 网信办 of 中央网信办, is left out: a
    short form may stand for the long one.
    """
    users: dict[str, dict[str, list[Occurrence]]] = defaultdict(lambda: defaultdict(list))
    owners: dict[str, str] = {}
    for o in occurrences:
        if o.rendering and not o.waived:
            users[o.rendering][o.concept].append(o)
            owners.setdefault(o.rendering, o.rendered_concept or o.concept)
            if o.verdict is not Verdict.OTHER_CONCEPT:
                owners[o.rendering] = o.concept
    result = []
    for rendering, concepts in sorted(users.items()):
        owner = owners[rendering]
        terms = {c: Counter(o.term for o in found).most_common(1)[0][0]
                 for c, found in concepts.items()}  # fmt: skip
        distinct = {
            c: len(found)
            for c, found in concepts.items()
            if c == owner or not _nested(terms[c], terms.get(owner, ""))
        }
        if len(distinct) > 1:
            chosen = {c: terms[c] for c in distinct}
            result.append(Neutralisation(rendering, owner, distinct, chosen))
    return tuple(result)


def _nested(a: str, b: str) -> bool:
    return bool(a and b) and (a in b or b in a)
