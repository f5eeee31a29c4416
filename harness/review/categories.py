"""What an error may be called in a review: the category sets, in the words of this project."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xindaya.metrics.mqm import J2450_LIKE, MQM, WMT, WMT24, Weights
from xindaya.reports.review.model import Choice

_MEANINGS = {
    "mqm": {
        "Terminology/Inconsistent with terminology resource": "Not the term that the termbase asks for.",
        "Terminology/Inconsistent use of terminology": "One term of the source, several renderings.",
        "Terminology/Wrong term": "A term that names something else, or that the field does not use.",
        "Accuracy/Mistranslation": "Says something else than the source.",
        "Accuracy/Omission": "Something of the source is missing.",
        "Accuracy/Addition": "Says something that the source does not.",
        "Accuracy/Untranslated": "Source text left as it was, without a reason.",
        "Linguistic conventions/Grammar": "Against the grammar of the target language.",
        "Linguistic conventions/Spelling": "A misspelt word or a wrong character.",
        "Linguistic conventions/Punctuation": "Wrong, missing or foreign punctuation.",
        "Style/Awkward": "Correct, but clumsy or unidiomatic.",
        "Locale conventions/Format": "Numbers, dates, currencies or names in a foreign form.",
        "Audience appropriateness/Register": "Too formal, too casual, or not for these readers.",
        "Design and markup/Markup": "Tags or placeholders lost, moved or broken.",
        "Other": "None of the above: say what in the comment.",
    },
    "wmt": {
        "Accuracy/Addition": "Says something that the source does not.",
        "Accuracy/Omission": "Something of the source is missing.",
        "Accuracy/Mistranslation": "Says something else than the source.",
        "Accuracy/Untranslated text": "Source text left as it was, without a reason.",
        "Fluency/Punctuation": "Wrong, missing or foreign punctuation.",
        "Fluency/Spelling": "A misspelt word or wrong capitals.",
        "Fluency/Grammar": "Against the grammar of the target language.",
        "Fluency/Register": "Wrong level of formality, or a pronoun of the wrong person.",
        "Fluency/Inconsistency": "Contradicts itself, other than in terms.",
        "Fluency/Character encoding": "Garbled characters.",
        "Terminology/Inappropriate for context": "A term that is wrong or unusual here.",
        "Terminology/Inconsistent use of terminology": "One term of the source, several renderings.",
        "Style/Awkward": "Correct, but clumsy or unidiomatic.",
        "Locale convention/Format": "Numbers, dates, currencies or names in a foreign form.",
        "Source error": "The source itself is wrong.",
        "Non-translation": "Not a translation at all; name no other error beside it.",
        "Other": "None of the above: say what in the comment.",
    },
    # As google-research's anthea/template-mqm.js calls them, with which WMT24 was annotated.
    "wmt24": {
        "Accuracy/Creative Reinterpretation": "Other words with the same intent here: no error.",
        "Accuracy/Mistranslation": "Says something else than the source.",
        "Accuracy/Source language fragment": "Source text left as it was, without a reason.",
        "Accuracy/Addition": "Says something that the source does not.",
        "Accuracy/Omission": "Something of the source is missing.",
        "Fluency/Inconsistency": "Contradicts itself, other than in terms.",
        "Fluency/Grammar": "Against the grammar of the target language.",
        "Fluency/Register": "Wrong level of formality, or a pronoun of the wrong person.",
        "Fluency/Spelling": "A misspelt word, wrong capitals or blanks.",
        "Fluency/Punctuation": "Wrong, missing or foreign punctuation.",
        "Fluency/Character encoding": "Garbled characters.",
        "Style/Unnatural or awkward": "Correct, but clumsy, literal or unidiomatic.",
        "Style/Bad sentence structure": "Repeats itself, or is longer than need be.",
        "Terminology/Inappropriate for context": "A term that is wrong or unusual here.",
        "Terminology/Inconsistent": "One term of the source, several renderings.",
        "Locale convention/Address format": "An address in a foreign form.",
        "Locale convention/Date format": "A date in a foreign form.",
        "Locale convention/Currency format": "An amount in a foreign form.",
        "Locale convention/Telephone format": "A telephone number in a foreign form.",
        "Locale convention/Time format": "A time in a foreign form.",
        "Locale convention/Name format": "A name in a foreign form.",
        "Source issue": "The source itself is wrong.",
        "Non-translation!": "Not a translation at all; name no other error beside it.",
        "Other": "None of the above: say what in the comment.",
    },
    "j2450-like": {
        "Wrong term": "Against the glossary or the usage of the field, or another rendering of a term "
                      "rendered before.",
        "Syntactic error": "Wrong structure of the sentence or part of speech.",
        "Omission": "Something of the source is missing.",
        "Word structure or agreement error": "Wrong number, case, tense or agreement.",
        "Misspelling": "A misspelt word or a wrong character.",
        "Punctuation error": "Against the rules of punctuation.",
        "Miscellaneous error": "Any other error, also an addition or a wrong meaning.",
    },
}  # fmt: skip

_SEVERITIES = {
    "neutral": "A remark or a matter of taste: no error.",
    "minor": "Noticed, but neither misleads nor hinders the reader.",
    "major": "Misleads the reader or makes the text hard to understand.",
    "critical": "May do harm to readers or the client: the delivery cannot be used.",
    "serious": "Changes the meaning or makes the text unusable.",
}
_OFFERED: Mapping[str, tuple[Weights, tuple[str, ...]]] = MappingProxyType(
    {
        "mqm": (MQM, ("neutral", "minor", "major", "critical")),
        "wmt": (WMT, ("neutral", "minor", "major")),
        "wmt24": (WMT24, ("neutral", "minor", "major", "critical")),
        # The weights also know major, as another word for serious.
        "j2450-like": (J2450_LIKE, ("neutral", "minor", "serious")),
    }
)

CATEGORY_SETS = tuple(_OFFERED)


def categories_of(name: str) -> tuple[Choice, ...]:
    """Returns the categories of a set, with what an error costs where that depends on them."""
    weights, severities = _OFFERED[name]
    return tuple(
        Choice(category, meaning, _points(weights, category, severities))
        for category, meaning in _MEANINGS[name].items()
    )


def severities_of(name: str) -> tuple[Choice, ...]:
    """Returns the severities of a set, from harmless to worst."""
    weights, severities = _OFFERED[name]
    return tuple(Choice(s, _SEVERITIES[s], f"{weights.severities[s]:g}") for s in severities)


def _points(weights: Weights, category: str, severities: tuple[str, ...]) -> str:
    points = {s: weights.penalty(category, s) for s in severities}
    if points == {s: weights.severities[s] for s in severities}:
        return ""
    return ", ".join(f"{s} {p:g}" for s, p in points.items())
