"""Sentences in two languages: both stand in the page, and the style sheet shows one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from xindaya.reports.html.strings import LANGUAGES, PAGE
from xindaya.reports.html.visible import visible

_JOINTS = {"en": (Markup(", "), " and "), "zh": (Markup("、"), "、")}


@dataclass(frozen=True, slots=True)
class Names:
    """Names to list in a sentence, each isolated from the direction of the text around it."""

    names: Sequence[str]

    def joined(self, lang: str) -> Markup:
        """Returns ``a, b and c`` in one language."""
        comma, last = _JOINTS[lang]
        marked = [name(n) for n in self.names]
        if len(marked) < 2:
            return Markup("").join(marked)
        return comma.join(marked[:-1]) + last + marked[-1]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word of the string table, to stand inside another sentence."""

    key: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the string table with its values."""

    key: str
    values: dict[str, object]


def say(key: str, **values: object) -> Markup:
    """Returns a string of the table in every language, values escaped."""
    spans = [
        Markup('<span class="t-{0}" lang="{0}">{1}</span>').format(
            lang, escape(PAGE[lang][key]).format(**{k: _in(v, lang) for k, v in values.items()})
        )
        for lang in LANGUAGES
    ]
    return Markup("").join(spans)


def name(text: str) -> Markup:
    """Returns the name of a system, metric or document as it stands in a sentence."""
    return Markup('<bdi class="name">{}</bdi>').format(visible(text))


def _in(value: object, lang: str) -> object:
    if isinstance(value, Names):
        return value.joined(lang)
    if isinstance(value, Phrase):
        return PAGE[lang][value.key]
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
