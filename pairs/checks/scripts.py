"""Text in the wrong language: Chinese left in English, English left in Chinese."""

from __future__ import annotations

import re

from xindaya.pairs.checks.model import Hit, Spot, evidence, listed, quoted

HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_HAN_RUN = re.compile(f"{HAN.pattern}+")
_LETTER = re.compile(r"[^\W\d_]")
_QUOTED = re.compile(
    r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|【[^【】]*】|“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’|'[^']*'"
    r"|《[^《》]*》|「[^「」]*」|『[^『』]*』|〈[^〈〉]*〉|«[^«»]*»|<[^<>]*>"
)
# In quotes, and not beside brackets or letters that say what it means.
_UNGLOSSED = re.compile(
    r"(?<![(（)）=])(?:^|(?<=\s))[“\"‘'「『]([㐀-鿿，、]{2,12})[”\"’'」』](?!\s?[(（\[=,]|\s(?:mean|or|is|i\.e))"
)
_BAR = "丨"  # a Han character, used as a vertical bar between parts of a headline
_NAME_LENGTH = 12  # Han characters in quotes or brackets that may be a name or a term
_MUCH = 0.3  # share of Han characters among letters above which the segment is not translated
_LATIN_RUN = re.compile(
    r"(?<![A-Za-z'’-])[A-Za-z][A-Za-z'’-]*(?:[,;:]?[ \u00a0]+(?:&[ ]+)?[A-Za-z][A-Za-z'’-]*)+"
)
_RUN_WORDS = 5
_SMALL_WORDS = 3  # words in small letters that make a run a sentence rather than a title


def untranslated(source: str, target: str, lang: str) -> Hit | None:
    """Finds Chinese in an English target and English in a Chinese one."""
    return _chinese_left(target) if lang == "en" else _english_left(source, target)


def _chinese_left(target: str) -> Hit | None:
    if target.isascii():
        return None
    target = target.replace(_BAR, "|")
    if not HAN.search(target):
        return None
    han = len(HAN.findall(target))
    letters = len(_LETTER.findall(target)) or 1
    share = han / max(letters, han)
    outside = _HAN_RUN.findall(_QUOTED.sub(_keep_long, target))
    if not outside and (kept := _UNGLOSSED.findall(target)):
        english = "Chinese is left in quotation marks, without a word of explanation"
        chinese, spots = "译文引号内留有未译的中文", _spots(_UNGLOSSED, target)
        return evidence("warning", english, chinese, (quoted(run, 20) for run in kept), spots=spots)
    if not outside:
        return None
    shown = [quoted(run, 20) for run in outside]
    return Hit(
        "error" if share > _MUCH else "warning",
        f"Chinese is left in the English: {listed(shown)} ({han} characters, {share:.0%}).",
        f"英文里留有中文：{listed(shown, chinese=True)}（{han}个字，占{share:.0%}）。",
        _spots(_HAN_RUN, target),
    )


def _spots(pattern: re.Pattern[str], target: str) -> tuple[Spot, ...]:
    return tuple(Spot("target", *m.span()) for m in pattern.finditer(target))


def _keep_long(match: re.Match[str]) -> str:
    """Blanks what stands in quotes or brackets, unless it is too long for a name."""
    return match[0] if len(HAN.findall(match[0])) > _NAME_LENGTH else " "


def _english_left(source: str, target: str) -> Hit | None:
    runs = [r for r in _LATIN_RUN.findall(_QUOTED.sub(" ", target)) if _is_sentence(r)]
    if not runs:
        return None
    words = sum(len(run.split()) for run in runs)
    origin = "copied from the source" if runs[0] in source else "not in the source"
    shown = [quoted(run) for run in runs]
    copied = "抄自原文" if runs[0] in source else "原文没有"
    severe = words > len(HAN.findall(target))
    return Hit(
        "error" if severe else "warning",
        f"English is left in the Chinese, {origin}: {listed(shown)} ({words} words).",
        f"中文里留有英文（{copied}）：{listed(shown, chinese=True)}（{words}个词）。",
    )


def _is_sentence(run: str) -> bool:
    words = run.split()
    return len(words) >= _RUN_WORDS and sum(w[0].islower() for w in words) >= _SMALL_WORDS
