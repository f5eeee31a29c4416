"""How much text was judged: Chinese in characters, English in words, never mixed."""

from __future__ import annotations

from collections.abc import Collection

from xindaya.pairs import Corpus, UsageError

SIDES = ("source", "target")


def sample_size(
    corpus: Corpus, segments: Collection[str], *, side: str = "source", system: str = ""
) -> tuple[int, str]:
    """Counts the text of some segments, each once.

    Chinese has no words, so its unit is the character that is not white space; English words are
    what white space separates.

    Args:
        corpus: Holds the texts.
        segments: Ids of the judged segments.
        side: ``source``, or ``target`` for the output of `system`.
        system: Whose output to count.

    Returns:
        Size and the name of the unit, such as ``source characters``.

    Raises:
        UsageError: If there is no such side, or a source is missing.
    """
    if side not in SIDES:
        raise UsageError(f"side {side!r}: expected one of {', '.join(SIDES)}")
    wanted = set(segments)
    lang = corpus.source_lang if side == "source" else corpus.target_lang
    total = 0
    for place, segment in enumerate(corpus.segments):
        if segment.id in wanted:
            text = segment.source if side == "source" else corpus.systems[system][place]
            if text is None:
                raise UsageError(f"segment {segment.id!r} has no source to count; count the target")
            words = text.split()
            total += sum(map(len, words)) if lang == "zh" else len(words)
    return total, f"{side} {'characters' if lang == 'zh' else 'words'}"
