"""Characters that nobody sees: controls, direction marks, zero width, damage, decomposed forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from xindaya.pairs.checks.model import Hit, Severity, evidence, marked
from xindaya.pairs.folding import RADICAL, is_segmented

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A joiner between two symbols makes one emoji; elsewhere neither language needs one.
_ZERO_WIDTH = re.compile(
    "[\u200b\u200c\u2060-\u2064\ufeff\u00ad\u180e\u034f\u115f\u1160\u3164\uffa0]"
    "|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d"
    "|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb\ud800-\udfff]")
_PRIVATE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
# UTF-8 that was read as Windows-1252 or Latin-1 and written again.
_MOJIBAKE = re.compile(
    "â€[\u0080-\u00ff\u2018-\u203a\u20ac\u2122œ]|Ã[\u0080-\u00bf]|Â[\u00a0-\u00bf]"
    "|ï¼[\u0080-\u00bf]|ã€[\u0080-\u00bf]|锟斤拷|烫烫烫"
)


def control(line: str, lang: str) -> Hit | None:
    """Finds control characters, line separators and lone surrogates; a tab is only noted."""
    if line.isprintable() or not (found := _CONTROL.findall(line)):
        return None
    only_tabs = set(found) == {"\t"}
    severity: Severity = "note" if only_tabs else "warning"
    return evidence(
        severity, "Control characters", "控制字符", _named(found), spots=marked(_CONTROL, line)
    )


def bidi(line: str, lang: str) -> Hit | None:
    """Finds marks that change the direction of writing."""
    if line.isascii() or not (found := _BIDI.findall(line)):
        return None
    english, chinese = (
        "Marks of writing direction, which neither language needs",
        "两种语言都不需要的书写方向符",
    )
    return evidence("warning", english, chinese, _named(found), spots=marked(_BIDI, line))


def zero_width(line: str, lang: str) -> Hit | None:
    """Finds characters without width, which cut words and change scores."""
    if line.isascii() or not (found := _ZERO_WIDTH.findall(line)):
        return None
    spots = marked(_ZERO_WIDTH, line)
    return evidence("warning", "Characters without width", "零宽字符", _named(found), spots=spots)


def damaged(line: str, lang: str) -> Hit | None:
    """Finds replacement and private characters, and UTF-8 that was decoded as something else."""
    if line.isascii():
        return None
    if found := _PRIVATE.findall(line):
        english, chinese = (
            "Characters that stand for damage or no character",
            "表示损坏或没有对应文字的字符",
        )
        return evidence("error", english, chinese, _named(found), spots=marked(_PRIVATE, line))
    if wrong := _MOJIBAKE.findall(line):
        english, chinese = "Characters as a wrong decoding leaves them", "解码错误留下的字符"
        return evidence("warning", english, chinese, wrong, spots=marked(_MOJIBAKE, line))
    return None


def radicals(line: str, lang: str) -> Hit | None:
    """Finds radicals where characters are meant: text layers of PDF files hold them."""
    if line.isascii() or not (found := RADICAL.findall(line)):
        return None
    english, chinese = (
        "Radicals in place of characters, as PDF files give them",
        "PDF文件里代替汉字的部首",
    )
    return evidence("warning", english, chinese, _named(found), spots=marked(RADICAL, line))


def segmented(line: str, lang: str) -> Hit | None:
    """Finds Chinese with blanks between its words, as tokenizers leave it."""
    if lang != "zh" or not is_segmented(line):
        return None
    english = "Blanks between Chinese words: the text was cut by a tokenizer."
    return Hit("warning", english, "汉语词之间有空格：文本经过了分词。")


def normal_form(line: str, lang: str) -> Hit | None:
    """Finds text that is not in normal form C: it looks the same and compares as different."""
    if line.isascii() or unicodedata.is_normalized("NFC", line):
        return None
    composed = unicodedata.normalize("NFC", line)
    changed = [
        c for c in line if not unicodedata.is_normalized("NFC", c) or unicodedata.combining(c)
    ]
    return evidence(
        "warning",
        f"Not in normal form C ({len(line)} characters, composed {len(composed)})",
        f"不是规范形式C（{len(line)}个字符，合成后{len(composed)}个）",
        _named(changed),
    )


def _named(found: Iterable[str]) -> list[str]:
    characters = list(found)
    counts = {c: characters.count(c) for c in dict.fromkeys(characters)}
    return [f"{_name(c)}" + (f" ×{n}" if n > 1 else "") for c, n in counts.items()]


def _name(char: str) -> str:
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()
