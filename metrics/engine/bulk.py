"""BLEU's tokenizers on many texts at once, for the engine without compiled code.

sacrebleu's regular expressions only insert spaces. Applied to all texts joined by line feeds, most
of them become `str.replace`, several times faster than one call a text; what is left is one
expression for runs of full stops and commas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_MARKS = '{|}~[\\]^_`!"#$%&()*+:;<=>?@/'
"""Punctuation that always stands alone: not the apostrophe, hyphen, comma and full stop."""

_STOPS = re.compile("[.,]+")
_DASH = re.compile("([0-9])-")
_CHINESE = re.compile(
    # What sacrebleu's TokenizerZh takes for a Chinese character. The first range is its "Extension
    # B", written with five hexadecimal digits, which Python reads as a character and a digit.
    "["
    "\u2001-\u2a6d\u2e80-\u2eff\u2f00-\u2fdf\u2ff0-\u2fff\u3000-\u303f\u3100-\u312f\u31a0-\u31bf"
    "\u31c0-\u31ef\u3200-\u33ff\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9"
    "\ufe10-\ufe1f\ufe30-\ufe4f\uff00-\uffef"
    "]"
)


class _Spaced(dict[int, str]):
    """A table for `str.translate` that fills itself: spaces around what stands alone in zh."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        alone = character in _MARKS or _CHINESE.match(character)
        return self.setdefault(point, f" {character} " if alone else character)


_SPACED_ZH = _Spaced()
_DIGITS = frozenset("0123456789")


def tokens(texts: Sequence[str], tokenize: str) -> list[list[str]]:
    """Returns the BLEU tokens of each text.

    Args:
        texts: As many as are wanted.
        tokenize: ``none``, ``char``, ``13a`` or ``zh``.
    """
    if tokenize == "none":
        return [text.split() for text in texts]
    if tokenize == "char":
        return [list("".join(text.split())) for text in texts]
    joined = _joined_13a(texts) if tokenize == "13a" else _joined_zh(texts)
    joined = _STOPS.sub(_cut_stops, joined)
    joined = _DASH.sub(r"\1 - ", joined)
    return [line.split() for line in joined.split("\n")[1:-1]]


def _joined_13a(texts: Sequence[str]) -> str:
    # 13a pads every text with spaces, and so does the separator.
    lines = [text.rstrip() for text in texts]
    if any("\n" in line for line in lines):
        lines = [line.replace("<skipped>", "").replace("-\n", "") for line in lines]
        joined = "\n ".join(["", *(line.replace("\n", " ") + " " for line in lines), ""])
    else:
        joined = "\n ".join(["", *(f"{line} " for line in lines), ""]).replace("<skipped>", "")
    for entity, character in (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
        joined = joined.replace(entity, character)
    for mark in _MARKS:
        if mark in joined:
            joined = joined.replace(mark, f" {mark} ")
    return joined


def _joined_zh(texts: Sequence[str]) -> str:
    # zh does not pad: a line feed here means that nothing stands there.
    lines = (text.strip().replace("\n", " ") for text in texts)
    return "\n".join(["", *lines, ""]).translate(_SPACED_ZH)


def _cut_stops(match: re.Match[str]) -> str:
    """Cuts a run of full stops and commas from its neighbours and into single marks.

    ``([^0-9])([.,])`` consumes pairs from the left, ``([.,])([^0-9])`` then looks at what is left;
    hence the parity.
    """
    run, text = match[0], match.string
    before, after = text[match.start() - 1], text[match.end()]
    after_other = before not in _DIGITS and before != "\n"
    before_other = after not in _DIGITS and after != "\n"
    last_was_second_of_pair = ((len(run) - 1) % 2 == 0) == after_other
    left = " " if after_other or before_other or len(run) > 1 else ""
    right = " " if last_was_second_of_pair or before_other else ""
    return left + " ".join(run) + right
