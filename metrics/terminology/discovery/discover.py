"""Discovery: which terms a text has, how each occurrence is rendered, and which of them drift."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xindaya.metrics.metric import Progress
from xindaya.metrics.terminology.discovery.aligner import HmmAligner
from xindaya.metrics.terminology.discovery.alignment import WordAligner
from xindaya.metrics.terminology.discovery.candidates import propose
from xindaya.metrics.terminology.discovery.compounds import find_compounds
from xindaya.metrics.terminology.discovery.dictionary import look_up
from xindaya.metrics.terminology.discovery.found import Discovery, found_term
from xindaya.metrics.terminology.discovery.noise import Witnesses, count_keys, inconsistency
from xindaya.metrics.terminology.discovery.reading import read_terms
from xindaya.metrics.terminology.discovery.sentences import Passage, read_text
from xindaya.pairs import Termbase

_MOST_TERMS = 2000
_ONE_IN = 2500  # sentences: a sequence must recur in proportion to the text

StartProgress = Callable[[str, int], Progress]
"""Called with the name of a task and its number of terms; returns what counts them."""


def discover(
    passages: Sequence[Passage],
    *,
    background: Sequence[Passage] = (),
    reference: Sequence[str] | None = None,
    termbase: Termbase | None = None,
    aligner: WordAligner | None = None,
    minimum: int = 3,
    progress: StartProgress | None = None,
) -> Discovery:
    """Proposes terms and reads off how each of their occurrences is rendered.

    Args:
        passages: Chinese passages with the English translation that is looked at.
        background: More passages to learn word links from.
        reference: Another English translation of each passage; the aligner's noise is measured on
            it, too.
        termbase: Its Chinese forms are proposed in any case, and never cut.
        aligner: Finds the word links; `HmmAligner` by default.
        minimum: Occurrences from which a term can be said to drift.
        progress: Starts a progress bar.

    Returns:
        Terms, those that drift first, by evidence times occurrences. The same arguments always give
        the same result.
    """
    raw, more = read_text(passages, termbase), read_text(background, termbase)
    least = max(2, len(raw.pairs) // _ONE_IN)
    dictionary = look_up({token for tokens in raw.source for token in tokens})
    compounds = find_compounds(raw.source, dictionary, least=least, closed=raw.known)
    text, more = raw.joined(compounds), more.joined(compounds)
    candidates = propose(text.source, dictionary, known=raw.known, least=least)
    proposed = [candidate.tokens for candidate in candidates[:_MOST_TERMS]]
    aligner = aligner or HmmAligner()
    floor = None
    if reference is not None:
        pairs = [Passage(p.source, r) for p, r in zip(passages, reference, strict=True)]
        other = read_text(pairs, termbase).joined(compounds)
        readings = read_terms(other, proposed, aligner, more)
        floor = inconsistency(count_keys(reading.found.keys) for reading in readings)
    done = progress("terms", len(proposed)) if progress else None
    witnesses = Witnesses(minimum)
    documents = [passage.document for passage in passages]
    terms = []
    for reading in read_terms(text, proposed, aligner, more):
        witnesses.add(reading.occurrences, reading.found)
        terms.append(found_term(reading, text, documents, minimum))
        if done:
            done(1)
    terms.sort(key=lambda t: (not t.drifts, -t.weight, -t.occurrences, t.term))
    return Discovery(tuple(terms), witnesses.floor(floor), minimum)
