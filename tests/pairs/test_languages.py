from __future__ import annotations

from dataclasses import replace

from xindaya.pairs import Corpus
from xindaya.pairs.languages import doubtful_languages


def test_swapped_files_are_named(corpus: Corpus) -> None:
    assert doubtful_languages(corpus) == []
    swapped = tuple(
        replace(s, source=s.references[0], references=(s.source, s.source)) for s in corpus.segments
    )
    assert [message.split(" is ")[0] for message in doubtful_languages(
        replace(corpus, segments=swapped)
    )] == ["The source", "Reference A", "Reference B"]  # fmt: skip
    chinese = corpus.with_systems({"s": ("国家网信办",) * 4})
    assert doubtful_languages(chinese) == [
        "System s is declared en and holds hardly any English: are files or languages swapped?"
    ]


def test_no_letters_are_no_language(corpus: Corpus) -> None:
    assert doubtful_languages(corpus.with_systems({"s": ("3.5 %", "", "…", "2026")})) == []
