"""Reading a text: every candidate's occurrences, what renders each, and their distribution."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xindaya.metrics.terminology.discovery.alignment import WordAligner
from xindaya.metrics.terminology.discovery.candidates import find_all
from xindaya.metrics.terminology.discovery.clusters import Distribution, distribution
from xindaya.metrics.terminology.discovery.company import Company
from xindaya.metrics.terminology.discovery.coordination import complete
from xindaya.metrics.terminology.discovery.extraction import extract
from xindaya.metrics.terminology.discovery.sentences import Text
from xindaya.metrics.terminology.discovery.sequences import Gram
from xindaya.metrics.terminology.discovery.spans import Occurrence, Rendering


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text renders one term.

    Attributes:
        term: The term's tokens.
        occurrences: In reading order.
        renderings: What renders each, or None.
        found: Their distribution.
    """

    term: Gram
    occurrences: tuple[Occurrence, ...]
    renderings: tuple[Rendering | None, ...]
    found: Distribution


def read_terms(
    text: Text, terms: Sequence[Gram], aligner: WordAligner, background: Text
) -> Iterator[Reading]:
    """Aligns a text and yields the reading of each term that occurs in it.

    Args:
        text: The text.
        terms: The tokens of each term.
        aligner: Learns from the text and the background.
        background: More sentence pairs; may be empty.
    """
    source, target = text.source, text.target
    more = (background.source, background.target) if background.pairs else None
    alignment = aligner.train(source, target, background=more)
    company = Company(source, target)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for sentence, tokens in enumerate(source):
        for token in set(tokens):
            places[token].append(sentence)
    for term in terms:
        occurrences = [
            Occurrence(sentence, span, target[sentence], alignment.posteriors(sentence))
            for sentence in min((places[token] for token in term), key=len)
            for span in find_all(source[sentence], term)
        ]
        if occurrences:
            yield read_term(term, occurrences, company)


def read_term(term: Gram, occurrences: Sequence[Occurrence], company: Company) -> Reading:
    """Reads off what renders the occurrences of one term.

    Args:
        term: The term's tokens.
        occurrences: Read together; usually all of a text.
        company: The sentences at large.
    """
    renderings = complete(occurrences, extract(occurrences, term, company))
    found = distribution(occurrences, renderings)
    return Reading(term, tuple(occurrences), tuple(renderings), found)
