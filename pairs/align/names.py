"""Names: Chinese ones by their pinyin, foreign ones by the sound of their transcription.

荣文 is "Rongwen" letter by letter. 奥巴马 is "Obama" by its consonants, with a few letters for a
sound each, and by likeness of the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import regex
from rapidfuzz import fuzz

from xindaya.pairs.align.pinyin import syllable

_CAPITALISED = regex.compile(r"\b\p{Lu}[\p{Ll}\p{Lu}'’-]{2,}")
_HAN_RUN = regex.compile(r"\p{Han}+")
_LONGEST_NAME = 4
_LEAST_LETTERS = 4

# Characters that transcribe foreign names.
TRANSCRIBING = frozenset(
    "阿埃艾爱安昂奥巴拜班邦保鲍贝本比彼宾波伯博布查达戴丹德登邓迪蒂丁杜顿多厄恩尔法范菲费芬弗福夫甘冈高戈格葛根古"
    "瓜圭哈海汉豪赫亨洪胡霍基吉加贾杰金卡凯坎康考科克肯库夸奎拉莱兰朗劳勒雷里利莉丽琳林隆卢鲁路伦罗洛马玛麦迈曼芒毛"
    "梅门蒙米密明莫姆穆娜纳南内尼涅宁纽努诺欧帕派潘庞佩彭皮平珀普齐奇恰乔切琴丘茹若瑞撒萨塞赛桑森沙莎尚绍舍申圣施什"
    "史士斯丝苏孙索塔台泰坦汤唐陶特滕提廷图托瓦万旺威韦维魏温翁沃乌武西希锡夏香肖谢辛休许雪逊雅亚扬耶叶伊依因英尤约"
    "泽扎詹珍芝朱祖佐娅黛薇妮蒂珊姬"
)
_TRANSCRIBED = regex.compile(f"[{''.join(sorted(TRANSCRIBING))}]{{2,8}}")
_LEAST_LIKENESS = 60

_VOWEL = "aeiouy"
# What is dropped or unified, in this order; small letters that are left over are vowels and h.
_SOUNDS = [
    (regex.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""),
        (r"(.)\1+", r"\1"),
        (r"ng", "n"),
        # An r or l that no vowel follows is often not written in Chinese.
        (rf"[lr](?![{_VOWEL}])", ""),
        (r"[lr]", "L"),
        (r"sch|tch|sh|ch|zh|ts|tz|th$|x|q(?!u)|j|z|c(?=[eiy])|s", "S"),
        (r"ph|f|v|w", "F"),
        (r"ck|qu|g|k|c|q", "K"),
        (r"th|d|t", "T"),
        (r"b|p", "P"),
        (r"m", "M"),
        (r"n", "N"),
        (r"[a-z]", ""),
    )
]


def name_words(text: str) -> set[str]:
    """Returns the capitalised words of English text, in small letters."""
    return {w.lower().replace("’", "'").removesuffix("'s") for w in _CAPITALISED.findall(text)}


class NameFinder:
    """Finds in Chinese text what may sound like given English words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._exact = {regex.sub("['-]", "", w): w for w in words if len(w) >= _LEAST_LETTERS}
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        for word in words:
            for part in word.split("-"):
                if len(part) >= _LEAST_LETTERS and len(sound := english_sound(part)) >= 2:
                    self._by_sound[sound].add(word)

    def __call__(self, folded: str) -> Iterator[tuple[str, str]]:
        """Yields pairs (Chinese characters, English word)."""
        for run in _HAN_RUN.findall(folded):
            sounds = [syllable(c) for c in run]
            for start in range(len(run)):
                for end in range(start + 1, min(start + _LONGEST_NAME, len(run)) + 1):
                    if not sounds[end - 1]:
                        break
                    if word := self._exact.get("".join(sounds[start:end])):
                        yield run[start:end], word
        for match in _TRANSCRIBED.finditer(folded):
            yield from self._transcribed(match[0])

    def _transcribed(self, run: str) -> Iterator[tuple[str, str]]:
        for start in range(len(run) - 1):
            for end in range(start + 2, min(len(run), start + 6) + 1):
                name = run[start:end]
                letters = "".join(syllable(c) for c in name)
                for word in self._by_sound.get(chinese_sound(name), ()):
                    if fuzz.ratio(letters, word) >= _LEAST_LIKENESS:
                        yield name, word


def chinese_sound(name: str) -> str:
    """Returns the consonants of transcribing characters, one letter for similar ones."""
    return _sound("".join(syllable(c) for c in name if c not in "尔厄"))


def english_sound(word: str) -> str:
    """Returns the consonants of an English name, one letter for similar ones."""
    return _sound(word.lower())


def _sound(letters: str) -> str:
    for pattern, sound in _SOUNDS:
        letters = pattern.sub(sound, letters)
    return letters
