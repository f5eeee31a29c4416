"""A pair of documents as features and lengths, ready to be aligned."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xindaya.pairs.align import anchors
from xindaya.pairs.align.evidence import Feature, Floats
from xindaya.pairs.align.length import chinese_length, english_length
from xindaya.pairs.align.lexicon import Lexicon, Phrase, PhraseFinder, termbase_forms
from xindaya.pairs.align.names import NameFinder, name_words
from xindaya.pairs.align.split import Piece
from xindaya.pairs.align.words import chinese_ngrams, content_stems, english_stems
from xindaya.pairs.termbase import Termbase


class Documents:
    """Everything about two documents that does not change while they are aligned.

    Attributes:
        zh_lengths: Length of each Chinese unit.
        en_lengths: Length of each English unit.
        zh_keys: Keys of the features of each Chinese unit.
        en_keys: Keys of the features of each English unit.
        links: Pairs of keys that translate each other.
        ngrams: Chinese n-grams of each unit, to learn from.
        stems: English content stems of each unit, to learn from.
    """

    def __init__(
        self,
        zh: Sequence[Piece],
        en: Sequence[Piece],
        lexicons: Sequence[Lexicon],
        termbase: Termbase | None,
    ) -> None:
        zh_texts = [anchors.fold(piece.text) for piece in zh]
        en_texts = [anchors.fold(piece.text) for piece in en]
        self.zh_lengths: Floats = np.array([chinese_length(t) for t in zh_texts])
        self.en_lengths: Floats = np.array([english_length(t) for t in en_texts])
        self.zh_keys = [set(anchors.chinese_anchors(text)) for text in zh_texts]
        self.en_keys = [set(anchors.english_anchors(text)) for text in en_texts]
        self.ngrams = [chinese_ngrams(text) for text in zh_texts]
        stems = [english_stems(text) for text in en_texts]
        self.stems = [set(content_stems(line)) for line in stems]
        self._add_openings(zh, en)
        self._add_latin(en_texts)
        self._add_names(zh_texts, en_texts)
        self.links = list(anchors.same_key_links(_all(self.zh_keys), _all(self.en_keys)))
        for keys, line in zip(self.en_keys, self.stems, strict=True):
            keys.update(f"s:{stem}" for stem in line)
        self._add_words(zh_texts, stems, lexicons)
        if termbase is not None:
            self._add_terms(zh_texts, stems, termbase)

    def features(
        self, learned: Sequence[tuple[str, str]] = ()
    ) -> tuple[list[list[Feature]], list[list[Feature]], list[tuple[str, str]]]:
        """Returns the features of both sides and their links, with learned words added."""
        grams = {gram for gram, _ in learned}
        zh = [
            [anchors.feature(key) for key in sorted(keys)]
            + [anchors.feature(f"g:{gram}") for gram in sorted(ngrams & grams)]
            for keys, ngrams in zip(self.zh_keys, self.ngrams, strict=True)
        ]
        en = [[anchors.feature(key) for key in sorted(keys)] for keys in self.en_keys]
        links = [(f"g:{gram}", f"s:{stem}") for gram, stem in learned]
        return zh, en, self.links + links

    def _add_openings(self, zh: Sequence[Piece], en: Sequence[Piece]) -> None:
        """Where sentences are aligned, notes which of them open a passage."""
        if all(p.opens for p in zh) and all(p.opens for p in en):
            return
        for keys, piece in zip([*self.zh_keys, *self.en_keys], [*zh, *en], strict=True):
            if piece.opens:
                keys.add("p:opening")

    def _add_latin(self, en_texts: Sequence[str]) -> None:
        """Adds to English lines the Latin words that the Chinese document repeats."""
        repeated = {key for key in _all(self.zh_keys) if key.startswith("l:")}
        for keys, text in zip(self.en_keys, en_texts, strict=True):
            keys.update(anchors.english_latin(text) & repeated)

    def _add_names(self, zh_texts: Sequence[str], en_texts: Sequence[str]) -> None:
        """Adds the names that sound alike on both sides."""
        names = [name_words(text) for text in en_texts]
        find = NameFinder(_all(names))
        for keys, text in zip(self.zh_keys, zh_texts, strict=True):
            keys.update(f"y:{word}" for _, word in find(text))
        heard = {key for key in _all(self.zh_keys) if key.startswith("y:")}
        for keys, words in zip(self.en_keys, names, strict=True):
            keys.update({f"y:{word}" for word in words} & heard)

    def _add_words(
        self,
        zh_texts: Sequence[str],
        stems: Sequence[Sequence[str]],
        lexicons: Sequence[Lexicon],
    ) -> None:
        links: set[tuple[str, Phrase]] = set()
        for lexicon in lexicons:
            for keys, text in zip(self.zh_keys, zh_texts, strict=True):
                for word in lexicon.words_in(text):
                    key = f"{'z' if len(word) > 1 else 'c'}:{word}"
                    keys.add(key)
                    links.update((key, phrase) for phrase in lexicon.phrases_of(word))
            find = lexicon.phrases_in
            for keys, line in zip(self.en_keys, stems, strict=True):
                keys.update(f"w:{' '.join(phrase)}" for phrase in find(line))
        self.links.extend((key, f"w:{' '.join(phrase)}") for key, phrase in links)

    def _add_terms(
        self, zh_texts: Sequence[str], stems: Sequence[Sequence[str]], termbase: Termbase
    ) -> None:
        for concept, zh_forms, en_forms in termbase_forms(termbase):
            key = f"t:{concept}"
            zh_hits = [any(form in text for form in zh_forms) for text in zh_texts]
            find = PhraseFinder(en_forms)
            en_hits = [next(find(line), None) is not None for line in stems]
            if not any(zh_hits) or not any(en_hits):
                continue
            for keys, hit in zip([*self.zh_keys, *self.en_keys], zh_hits + en_hits, strict=True):
                if hit:
                    keys.add(key)
            self.links.append((key, key))


def _all(lines: Sequence[set[str]]) -> set[str]:
    return set().union(*lines)
