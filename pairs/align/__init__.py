"""Alignment of raw documents: a Chinese text and its English translation to aligned passages.

The order of reading: `split` makes units, `anchors` (with `numbers`, `names`, `lexicon`) finds what
translators keep, `length` and `evidence` turn that into log-likelihood ratios, `beads` scores what
can be joined, `search` finds the best alignment and its confidence, `learn` takes words from it for
the next pass, and `aligner` runs the passes.
"""

from __future__ import annotations

from collections.abc import Sequence

from xindaya.pairs.align.aligner import align_units
from xindaya.pairs.align.beads import Step
from xindaya.pairs.align.document import Documents
from xindaya.pairs.align.lexicon import Lexicon, built_in_lexicon, read_lexicon
from xindaya.pairs.align.split import Piece, Unit, split
from xindaya.pairs.align.table import Bead, read_alignment, write_alignment
from xindaya.pairs.termbase import Termbase

__all__ = [
    "Bead",
    "Lexicon",
    "Unit",
    "align_documents",
    "read_alignment",
    "read_lexicon",
    "write_alignment",
]


def align_documents(
    zh: Sequence[str],
    en: Sequence[str],
    *,
    unit: Unit | str = Unit.PASSAGE,
    termbase: Termbase | None = None,
    lexicon: Lexicon | None = None,
) -> list[Bead]:
    """Aligns the lines of a Chinese document with those of its English translation.

    Args:
        zh: The Chinese lines; those without a visible character are skipped and not counted.
        en: The English lines.
        unit: ``passage`` aligns lines, ``sentence`` the sentences in them.
        termbase: Its terms count as evidence.
        lexicon: Its words count as evidence, beside the built-in list of common words.

    Returns:
        Beads in reading order. Every line is in exactly one bead (with ``sentence``, every sentence
        is); a line without a counterpart is a bead of its own with the other side empty.
    """
    unit = Unit(unit)
    zh_units, en_units = split(zh, lang="zh", unit=unit), split(en, lang="en", unit=unit)
    if zh_units and en_units:
        lexicons = [built_in_lexicon(), *([lexicon] if lexicon else [])]
        steps = align_units(Documents(zh_units, en_units, lexicons, termbase))
    else:
        steps = [
            *(Step(slice(k, k + 1), slice(0, 0), 1.0) for k in range(len(zh_units))),
            *(Step(slice(0, 0), slice(k, k + 1), 1.0) for k in range(len(en_units))),
        ]
    return [_bead(zh_units[s.zh], en_units[s.en], s.confidence, unit) for s in steps]


def _bead(zh: Sequence[Piece], en: Sequence[Piece], confidence: float, unit: Unit) -> Bead:
    return Bead(
        zh_lines=tuple(dict.fromkeys(p.line for p in zh)),
        en_lines=tuple(dict.fromkeys(p.line for p in en)),
        zh="".join(p.text for p in zh),
        en=" ".join(p.text for p in en),
        confidence=confidence,
        unit=unit,
    )
