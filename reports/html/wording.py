"""Sentences in two languages: both stand in the page, and the style sheet shows one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from xindaya.reports.html.strings import LANGUAGES, PAGE
from xindaya.reports.html.visible import visible

_PLURAL = re.compile(r"\{(\w+):([^|{}]*)\|([^|{}]*)\}")
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
            lang,
            escape(plural(PAGE[lang][key], values)).format(
                **{k: _in(v, lang) for k, v in values.items()}
            ),
        )
        for lang in LANGUAGES
    ]
    return Markup("").join(spans)


def in_words(sentence: Sentence | str, lang: str, spell: Callable[[str], str] = str) -> str:
    """Returns a sentence in one language, for text that is not HTML.

    Args:
        sentence: The sentence, or the key of one without values.
        lang: ``en`` or ``zh``.
        spell: Applied to every foreign name in it, to escape it.
    """
    if isinstance(sentence, str):
        sentence = Sentence(sentence, {})
    comma, last = (str(joint) for joint in _JOINTS[lang])

    def inside(value: object) -> object:
        if isinstance(value, Names):
            *first, final = map(spell, value.names)
            return last.join([comma.join(first), final] if first else [final])
        if isinstance(value, Phrase):
            return PAGE[lang][value.key]
        return spell(value) if isinstance(value, str) else value

    text = plural(PAGE[lang][sentence.key], sentence.values)
    return text.format(**{key: inside(value) for key, value in sentence.values.items()})


def plural(text: str, values: Mapping[str, object]) -> str:
    """Chooses between the forms of ``{n:segment|segments}``: the first one if n is 1."""
    return _PLURAL.sub(lambda m: m[2] if str(values[m[1]]) == "1" else m[3], text)


def name(text: str) -> Markup:
    """Returns the name of a system, metric or document as it stands in a sentence."""
    return Markup('<bdi class="name">{}</bdi>').format(visible(text))


def _in(value: object, lang: str) -> object:
    if isinstance(value, Names):
        return value.joined(lang)
    if isinstance(value, Phrase):
        return PAGE[lang][value.key]
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
