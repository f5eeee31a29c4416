"""Are the texts in the languages they are said to be in?"""

from __future__ import annotations

from collections.abc import Sequence

from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import NAMES, Words

_FEW = 0.05


def doubtful_languages(corpus: Corpus) -> list[str]:
    """Names the texts that hold hardly anything of their language, one sentence each.

    A Chinese character counts as a word; a text of another language, or of none, is doubtful if
    less than 5 % of its words are of the language it is declared as.
    """
    texts: dict[str, tuple[str, Sequence[str | None]]] = {
        "The source": (corpus.source_lang, [s.source for s in corpus.segments])
    }
    for name in corpus.reference_names:
        texts[f"Reference {name}"] = (corpus.target_lang, corpus.reference(name))
    for name, outputs in corpus.systems.items():
        texts[f"System {name}"] = (corpus.target_lang, outputs)
    return [
        f"{name} is declared {lang} and holds hardly any {NAMES[lang]}"
        ": are files or languages swapped?"
        for name, (lang, lines) in texts.items()
        if is_doubtful(lang, lines)
    ]


def is_doubtful(lang: str, lines: Sequence[str | None]) -> bool:
    """True if the first lines hold words, and hardly any of their language."""
    share = Words.of(lines).share(lang)
    return share is not None and share < _FEW
