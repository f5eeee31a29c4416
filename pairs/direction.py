"""The two languages, the two directions between them, and how a corpus gets its direction.

Three may speak: who reads the corpus (``-sl`` and ``-tl``, a spec, an argument), the data itself (an
attribute, a header, the names of files and columns), and the texts. The first that speaks is
followed; where another contradicts it beyond doubt, that is an error that names both. Where nobody
speaks (no letters at all, or English on both sides) it is zh to en.

On the direction hangs which tokenizer a metric takes: a Chinese segment is one word to BLEU's 13a.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from xindaya.pairs.errors import InputError, UsageError

LANGUAGES = ("zh", "en")
NAMES = {"zh": "Chinese", "en": "English"}
SAMPLE = 200
"""Texts of a side that are looked at: the first that are not blank."""

_CODES = {"zho": "zh", "chi": "zh", "cmn": "zh", "eng": "en"}
# Regions of Chinese say its script (CLDR, likely subtags); CHS and CHT are what Windows says.
_SCRIPTS = {
    "cn": "hans", "sg": "hans", "my": "hans", "tw": "hant", "hk": "hant", "mo": "hant",
    "chs": "hans", "cht": "hant",
}  # fmt: skip
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
# A Chinese text with many product names has about a third of Latin words; an English one with every
# term repeated in Chinese has about a third of Chinese characters.
_MOSTLY = 0.65
_CERTAIN = 0.95
_ENOUGH = 20  # words, below which texts may be of any language
HOW_TO_STATE = "state it: -sl zh -tl en, or -sl en -tl zh (source_lang and target_lang in a spec and in Python)"


@dataclass(frozen=True, slots=True)
class Direction:
    """From one language to the other.

    Attributes:
        source: ``zh`` or ``en``.
        target: The other one.
        by: Who says so, such as ``as stated`` or ``as its file names say``.
        source_tag: The source as stated, where that says more: ``zh-TW``.
        target_tag: The target as stated.
    """

    source: str = "zh"
    target: str = "en"
    by: str = ""
    source_tag: str = ""
    target_tag: str = ""

    def __str__(self) -> str:
        return f"{self.source} to {self.target}"

    def agrees(self, other: Direction) -> bool:
        """True if both go the same way."""
        return self.source == other.source

    @property
    def tags(self) -> tuple[str, str]:
        """Source and target, each as exactly as stated."""
        return self.source_tag or self.source, self.target_tag or self.target

    def columns(self, extra: Mapping[str, str]) -> Mapping[str, str]:
        """Returns the columns of a segment with the variants stated, where it does not say its own."""
        sides = (("lang:source", self.source_tag), ("lang:target", self.target_tag))
        own = {name: tag for name, tag in sides if tag and name not in extra}
        return {**extra, **own} if own else extra


DEFAULT = Direction(by="by default")


def check_languages(source_lang: str, target_lang: str) -> None:
    """Raises UsageError unless the pair is zh–en in either direction."""
    if sorted((source_lang, target_lang)) != sorted(LANGUAGES):
        raise UsageError(
            f"languages {source_lang!r} to {target_lang!r}: expected zh to en, or en to zh"
        )


def other_language(lang: str) -> str:
    """Returns the other one of the two languages.

    Raises:
        UsageError: If it is none of them.
    """
    if lang not in LANGUAGES:
        raise UsageError(f"the language {lang!r}: expected zh or en")
    return "en" if lang == "zh" else "zh"


@lru_cache(1_000)
def language(tag: str) -> str:
    """Returns ``zh`` or ``en`` for a tag such as ``ZH-CN``, ``en_GB``; else its first part."""
    first = tag.replace("_", "-").partition("-")[0].lower()
    return _CODES.get(first, first)


@lru_cache(1_000)
def variant(tag: str) -> tuple[str, str]:
    """Returns script and region of a BCP 47 tag, in small letters; empty where it does not say.

    The region of Chinese says its script: ``zh-TW`` is ``("hant", "tw")``.
    """
    script = region = ""
    for part in tag.lower().replace("_", "-").split("-")[1:]:
        if len(part) == 1:  # what follows is an extension
            break
        if len(part) == 4 and part.isalpha() and not script:
            script = part
        elif (part.isalpha() and len(part) == 2) or (part.isdigit() and len(part) == 3):
            region = region or part
        elif part in _SCRIPTS:
            script = _SCRIPTS[part]
    if language(tag) == "zh" and not script:
        script = _SCRIPTS.get(region, "")
    return script, region


def canonical(tag: str) -> str:
    """Returns a tag in the usual letters (RFC 5646, 2.1.1): ``zh-Hant-TW`` for ``ZH_hant-tw``."""
    first, *others = tag.replace("_", "-").split("-")
    shaped = (p.title() if len(p) == 4 else p.upper() if len(p) == 2 else p.lower() for p in others)
    return "-".join((first.lower(), *shaped))


@lru_cache(1_000)
def is_variant(tag: str, wanted: str, *, sure: bool = True) -> bool:
    """True if a tag is of a wanted language and variant: ``zh-Hant-TW`` of ``zh-TW`` and of ``zh``.

    Args:
        tag: A BCP 47 tag.
        wanted: Another, which may say less.
        sure: False to take a tag, too, that says less and does not contradict: ``zh`` for ``zh-TW``.
    """
    if language(tag) != language(wanted):
        return False
    pairs = zip(variant(tag), variant(wanted), strict=True)
    return all(own == other or not (other and (own or sure)) for own, other in pairs)


def stated(source_lang: str | None, target_lang: str | None) -> Direction | None:
    """Returns the direction that somebody states; one language says the other.

    Tags may say the variant, too (``zh-TW``), which is kept beside.

    Returns:
        None if neither is stated.

    Raises:
        UsageError: If the two are not Chinese and English.
    """
    if source_lang is None and target_lang is None:
        return None
    source, target = (tag and language(tag) for tag in (source_lang, target_lang))
    source = ("en" if target == "zh" else "zh") if source is None else source
    target = ("zh" if source == "en" else "en") if target is None else target
    if {source, target} != {*LANGUAGES}:
        check_languages(source_lang or source, target_lang or target)
    tags = (tag if tag and any(variant(tag)) else "" for tag in (source_lang, target_lang))
    return Direction(source, target, "as stated", *tags)


def said(source_tag: str | None, target_tag: str | None, by: str) -> Direction | None:
    """Returns the direction that language tags in the data say; None if they name no such pair."""
    tags = source_tag and language(source_tag), target_tag and language(target_tag)
    source, target = (tag or None for tag in tags)
    known = source or target
    if known not in LANGUAGES:
        return None
    source = source or other_language(known)
    target = target or other_language(source)
    return Direction(source, target, by) if {source, target} == set(LANGUAGES) else None


def claimed(path: str | Path, given: Direction | None, data: Direction | None) -> Direction | None:
    """Returns what is stated, else what the data says.

    Args:
        path: Where the data is.
        given: From `stated`.
        data: From `said`.

    Raises:
        InputError: If they contradict each other.
    """
    if given and data and not given.agrees(data):
        raise InputError(
            path, f"{data} ({data.by})", f"{given}, {given.by}",
            hint="leave out the languages, or give the file that goes this way",
        )  # fmt: skip
    return given or data


def settled(
    path: str | Path,
    claim: Direction | None,
    sources: Iterable[str | None],
    targets: Iterable[str | None],
    notes: list[str] | None = None,
) -> Direction:
    """Decides on the direction of a corpus, once its texts are known.

    Args:
        path: Where it was read, for errors.
        claim: What is stated or said, from `claimed`.
        sources: Its source texts; as many as needed are taken.
        targets: Its references or, without any, its outputs.
        notes: A direction that only the texts tell is named here, and a claim that they belie.

    Raises:
        InputError: If the texts contradict the claim beyond doubt, or nobody states a direction and
            they are Chinese on both sides, or mixed.
    """
    source, target = Words.of(sources), Words.of(targets)
    if claim is None:
        return told(path, _by_texts(path, source, target), notes)
    against = {claim.target: source, claim.source: target}
    belied = [lang == words.language(_CERTAIN) for lang, words in against.items()]
    if not any(belied):
        return claim
    seen = _sides(source, target)
    certain = belied == [bool(source.total), bool(target.total)]
    if certain and source.total + target.total >= _ENOUGH:
        hint = f"are files swapped? -sl {claim.target} states the other direction"
        raise InputError(path, seen, f"{claim}, {claim.by}", hint=hint)
    if notes is not None:
        notes.append(f"{path}: read as {claim}, {claim.by}, and yet it has {seen}")
    return claim


def direction_of_files(
    source: str | Path | None,
    targets: Sequence[str | Path],
    texts: Callable[[Path], Iterable[str]],
    *,
    source_lang: str | None,
    target_lang: str | None,
    notes: list[str] | None = None,
) -> Direction:
    """Decides on the direction of line files.

    Names such as ``test.zh`` and ``ref.en.txt`` say it where nobody states it. They are less than a
    statement that the texts bear out.

    Args:
        source: The source file, if there is one.
        targets: References or, without any, outputs.
        texts: Gives the lines of a file; only as many as needed are taken.
        source_lang: As stated, or None.
        target_lang: As stated, or None.
        notes: What the texts say of the direction is added here.

    Raises:
        InputError: If languages stated, names and texts contradict each other.
    """
    given = stated(source_lang, target_lang)
    paths = [Path(path) for path in targets]
    tags = {tag for path in paths if (tag := _language_in_name(path))}
    own = _language_in_name(Path(source)) if source else None
    files = " and ".join(str(p) for p in (source, *targets[:1]) if p)
    named = said(own, tags.pop() if len(tags) == 1 else None, f"as {files} say by their names")
    place = paths[0] if paths else Path(source or ".")

    def lines() -> Iterable[str]:
        return chain.from_iterable(map(texts, paths))

    if given and named and not given.agrees(named) and language_of(lines()) != given.target:
        claimed(place, given, named)
    claim = given or named
    if named and given and given.agrees(named):
        claim = replace(given, by=named.by)
    sources = texts(Path(source)) if source else ()
    return settled(place, claim, sources, lines(), notes)


def _language_in_name(path: Path) -> str | None:
    """Returns the language that a name ends in: ``zh`` of ``test.zh-CN`` or ``test.zh.txt``."""
    for suffix in reversed(path.suffixes):
        first, *more = re.split("[-_]", suffix[1:].lower())
        if language(first) in LANGUAGES:
            return None if {*map(language, more)} & {*LANGUAGES} else language(first)
        if suffix.lower() not in (".txt", ".gz"):
            break
    return None


def told(path: str | Path, found: Direction, notes: list[str] | None) -> Direction:
    """Returns a direction that had to be found out, and notes it unless it is the default."""
    if notes is not None and not found.agrees(DEFAULT):
        notes.append(f"{path}: read as {found}, {found.by} (-sl {found.source} states it)")
    return found


@dataclass(frozen=True, slots=True)
class Words:
    """How many words of texts are Chinese characters, and how many are of two Latin letters or more."""

    chinese: int
    latin: int

    @classmethod
    def of(cls, texts: Iterable[str | None]) -> Words:
        """Counts the words of the first texts that are not blank."""
        text = "\n".join(islice((t for t in texts if t and not t.isspace()), SAMPLE))
        return cls(len(_CHINESE.findall(text)), len(_LATIN.findall(text)))

    @property
    def total(self) -> int:
        """All of them."""
        return self.chinese + self.latin

    def share(self, lang: str) -> float | None:
        """Returns the share of a language in [0, 1], or None without any word."""
        own = self.chinese if lang == "zh" else self.latin
        return own / self.total if self.total else None

    def language(self, least: float = _MOSTLY) -> str | None:
        """Returns the language that has at least this share, above one half; None if none has."""
        return next((lang for lang in LANGUAGES if (self.share(lang) or 0) >= least), None)


def language_of(texts: Iterable[str | None]) -> str | None:
    """Returns the language that the first texts are mostly in, or None where they do not tell."""
    return Words.of(texts).language()


def _by_texts(path: str | Path, source: Words, target: Words) -> Direction:
    """Decides by the texts alone: the target first, as its tokenizer hangs on it."""
    by = "as its texts show"
    a, b = source.language(), target.language()
    if a == b == "zh":
        raise InputError(path, "Chinese on both sides", "a direction", hint=HOW_TO_STATE)
    if known := b or (a and other_language(a)):
        return Direction(other_language(known), known, by)
    if target.total:
        found = "Chinese and English mixed in the target"
        raise InputError(path, found, "a direction", hint=HOW_TO_STATE)
    return DEFAULT


def _sides(source: Words, target: Words) -> str:
    """Says what the texts are: ``English in the source and Chinese in the target``."""
    sides = {"source": source.language(), "target": target.language()}
    return " and ".join(f"{NAMES[lang]} in the {side}" for side, lang in sides.items() if lang)
