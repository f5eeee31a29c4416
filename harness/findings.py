"""What a person should look at, with ids that stay the same from run to run.

Either check is loaded when it is asked for: a plain score needs neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from xindaya.metrics import Finding
from xindaya.pairs import Corpus
from xindaya.pairs.languages import doubtful_languages

if TYPE_CHECKING:
    from xindaya.metrics import Terminology


def find_all(
    corpus: Corpus,
    terminology: Terminology | None,
    *,
    waivers: Collection[str] = (),
    data: bool = True,
) -> tuple[Finding, ...]:
    """Lists the findings of a corpus and of its termbase check.

    Args:
        corpus: The texts.
        terminology: The termbase check, if there is one.
        waivers: Ids that a reviewer has accepted.
        data: Check the texts themselves, too.

    Returns:
        Those about segments in reading order, then those about whole texts.
    """
    found = [
        Finding(f"language/{n}", "language", "", "", message, "error")
        for n, message in enumerate(doubtful_languages(corpus), 1)
    ]
    if data:
        found += _data(corpus, waivers)
    if terminology is not None:
        from xindaya.metrics.terminology.findings import term_findings

        found += term_findings(corpus, terminology)
    places = {s.id: position for position, s in enumerate(corpus.segments)}
    return tuple(sorted(found, key=lambda f: places.get(f.segment, len(places))))


def _data(corpus: Corpus, waivers: Collection[str]) -> Iterator[Finding]:
    from xindaya.pairs.checks import check_corpus_data, is_data_id

    own_waivers = [w for w in waivers if is_data_id(w)]
    for found in check_corpus_data(corpus, waivers=own_waivers):
        own = found.text.removeprefix("system:") in corpus.systems
        name = found.text.removeprefix("system:") if own else ""
        message = found.message if own or not found.text else f"{found.text}: {found.message}"
        yield Finding(found.id, found.kind, name, found.segment, message, found.severity)
