"""From links to renderings: the target words that stand for each occurrence of a term.

The score of a span multiplies two kinds of evidence: the links in its sentence, and how faithfully
its words keep the term company in the whole text. Where a term occurs several times, its
occurrences are read together: a rendering that explains several of them wins over a longer or
shorter cut of it, and two occurrences in one sentence do not claim the same words. An occurrence
can still only choose a span that its own sentence offers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xindaya.metrics.terminology.discovery.aligner import Alignment
from xindaya.metrics.terminology.discovery.cells import Floats, Ints, offsets
from xindaya.metrics.terminology.discovery.proposals import Gram
from xindaya.metrics.terminology.discovery.spans import CLOSE, MOST_WORDS, Spans
from xindaya.metrics.terminology.discovery.words import is_chinese

_CUT_SHORT = 0.5  # a rendering that never stands without a certain neighbour
_BESIDE = 0.8  # with nothing or an *and* more
_UNLINKED = 0.3  # of what no word explains: gain if inside a span, and cost
_ELSEWHERE = 0.2  # worth of a span to an occurrence if another of its sentence has all the links
_UNSEEN = 0.6  # worth of the company of single words, where the whole was seen once
_PARTS = 0.7  # the same, where the whole recurs
_FLOOR = 0.3  # worth of a span that keeps the term no company at all
_LONGER = 1.25  # gain of each further word of a rendering that recurs, up to the term's own length
_BOUND = 0.9  # of its places in which a rendering stands in a longer one that is the better company
_TINY = 1e-12
_FREE = 0.7  # of its strongest link a word beside a rendering has to the term, if it belongs there
_LINKED = 0.08  # the least such link
_NEAR = 0.4  # of its worth a longer span keeps with two function words more (of the)
_SURE = 0.8  # the least such link across them
_SHARPNESS = 2.0  # power of a span's own score against the other occurrences' choice
_ROUNDS = 2
_SHARED = 0.03  # an occurrence takes second best down to this share of its best, then shares it


@dataclass(frozen=True, slots=True)
class Rendering:
    """A span of target tokens, half open.

    Attributes:
        start: Its first token.
        end: The one after the last.
        key: Number of what it says, acronyms read as what they stand for: spans of one key are one
            rendering.
        confidence: How well the links agree with it, in [0, 1].
    """

    start: int
    end: int
    key: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence of a term: its sentence pair and its source tokens, half open."""

    sentence: int
    start: int
    end: int


def occurrences(
    sentences: Sequence[Sequence[str]], grams: Sequence[Gram]
) -> dict[Gram, list[Occurrence]]:
    """Finds the occurrences of terms in sentences of normal forms; a term without any is left out."""
    by_first: defaultdict[str, list[Gram]] = defaultdict(list)
    for gram in grams:
        by_first[gram[0]].append(gram)
    found: dict[Gram, list[Occurrence]] = {}
    for number, tokens in enumerate(sentences):
        words = tuple(tokens)
        for start, word in enumerate(words):
            for gram in by_first.get(word, ()):
                if words[start : start + len(gram)] == gram:
                    place = Occurrence(number, start, start + len(gram))
                    found.setdefault(gram, []).append(place)
    return found


@dataclass(frozen=True)
class Company:
    """How faithfully each key of a term's sentences keeps the term company.

    Attributes:
        keys: The keys, sorted, shape (keys,).
        together: Sentences that hold both, shape (keys,).
        sentences: Sentences of the term.
        dice: ``2·together / (sentences + sentences of the key)`` (Dice 1945), shape (keys,).
    """

    keys: Ints
    together: Ints
    sentences: int
    dice: Floats


class Reader:
    """Reads the renderings of terms in one text.

    Args:
        spans: Of its target sentences.
        alignment: Its word links.
        terms: The occurrences of every term.
        short: What the acronyms among their words stand for (`words.acronyms`).
    """

    def __init__(
        self,
        spans: Spans,
        alignment: Alignment,
        terms: Mapping[Gram, Sequence[Occurrence]],
        short: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.spans = spans
        self._terms = terms
        self._short = short or {}
        self._links = alignment
        self._known: dict[int, tuple[Floats, Floats]] = {}
        self._company = {gram: self._keep(places) for gram, places in terms.items()}
        self._owner = np.zeros(len(spans.sentences))
        for company in self._company.values():
            recurring = (company.together > 1) & (spans.sentences[company.keys] > 1)
            own = company.keys[recurring]
            self._owner[own] = np.maximum(self._owner[own], company.dice[recurring])

    def _keep(self, places: Sequence[Occurrence]) -> Company:
        sentences = sorted({place.sentence for place in places})
        keys, together = np.unique(
            np.concatenate([self.spans.keys[s] for s in sentences]), return_counts=True
        )
        dice = 2 * together / (len(sentences) + self.spans.sentences[keys])
        return Company(keys, together, len(sentences), dice)

    def _sentence(self, sentence: int) -> tuple[Floats, Floats]:
        """Returns the links of a sentence and their sum over its source words."""
        if sentence not in self._known:
            links = np.asarray(self._links.posteriors(sentence), np.float64)
            self._known[sentence] = links, links.sum(axis=0)
        return self._known[sentence]

    def read(
        self, gram: Gram, places: Sequence[Occurrence] | None = None
    ) -> list[Rendering | None]:
        """Finds the spans of all occurrences of one term, reading them together.

        Expectation maximisation of a mixture: the share of a rendering is the sum of the
        occurrences' posteriors; an occurrence's posterior is its own score times the share.

        Args:
            gram: One of the terms.
            places: Some of its occurrences; all by default.

        Returns:
            For each occurrence its span, or None where the term links to nothing.
        """
        places, company = places or self._terms[gram], self._company[gram]
        length = self._length(gram)
        faith = self._faith(company, length)
        offers = self._offers(places)
        if offers is None:
            return [None] * len(places)
        keys = np.searchsorted(company.keys, self.spans.key[offers.span])
        _, meaning = np.unique(self.spans.meaning[company.keys], return_inverse=True)
        posterior = _agreed(offers, offers.fit * faith[keys], meaning[keys])
        agreement = np.minimum(offers.fit * self._owned(company)[keys], 1.0)
        assigned = list(_assigned(offers, posterior, agreement, self.spans))
        whole = self._whole(
            [span for _, span, _ in assigned],
            [places[n].sentence for n, _, _ in assigned],
            company,
            length,
        )
        whole = [
            self._modified(span, places[n]) for (n, _, _), span in zip(assigned, whole, strict=True)
        ]
        chosen: list[Rendering | None] = [None] * len(places)
        for (number, _, confidence), span in zip(assigned, whole, strict=True):
            chosen[number] = Rendering(int(self.spans.start[span]), int(self.spans.end[span]),
                                       int(self.spans.meaning[self.spans.key[span]]), confidence)  # fmt: skip
        return chosen

    def _whole(
        self, chosen: Sequence[int], sentences: Sequence[int], company: Company, length: int
    ) -> list[int]:
        """Extends a rendering that stands in the same longer one nearly everywhere.

        The longer one must keep the term at least as good company, and one linking word more.
        """
        spans, result = self.spans, list(chosen)
        for _ in range(MOST_WORDS):
            by_key: defaultdict[int, list[int]] = defaultdict(list)
            for place, span in enumerate(result):
                by_key[int(spans.key[span])].append(place)
            changed = False
            for key, places in by_key.items():
                if len(places) < 2:
                    continue
                around = [self._around(result[p], sentences[p]) for p in places]
                keys, counts = np.unique(
                    np.concatenate([np.unique(spans.key[a]) for a in around]), return_counts=True
                )
                if not len(keys):
                    continue
                dice = company.dice[np.searchsorted(company.keys, [key, *keys])]
                words = (spans.words[keys] >= 0).sum(axis=1)
                good = (counts >= _BOUND * len(places)) & (dice[1:] >= dice[0]) & (words <= length)
                if not good.any():
                    continue
                best = keys[good][np.argmax(dice[1:][good])]
                for p, own in zip(places, around, strict=True):
                    longer = own[spans.key[own] == best]
                    if len(longer):
                        result[p], changed = int(longer[0]), True
            if not changed:
                break
        return result

    def _modified(self, span: int, place: Occurrence) -> int:
        """Extends a span to the words beside it that render nothing else in its sentence.

        Words beside it, or beside an *and*, need a link; across other function words a sure one.
        """
        here, spans = self.spans.of(place.sentence), self.spans
        links, _ = self._sentence(place.sentence)
        own = links[place.start : place.end].sum(axis=0)
        first, last = int(spans.start[span]), int(spans.end[span])
        if max(own[:first].max(initial=0.0), own[last:].max(initial=0.0)) < _LINKED:
            return span  # nothing outside is linked
        others = np.maximum(
            links[: place.start].max(axis=0, initial=0.0),
            links[place.end :].max(axis=0, initial=0.0),
        )
        start, end, worth = spans.start[here], spans.end[here], spans.worth[here]

        def belongs(k: int, first: int, last: int, kept: float) -> bool:
            added = [*range(int(start[k]), first), *range(last, int(end[k]))]
            content = [j for j in added if own[j] + others[j] > 0]
            least = _LINKED if worth[k] > _BESIDE * kept else _SURE
            return bool(content) and all(own[j] >= max(_FREE * others[j], least) for j in content)

        at = span - int(here.start)
        while True:
            first, last, kept = int(start[at]), int(end[at]), float(worth[at])
            longer = ((start == first) & (end > last)) | ((end == last) & (start < first))
            near = np.flatnonzero(longer & (worth > _NEAR * kept))
            order = near[np.argsort(end[near] - start[near], kind="stable")][:3].tolist()
            grown = next((k for k in order if belongs(k, first, last, kept)), None)
            if grown is None:
                return at + int(here.start)
            at = grown

    def _around(self, span: int, sentence: int) -> Ints:
        """Returns the spans that hold a span and at most one linking word more."""
        here, spans = self.spans.of(sentence), self.spans
        holds = (spans.start[here] <= spans.start[span]) & (spans.end[here] >= spans.end[span])
        close = spans.worth[here] > CLOSE * spans.worth[span]
        found = np.flatnonzero(holds & close) + here.start
        around: Ints = found[found != span]
        return around

    def _length(self, gram: Gram) -> int:
        """Returns how many content words a term's rendering is likely to have at most."""
        words = [word for token in gram for word in self._short.get(token, [token])]
        characters = sum(len(word) if is_chinese(word) else 2 for word in words)
        return max(1, 3 * characters // 4)

    def _words(self, company: Company) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        """Looks the single words of a term's keys up among these keys.

        Returns:
            The words, where each stands among the keys, and whether it does: shape (keys, words).
        """
        words = self.spans.words[company.keys]
        at = np.minimum(np.searchsorted(company.keys, words), len(company.keys) - 1)
        return words, at, (words >= 0) & (company.keys[at] == words)

    def _owned(self, company: Company) -> Floats:
        """Says how much of each key is the term's own: less where another keeps better company."""
        share = company.dice / np.maximum(self._owner[company.keys], company.dice)
        _, at, there = self._words(company)
        mean = np.where(there, share[at], 0.0).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        whole = (self.spans.sentences[company.keys] > 1) & (company.together > 1)
        owned: Floats = np.sqrt(np.where(whole, share, mean))
        return owned

    def _faith(self, company: Company, length: int) -> Floats:
        """Weighs the keys by the company they keep, in (0, 1], shape (keys,).

        A key seen once has no company of its own: it is worth the mean of its words'. What another
        term keeps better company with is worth less.
        """
        keys = company.keys
        words, at, there = self._words(company)
        counted = np.maximum((words >= 0).sum(axis=1), 1)
        mean = np.where(there, company.dice[at], 0.0).sum(axis=1) / counted
        whole = (self.spans.sentences[keys] > 1) & (company.together > 1)
        owned = company.dice / np.maximum(self._owner[keys], company.dice)
        longer = _LONGER ** (np.minimum(counted, length) - 1)
        recurring = np.maximum(_PARTS * mean, company.dice) * np.sqrt(owned) * longer
        faith: Floats = _FLOOR + np.where(whole, recurring, _UNSEEN * mean)
        return faith * np.where(self.spans.cut[keys] & (counted < length), _CUT_SHORT, 1.0)

    def _offers(self, places: Sequence[Occurrence]) -> _Offers | None:
        """Lists the spans of the sentences of a term's occurrences, and how well the links agree.

        The fit is an F-measure ``2·s / (c + t)``: s is the mass of links that a span shares with the
        term, c what its words have in all, t what the term has in all.

        Args:
            places: Occurrences of one term.

        Returns:
            None if no sentence has a span.
        """
        by_sentence: defaultdict[int, list[int]] = defaultdict(list)
        for number, place in enumerate(places):
            if self.spans.at[place.sentence] < self.spans.at[place.sentence + 1]:
                by_sentence[place.sentence].append(number)
        if not by_sentence:
            return None
        numbers = [n for group in by_sentence.values() for n in group]
        rows, totals, alls = [], [], []
        for sentence, group in by_sentence.items():
            links, everything = self._sentence(sentence)
            own = [links[places[n].start : places[n].end].sum(axis=0) for n in group]
            rows += own
            totals += [own[0] if len(own) == 1 else np.sum(own, axis=0)] * len(own)
            alls += [everything] * len(own)
        base = offsets(np.array([len(row) for row in rows]))
        row, total, everything = (np.concatenate(parts) for parts in (rows, totals, alls))
        sentences = np.array([places[n].sentence for n in numbers])
        first, last = self.spans.at[sentences], self.spans.at[sentences + 1]
        at = offsets(last - first)
        who = np.repeat(np.arange(len(numbers)), last - first)
        span = np.arange(at[-1]) - at[who] + first[who]
        start, end = self.spans.start[span] + base[who], self.spans.end[span] + base[who]

        ours = np.minimum(total, 1.0)
        theirs = np.clip(everything - total, 0.0, 1.0)
        free = _UNLINKED * np.maximum(1.0 - ours - theirs, 0.0) * (everything > 0)
        inside, spent, mass = _sums(ours + free), _sums(ours + theirs + free), _sums(ours)
        together = np.array([len(by_sentence[s]) for s in sentences.tolist()])
        whole = np.maximum((mass[base[1:]] - mass[base[:-1]]) / together, 1.0)
        shared, held = inside[end] - inside[start], spent[end] - spent[start]
        fit = (0.02 + np.minimum(2 * shared / (held + whole[who]), 1.0)) * self.spans.worth[span]
        if (together > 1).any():
            alone = _sums(row)
            part = (alone[end] - alone[start]) / np.maximum(mass[end] - mass[start], 1e-9)
            some = _ELSEWHERE + (1 - _ELSEWHERE) * np.minimum(part, 1.0)
            fit = np.where(together[who] > 1, fit * some, fit)
        return _Offers(numbers, sentences, at, who, span, fit)


def _sums(row: Floats) -> Floats:
    """Returns the sum before each place, so that a span's sum is a difference."""
    return np.concatenate([np.zeros(1), np.cumsum(row)])


@dataclass(frozen=True, slots=True)
class _Offers:
    """The spans of all occurrences of a term, those of an occurrence one after the other.

    Attributes:
        numbers: Which of the occurrences have any, those of a sentence together.
        sentences: Their sentences.
        at: Where the spans of each begin, and the end, shape (numbers + 1,).
        who: Of which occurrence each is, as its place in `numbers`, shape (offers,).
        span: Which span of the text it is, shape (offers,).
        fit: How well the links agree with it, shape (offers,).
    """

    numbers: list[int]
    sentences: Ints
    at: Ints
    who: Ints
    span: Ints
    fit: Floats

    def shares(self, weights: Floats) -> Floats:
        """Divides weights by their sum over each occurrence's spans."""
        sums: Floats = np.add.reduceat(weights, self.at[:-1])
        return weights / np.maximum(sums, _TINY)[self.who]


def _agreed(offers: _Offers, scores: Floats, meaning: Ints) -> Floats:
    """Returns each occurrence's posterior over its spans, one after the other.

    Args:
        offers: The spans.
        scores: What speaks for each by itself.
        meaning: What each says.
    """
    own = scores**_SHARPNESS
    posterior = offers.shares(own)
    for _ in range(_ROUNDS if len(offers.numbers) > 1 else 0):
        posterior = offers.shares(own * np.bincount(meaning, posterior)[meaning])
    return posterior


def _assigned(
    offers: _Offers, posterior: Floats, confidence: Floats, spans: Spans
) -> Iterator[tuple[int, int, float]]:
    """Gives each occurrence a span, the surest first: its number, the span and its confidence.

    Words are claimed once in a sentence, unless all that is left to an occurrence is much worse
    than its best span: one rendering can stand for two occurrences. A shared span has half its
    confidence.
    """
    best = np.maximum.reduceat(posterior, offers.at[:-1])
    taken: defaultdict[int, set[int]] = defaultdict(set)
    for place in np.argsort(-best, kind="stable").tolist():
        first, last = int(offers.at[place]), int(offers.at[place + 1])
        if not best[place]:
            continue
        order = first + np.argsort(-posterior[first:last], kind="stable")[:20]
        fair = order[posterior[order] >= _SHARED * best[place]].tolist()
        claimed, number = taken[int(offers.sentences[place])], offers.numbers[place]
        for k in fair:
            span = int(offers.span[k])
            words = range(int(spans.start[span]), int(spans.end[span]))
            if claimed.isdisjoint(words):
                claimed.update(words)
                yield number, span, float(confidence[k])
                break
        else:
            yield number, int(offers.span[fair[0]]), float(confidence[fair[0]]) / 2
