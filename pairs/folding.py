"""Text folded for matching, with every folded character traced back to the raw text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Marks that people type for one another; NFKC leaves them apart.
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-"}
)

# Radicals that text layers of PDF files hold where characters are meant, and these characters
# (Unicode's Equivalent_Unified_Ideograph; the Kangxi radicals are folded by NFKC).
_RADICALS = dict(
    zip(
        "⺁⺄⺅⺆⺈⺉⺊⺌⺍⺎⺐⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺴⺶⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑"
        "⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乙亻冂刀刂卜小小兀尢巳幺彑忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒冗羊耂肀聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長"
        "镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
RADICAL = re.compile("[\u2e80-\u2fd5]")
"""A radical, of either block: no Chinese text is written with one."""

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u2e80-\u2fd5\U00020000-\U0003ffff"
_BETWEEN = re.compile(f"(?<=[{_HAN}])[ \u00a0\u3000]+(?=[{_HAN}])")


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and where its characters come from.

    Attributes:
        text: NFKC-folded text; case is kept.
        offsets: Offset in the raw text of the character that each folded character comes from;
            None where folding changed no offset.
    """

    text: str
    offsets: tuple[int, ...] | None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Maps a span of the folded text, not an empty one, to the raw text."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1


def fold(text: str, *, join: bool = False) -> Folded:
    """Folds width and compatibility variants, radicals, no-break spaces, curly quotes and hyphens.

    Args:
        text: Any text.
        join: Leave out blanks between Chinese characters, as pre-segmented text has them.
    """
    if text.isascii():
        return Folded(text, None)
    radicals = RADICAL.search(text)
    blanks = [m.span() for m in _BETWEEN.finditer(text)] if join else []
    if not radicals and not blanks and unicodedata.is_normalized("NFKC", text):
        return Folded(text.translate(_ALIKE), None)
    dropped = {offset for span in blanks for offset in range(*span)}
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        if offset in dropped:
            continue
        piece = _RADICALS.get(char) or unicodedata.normalize("NFKC", char).translate(_ALIKE)
        pieces.append(piece)
        offsets.extend([offset] * len(piece))
    return Folded("".join(pieces), tuple(offsets))


def is_segmented(text: str) -> bool:
    """True if blanks stand between the words of a Chinese text, as tokenizers leave them.

    Two words in three characters or so: a blank at four Chinese characters, and three in all.
    """
    blanks = len(_BETWEEN.findall(text))
    return blanks >= 3 and 4 * blanks >= len(re.findall(f"[{_HAN}]", text))
