"""Measures discovery on annual reports with a dictionary of terms, and on annotated articles.

Run with ``python benchmarks/discovery.py [DATA]``; prints Markdown. The reports (Hong Kong Monetary
Authority, ``DATA/wmt25-terminology``) come with their own dictionary: of its terms that occur three
times or more and whose rendering is in the other language's text, *listed* are proposed, and of
those *right* have a rendering of the dictionary first, in any of its spellings. 2016 and 2020 were
looked at while this was built ("tuning"), 2018, 2022 and 2024 were not used to choose anything.

The articles have repeated words whose human translation is consistent. Articles are read from
``DATA/lexical-consistency`` (default ``../shared/data`` beside the repository, or
``$XINDAYA_DATA``); they are never copied here. Odd-numbered articles of the list were looked at
while the aligner was built ("tuning"), the others were not ("held out").

- *head*, *exact*: share of annotated mentions whose rendering holds the annotated head word, or is
  exactly the annotated content words.
- *LTCR*: over all pairs of mentions of one chain. The truth is 1, so ``1 - LTCR`` is noise;
  *corrected* is after occurrences were given back to the usual rendering.
- *false alarms*: share of the consistent chains of three and more mentions that are said to drift.
- *recall*: share of chains said to drift after m of k renderings were replaced by words that are
  foreign to the article.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xindaya.metrics.segmentation import Segmenter, running_ends
from xindaya.metrics.terminology.discovery import Model1Aligner, Passage, discover
from xindaya.metrics.terminology.discovery.proposals import compounds, runs
from xindaya.metrics.terminology.discovery.renderings import (
    Occurrence,
    Reader,
    occurrences,
)
from xindaya.metrics.terminology.discovery.spans import read_spans
from xindaya.metrics.terminology.discovery.text import SentencePair, Text, Tokens
from xindaya.metrics.terminology.discovery.verdict import EVIDENCE, Distribution, distribution
from xindaya.metrics.terminology.discovery.words import (
    cluster_key,
    english_tokens,
    is_content,
    normal_form,
)

DATA = os.environ.get(
    "XINDAYA_DATA", Path(__file__).resolve().parents[1] / ".." / "shared" / "data"
)
HALVES = ("tuning", "held out")
Span = tuple[int, int]


@dataclass(frozen=True)
class Chain:
    """A source word whose translation in one article is consistent.

    Attributes:
        article: Number of the article.
        word: The Chinese word.
        english: Its rendering.
        mentions: Sentence and character span of each occurrence.
    """

    article: int
    word: str
    english: str
    mentions: tuple[tuple[int, Span], ...]


class Articles:
    """All sentence pairs as tokens, and the chains in them."""

    def __init__(self, folder: Path, most: int | None = None) -> None:
        words = Segmenter()
        chinese: list[str] = []
        self.target: list[list[str]] = []
        self.chains: list[Chain] = []
        for article, path in enumerate(sorted((folder / "res").iterdir(), key=_number)[:most]):
            lines = (folder / "zh2en_raw" / path.name).read_text("utf-8").split("\n")
            pairs = [line.split("|||") for line in lines if line.strip()]
            first = len(chinese)
            chinese += [zh.strip() for zh, _ in pairs]
            self.target += [[token for token, _ in english_tokens(en)] for _, en in pairs]
            self.chains += _chains(path, article, chinese[first:], first)
        spans: defaultdict[int, set[Span]] = defaultdict(set)
        for chain in self.chains:
            for sentence, span in chain.mentions:
                spans[sentence].add(span)
        cut = [_tokens(t, words, _apart(spans[k])) for k, t in enumerate(chinese)]
        pairs = tuple(SentencePair(k, t, Tokens((), (), (), "")) for k, t in enumerate(cut))
        closed = frozenset((c.word,) for c in self.chains)
        unknown = compounds(Text(pairs, "zh", closed))
        self._tokens = [t.joined(runs(t.words, unknown)) for t in cut]
        self.source = [t.words for t in self._tokens]

    def read(self, target: Sequence[Sequence[str]], chains: Sequence[Chain]) -> list[Distribution]:
        """Trains on the articles with the given English side and reads the chains."""
        alignment = Model1Aligner().train(self.source, target)
        spans = read_spans(target)
        places = {k: [self._place(*m) for m in c.mentions] for k, c in enumerate(chains)}
        grams = {
            k: self.source[own[0].sentence][own[0].start : own[0].end] for k, own in places.items()
        }
        everywhere: dict[tuple[str, ...], set[Occurrence]] = defaultdict(set)
        for gram, own in occurrences(self.source, [*set(grams.values())]).items():
            everywhere[gram].update(own)
        for k, own in places.items():
            everywhere[grams[k]].update(own)
        reader = Reader(spans, alignment, {gram: [*own] for gram, own in everywhere.items()})
        return [
            distribution(own, reader.read(grams[k], own), spans.names, target)
            for k, own in places.items()
        ]

    def _place(self, sentence: int, span: Span) -> Occurrence:
        tokens = self._tokens[sentence]
        inside = [
            k
            for k, (a, b) in enumerate(zip(tokens.starts, tokens.ends, strict=True))
            if a < span[1] and b > span[0]
        ]
        return Occurrence(sentence, inside[0], inside[-1] + 1)

    def replaced(self, m: int | None, seed: int) -> tuple[list[list[str]], list[Chain]]:
        """Replaces renderings of up to four chains in each article by a foreign word.

        Args:
            m: How many of the k >= 3 mentions of a chain; None for half.
            seed: Of the choice of chains, mentions and words.

        Returns:
            The new English side and the changed chains.
        """
        rng = random.Random(seed)
        target = [list(tokens) for tokens in self.target]
        foreign = _foreign_words(self.target)
        changed = []
        for _, group in itertools.groupby(self.chains, key=lambda c: c.article):
            chains = list(group)
            sentences = {s for chain in chains for s, _ in chain.mentions}
            present = {normal_form(token) for s in sentences for token in self.target[s]}
            rng.shuffle(chains)
            used: set[str] = set()
            for chain in chains:
                k = len(chain.mentions)
                count = k // 2 if m is None else m
                places = [p for s, _ in chain.mentions for p in self._only_place(chain, s)]
                fits = k >= 3 and count < k and count <= len(places) and len(used) < 8
                if not fits or {chain.word, chain.english} & used:
                    continue
                used |= {chain.word, chain.english}
                word = rng.choice([w for w in foreign if normal_form(w) not in present])
                for sentence, place in rng.sample(places, count):
                    target[sentence][place] = word
                changed.append(chain)
        return target, changed

    def _only_place(self, chain: Chain, sentence: int) -> list[Span]:
        """Returns the sentence and place of a rendering, if it is one word that stands there once."""
        key = cluster_key(chain.english.split())
        here = [k for k, t in enumerate(self.target[sentence]) if (normal_form(t),) == key]
        mentions = sum(s == sentence for s, _ in chain.mentions)
        return [(sentence, here[0])] if len(here) == mentions == 1 else []


def _number(path: Path) -> int:
    return int("".join(filter(str.isdigit, path.name)))


def _chains(path: Path, article: int, chinese: Sequence[str], first: int) -> Iterator[Chain]:
    """Reads the chains of one article; mentions are given as word/sentence/token number."""
    rows = [ast.literal_eval(line) for line in path.read_text("utf-8").split("\n") if line.strip()]
    marks: defaultdict[int, set[tuple[str, int]]] = defaultdict(set)
    for *mentions, _ in rows:
        for word, sentence, token in (m.rsplit("/", 2) for m in mentions):
            marks[int(sentence)].add((word, int(token)))
    at = {sentence: _located(chinese[sentence], found) for sentence, found in marks.items()}
    for *mentions, english in rows:
        places = set()
        for word, sentence, token in (m.rsplit("/", 2) for m in mentions):
            offset = at[int(sentence)].get((word, int(token)))
            if offset is not None:
                places.add((first + int(sentence), (offset, offset + len(word))))
        if places:
            yield Chain(article, word, english.replace(" - ", "-"), tuple(sorted(places)))


def _located(text: str, marks: set[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """Finds the offset of each marked token: words that occur once show where the others are."""
    low = text.lower()
    offsets = {
        word: [k for k in range(len(low)) if low.startswith(word.lower(), k)] for word, _ in marks
    }
    sure = sorted((token, offsets[w][0]) for w, token in marks if len(offsets[w]) == 1)
    tokens, places = zip((0, 0), *(pair for pair in sure if pair[0]), strict=True)
    tokens, places = (*tokens, tokens[-1] + 100), (*places, places[-1] + 165)
    found: dict[tuple[str, int], int] = {}
    for word, here in offsets.items():
        own = sorted(token for w, token in marks if w == word)
        guesses = np.interp(own, tokens, places)
        choices = itertools.islice(itertools.combinations(here, len(own)), 5000)
        best = min(choices, key=lambda c: float(np.abs(np.array(c) - guesses).sum()), default=())
        found |= {(word, token): offset for token, offset in zip(own, best, strict=False)}
    return found


def _apart(spans: set[Span]) -> list[Span]:
    """Drops spans that overlap a longer one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if all(span[1] <= a or span[0] >= b for a, b in kept):
            kept.append(span)
    return sorted(kept)


def _tokens(text: str, words: Segmenter, terms: Sequence[Span]) -> Tokens:
    """Cuts a text into words; each of the given spans, in order, is one token."""
    inside = {offset for start, end in terms for offset in range(start + 1, end)}
    cuts = sorted((set(running_ends(words.words(text))) - inside).union(*terms))
    whole = [(a, b) for a, b in itertools.pairwise(cuts) if text[a:b].strip()]
    starts, ends = (tuple(side) for side in zip(*whole, strict=True))
    return Tokens(tuple(text[a:b].strip() for a, b in whole), starts, ends, text)


def _foreign_words(sentences: Sequence[Sequence[str]]) -> list[str]:
    """Lists ordinary words, neither rare nor common, that can stand in for a rendering."""
    counts = Counter(t for tokens in sentences for t in tokens if t.islower() and t.isalpha())
    return sorted(w for w, n in counts.items() if 3 <= n <= 40 and len(w) > 4 and is_content(w))


def _accuracy(readings: Sequence[Distribution], chains: Sequence[Chain]) -> str:
    """Returns mentions, head, exact, LTCR, corrected LTCR and false alarms as table cells."""
    mentions = head = exact = same = corrected = pairs = 0
    for reading, chain in zip(readings, chains, strict=True):
        keys = [key or (f"?{k}",) for k, key in enumerate(reading.extracted)]
        after = [key or (f"?{k}",) for k, key in enumerate(reading.keys)]
        gold = cluster_key(t for t, _ in english_tokens(chain.english))
        last = normal_form([t for t, _ in english_tokens(chain.english)][-1])
        mentions += len(keys)
        head += sum(last in key for key in keys)
        exact += sum(key == gold for key in keys)
        pairs += len(keys) * (len(keys) - 1)
        same += sum(n * (n - 1) for n in Counter(keys).values())
        corrected += sum(n * (n - 1) for n in Counter(after).values())
    long = [r for r in readings if len(r.keys) >= 3]
    alarms = sum(r.evidence >= EVIDENCE for r in long) / len(long)
    return (
        f"{mentions} | {head / mentions:.3f} | {exact / mentions:.3f} | {same / pairs:.3f} | "
        f"{corrected / pairs:.3f} | {alarms:.1%} of {len(long)}"
    )


def _reports(path: Path) -> Iterator[str]:
    """Yields the row of one year's reports in both directions."""
    reports = [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]
    lines = [
        (zh, en, str(number))
        for number, report in enumerate(reports)
        for zh, en in zip(report["zh"].split("\n"), report["en"].split("\n"), strict=True)
        if zh.strip() or en.strip()
    ]
    texts = {side: "\n".join(report[side] for report in reports) for side in ("zh", "en")}
    answers: defaultdict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for zh, english in reports[0]["proper"].items():
        for en in [english] if isinstance(english, str) else english:
            answers["zh"][zh].add(en)
            answers["en"][en].add(zh)
    for source, target in (("zh", "en"), ("en", "zh")):
        low = texts[target].lower()
        wanted = {
            term: {_spelled(r) for r in right}
            for term, right in answers[source].items()
            if texts[source].count(term) >= 3 and any(r.lower() in low for r in right)
        }
        started = time.process_time()
        passages = [Passage(*(p if source == "zh" else (p[1], p[0], p[2]))) for p in lines]
        found = discover(passages, lang=source)
        seconds = time.process_time() - started
        terms = {_spelled(term.term): term for term in found.terms}
        listed = [term for term in wanted if _spelled(term) in terms]
        right = sum(
            not wanted[term].isdisjoint(map(_spelled, terms[_spelled(term)].renderings[0].forms))
            for term in listed
            if terms[_spelled(term)].renderings
        )
        yield (
            f"| {path.stem[-4:]} | {source}→{target} | {len(wanted)} | "
            f"{len(listed) / len(wanted):.1%} | {right / max(len(listed), 1):.1%} | "
            f"{len(found.terms)} | {len(found.drifting)} | {seconds:.1f} |"
        )


def _spelled(term: str) -> str:
    """Folds case, hyphens, blanks, an article and curly quotes."""
    folded = term.lower().replace("’", "'").removeprefix("the ")
    return folded.replace("-", "").replace(" ", "")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", nargs="?", type=Path, default=DATA)
    parser.add_argument("--articles", type=int, metavar="N", help="only the first N articles")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print("| year | direction | terms | listed | right | proposed | drift | CPU s |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for path in sorted((Path(arguments.data) / "wmt25-terminology" / "references").glob("*.jsonl")):
        for row in _reports(path):
            print(row, flush=True)
    print()
    started = time.process_time()
    articles = Articles(Path(arguments.data) / "lexical-consistency", arguments.articles)
    loaded = time.process_time()
    readings = articles.read(articles.target, articles.chains)
    seconds = time.process_time() - loaded
    print(f"{len(articles.target)} sentence pairs, {len(articles.chains)} chains\n")
    print("| half | mentions | head | exact | LTCR | corrected | false alarms |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for half, name in enumerate(HALVES):
        own = [k for k, chain in enumerate(articles.chains) if chain.article % 2 == half]
        print(
            f"| {name} | {_accuracy([readings[k] for k in own], [articles.chains[k] for k in own])} |"
        )
    print("\n| replaced | " + " | ".join(f"recall, {name}" for name in HALVES) + " |")
    print("| --- | ---: | ---: |")
    for m in (1, 2, None):
        target, changed = articles.replaced(m, arguments.seed)
        found = articles.read(target, changed)
        cells = []
        for half in range(2):
            own = [
                r.evidence >= EVIDENCE
                for r, c in zip(found, changed, strict=True)
                if c.article % 2 == half
            ]
            cells.append(f"{sum(own) / len(own):.3f} of {len(own)}")
        print(f"| {'half' if m is None else m} | {' | '.join(cells)} |")
    print(f"\nCPU seconds: {loaded - started:.1f} to read, {seconds:.1f} to train and extract")


if __name__ == "__main__":
    main()
