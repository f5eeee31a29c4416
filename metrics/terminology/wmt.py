"""Term success as WMT's terminology tasks measure it: by counting, and by exclusive spans.

*2025* (track 2, exactly as published): a term of a document's dictionary counts if it is a
substring of the lower-cased source and one of its targets is one of the lower-cased reference; its
success is the number of target substrings in the hypothesis over the number of source substrings, at
most 1; the rate is the mean over all (document, term) pairs. Texts, terms and targets are stripped,
blank terms skipped; whether a target is in the reference is asked of it as it stands in the file.
Substrings know neither words nor longer terms, so the level is flattering.

*2026*: every occurrence of a term in a paragraph asks for one span of the translation that is one of
its target forms, at word boundaries, blanks and case apart. No two spans overlap, and as many
occurrences as possible are served. Beside that rate stands the one with overlaps allowed, an upper
bound.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xindaya.pairs.lint_text import is_han


@dataclass(frozen=True, slots=True)
class TermDocument:
    """One document with its dictionary.

    Attributes:
        source: Source text.
        reference: Reference translation.
        hypothesis: The system's translation.
        terms: Source term to its accepted targets.
    """

    source: str
    reference: str
    hypothesis: str
    terms: Mapping[str, Sequence[str]]


def success_rate(documents: Iterable[TermDocument]) -> tuple[float | None, int]:
    """Computes the term success rate of 2025.

    Returns:
        The mean success in [0, 1] (None without a term) and the number of pairs it averages.
    """
    scores: list[float] = []
    for document in documents:
        source, reference, hypothesis = (
            text.strip().lower()
            for text in (document.source, document.reference, document.hypothesis)
        )
        for key, values in document.terms.items():
            term, targets = key.strip().lower(), [v.strip().lower() for v in values]
            wanted = source.count(term) if term else 0
            if wanted and any(v.lower() in reference for v in values):
                # A blank target is found before, between and after all characters.
                given = sum(hypothesis.count(t) for t in targets)
                scores.append(min(given / wanted, 1))
    return (sum(scores) / len(scores) if scores else None), len(scores)


Span = tuple[int, int]
_BUDGET = 300_000  # spans looked at in weighing the choices of one paragraph
_BLANKS = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class Served:
    """How many occurrences a translation serves.

    Attributes:
        occurrences: Occurrences of terms that ask for a span.
        exclusive: Most that can be served at once with spans that do not overlap.
        overlapping: Those with a span at all; never fewer.
        exact: False if a paragraph has too many ways to overlap to try them all: `exclusive` may
            then be too low.
    """

    occurrences: int = 0
    exclusive: int = 0
    overlapping: int = 0
    exact: bool = True

    def __add__(self, other: Served) -> Served:
        return Served(
            self.occurrences + other.occurrences,
            self.exclusive + other.exclusive,
            self.overlapping + other.overlapping,
            self.exact and other.exact,
        )

    @property
    def rate(self) -> float | None:
        """Share of occurrences served exclusively, in [0, 1]; None without occurrences."""
        return self.exclusive / self.occurrences if self.occurrences else None

    @property
    def bound(self) -> float | None:
        """Share of occurrences served if spans may overlap, in [0, 1]."""
        return self.overlapping / self.occurrences if self.occurrences else None


def served(text: str, wanted: Iterable[Collection[str]]) -> Served:
    """Counts the occurrences that one paragraph serves, by the rule of 2026.

    Args:
        text: The translation of the paragraph.
        wanted: The forms that each occurrence accepts.
    """
    text = normalized(text)
    found: dict[str, list[Span]] = {}

    def spans(form: str) -> list[Span]:
        if form not in found:
            found[form] = list(places(text, form))
        return found[form]

    asked = [frozenset(s for f in forms for s in spans(normalized(f))) for forms in wanted]
    exclusive, exact = most_served(asked)
    return Served(len(asked), exclusive, sum(map(bool, asked)), exact)


def normalized(text: str) -> str:
    """Returns a text in small letters, with single blanks and without invisible characters."""
    return _BLANKS.sub(" ", text.translate(_INVISIBLE)).strip().lower()


def places(text: str, form: str) -> Iterator[Span]:
    """Yields where a form stands in a text, both `normalized`, at word boundaries."""
    start = text.find(form) if form else -1
    while start >= 0:
        end = start + len(form)
        inside = (start and _is_in_word(text[start - 1 : start + 1])) or _is_in_word(
            text[end - 1 : end + 1]
        )
        if not inside:
            yield start, end
        start = text.find(form, start + 1 if inside else end)


def _is_in_word(pair: str) -> bool:
    """True if two characters are inside a word; Chinese has no word boundaries."""
    return len(pair) == 2 and all((c.isalnum() or c == "_") and not is_han(c) for c in pair)


def most_served(asked: Sequence[frozenset[Span]]) -> tuple[int, bool]:
    """Finds the most occurrences that can each have a span of their own, none overlapping another.

    Spans that all share a place (one in the other, or two that straddle) are one slot: at most one
    of them is taken, and which one makes no difference to the rest. With slots alone this is a
    bipartite matching. Longer chains of overlaps have several ways to be cut into slots; they are
    tried, with the matching that counts a chain as the most spans it can hold as a bound.

    Args:
        asked: The spans that each occurrence accepts.

    Returns:
        The number, and whether it is proven.
    """
    kinds = Counter(spans for spans in asked if spans)
    groups = list(kinds)
    accepts: dict[Span, set[int]] = {}
    for number, spans in enumerate(groups):
        for span in spans:
            accepts.setdefault(span, set()).add(number)
    capacity = [kinds[group] for group in groups]
    slots: list[set[int]] = []
    chains: list[list[Span]] = []
    for chain in _chains(sorted(accepts)):
        if max(start for start, _ in chain) < min(end for _, end in chain):
            slots.append(set().union(*(accepts[span] for span in chain)))
        else:
            chains.append(chain)
    return _search(capacity, slots, chains, accepts)


def _search(
    capacity: Sequence[int],
    slots: Sequence[set[int]],
    chains: Sequence[Sequence[Span]],
    accepts: Mapping[Span, set[int]],
) -> tuple[int, bool]:
    """Tries the ways to cut chains into slots, the next chain first; returns the best, if proven."""
    if not chains:
        return _matched(capacity, slots), True
    most = [_earliest(chain) for chain in chains]
    loose = [
        [set().union(*(accepts[s] for s in c))] * len(m) for c, m in zip(chains, most, strict=True)
    ]
    best, left = 0, _BUDGET
    # A stack of (number of chains that are cut, slots so far, ways left for the next chain).
    stack = [(0, list(slots), _ways(chains[0]))]
    while stack:
        cut, held, ways = stack[-1]
        chosen = next(ways, None)
        if chosen is None:
            stack.pop()
            continue
        now = held + [accepts[span] for span in chosen]
        possible = [*now, *(slot for more in loose[cut + 1 :] for slot in more)]
        left -= len(chosen) * len(chains[cut]) + len(possible)
        if left < 0:
            rest = [accepts[span] for spans in most[cut:] for span in spans]
            return max(best, _matched(capacity, held + rest)), False
        bound = _matched(capacity, possible)
        if bound <= best:
            continue  # as good as what is known at most
        if cut + 1 == len(chains):
            best = bound
        else:
            stack.append((cut + 1, now, _ways(chains[cut + 1])))
    return best, True


def _chains(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Cuts sorted spans into groups that do not touch each other."""
    chain: list[Span] = []
    reach = 0
    for span in spans:
        if chain and span[0] >= reach:
            yield chain
            chain = []
        chain.append(span)
        reach = max(reach if len(chain) > 1 else 0, span[1])
    if chain:
        yield chain


def _earliest(chain: Sequence[Span]) -> list[Span]:
    """Returns the most spans of a chain that do not overlap: always the one that ends first."""
    taken: list[Span] = []
    for span in sorted(chain, key=lambda s: (s[1], -s[0])):
        if not taken or span[0] >= taken[-1][1]:
            taken.append(span)
    return taken


def _ways(chain: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """Yields every choice of spans that do not overlap and leave no room for another."""
    ordered = sorted(chain)
    stack: list[tuple[Span, ...]] = [()]
    while stack:
        chosen = stack.pop()
        free = [s for s in ordered if not chosen or s[0] >= chosen[-1][1]]
        if not free:
            yield chosen
            continue
        first_end = min(end for _, end in free)
        stack += [(*chosen, s) for s in reversed(free) if s[0] < first_end]


def _matched(capacity: Sequence[int], slots: Sequence[Collection[int]]) -> int:
    """Returns the most slots that groups with so many members can fill, one member a slot."""
    free = list(capacity)
    held: dict[int, int] = {}
    members: dict[int, set[int]] = {}
    exhausted: set[int] = set()  # groups from which no free one can be reached any more
    for slot in range(len(slots)):
        came: dict[int, int] = {}  # group: the slot that asks for it
        front = [slot]
        while front:
            asking = front.pop()
            for group in sorted(slots[asking], key=lambda g: not free[g]):
                if group in came or group in exhausted:
                    continue
                came[group] = asking
                if free[group]:
                    _shift(group, slot, came, held, members)
                    free[group] -= 1
                    front = []
                    break
                front += members.get(group, ())
        if slot not in held:
            exhausted |= came.keys()
    return len(held)


def _shift(
    group: int,
    slot: int,
    came: Mapping[int, int],
    held: dict[int, int],
    members: dict[int, set[int]],
) -> None:
    """Gives a group to the slot that asks for it, which frees its own, and so on to a new slot."""
    while True:
        asking = came[group]
        before = held.get(asking)
        held[asking] = group
        members.setdefault(group, set()).add(asking)
        if asking == slot or before is None:
            return
        members[before].discard(asking)
        group = before
