"""Forms that belong to the other script's typography: full-width, or ASCII between Han."""

from __future__ import annotations

import re

from xindaya.pairs.checks.model import Hit, Severity, Spot, evidence, quoted
from xindaya.pairs.checks.scripts import HAN

_HAN = HAN.pattern
_WIDE_WORD = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")
_WIDE = re.compile("[\uff01-\uff5e\u3000-\u3002\u3008-\u3011\uffe0-\uffe6]+")
_HAN_SPAN = re.compile(f"{_HAN}[^A-Za-z]*{_HAN}|《[^《》]*》|「[^「」]*」|【[^【】]*】")
_ASCII_MARK = re.compile(f"(?<={_HAN})[,;:!?](?={_HAN})|(?<={_HAN})[,.;:!?]$")


def full_width(line: str, lang: str) -> Hit | None:
    """Finds full-width forms: any in English, letters and figures in Chinese."""
    if line.isascii():
        return None
    chinese = lang == "zh"
    found = (_WIDE_WORD if chinese else _WIDE).findall(
        line if chinese else _HAN_SPAN.sub(" ", line)
    )
    if not found:
        return None
    severity: Severity = "note" if chinese else "warning"
    message = "Full-width characters, which compare as different from plain ones"
    return evidence(severity, message, "全角字符，与半角字符不相等", (quoted(f, 20) for f in found))


def ascii_punctuation(line: str, lang: str) -> Hit | None:
    """Finds ASCII punctuation between or after Chinese characters."""
    if lang == "en" or not (found := list(_ASCII_MARK.finditer(line))):
        return None
    places = [quoted(line[max(0, m.start() - 3) : m.end() + 3]) for m in found]
    spots = tuple(Spot("", *m.span()) for m in found)
    return evidence("note", "ASCII punctuation in Chinese", "中文里的半角标点", places, spots=spots)
