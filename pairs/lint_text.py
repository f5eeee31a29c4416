"""What can be wrong with the characters of a form: spaces, invisible characters, scripts."""

from __future__ import annotations

import re
import unicodedata

from xindaya.pairs.stemming import stem

_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = re.compile(r"^\s|\s$|\s{2,}")
_FULL_WIDTH = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_OTHER_ALPHABETS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
_BETWEEN_FORMS = re.compile(
    r"[;；|｜\n]|\s[/／]\s|(?<=[\u3400-\u9fff]{2})[/／](?=[\u3400-\u9fff]{2})"
)
_BRACKETED = re.compile(r"([^()（）]+)[(（]([^()（）]+)[)）]")
_SHORT = re.compile(r"[A-Z][A-Za-z0-9&.-]*[A-Z][A-Z0-9.]*s?")
_WORD = re.compile(r"[^\W_]+|&")
_HYPHENS = str.maketrans(dict.fromkeys("-\u2010\u2011\u2012\u2013\u2014\u2212/_'\"‘’“”", " "))


def spelled(text: str) -> str:
    """Returns a form as matching sees it: without width, case, hyphens and quotes."""
    return _plain(text).casefold()


def words(text: str) -> tuple[str, ...]:
    """Returns the words of an English form, as `spelled`."""
    return tuple(_WORD.findall(spelled(text)))


def stems(text: str) -> tuple[str, ...]:
    """Returns the Snowball stems of an English form's words."""
    # With capitals: LLMs is a plural by them.
    return tuple(stem(word) for word in _WORD.findall(_plain(text)))


def stray_spaces(text: str) -> str:
    """Says what white space should not be there, or nothing."""
    if _SPACES.search(text):
        return "white space at an end, or more than one space in a row"
    odd = next((c for c in text if c.isspace() and c != " "), "")
    return f"{named(odd)} where a space should be" if odd else ""


def invisible(text: str) -> str:
    """Names the first zero-width, bidirectional or control character, or nothing."""
    for char in text:
        if char in _ZERO_WIDTH or char in _BIDI:
            return named(char)
        if unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn") and not char.isspace():
            return named(char)
    return ""


def homoglyph(text: str) -> str:
    """Names the first letter of an alphabet that looks like Latin, beside Latin letters."""
    names = [(c, unicodedata.name(c, "")) for c in text if c.isalpha()]
    if not any(name.startswith("LATIN") for _, name in names):
        return ""
    return next((named(c) for c, name in names if name.startswith(_OTHER_ALPHABETS)), "")


def full_width(text: str) -> str:
    """Returns the full-width letters and digits of a form."""
    return "".join(_FULL_WIDTH.findall(text))


def mixed_characters(text: str) -> tuple[str, str]:
    """Returns a simplified and a traditional character of a form that has both, else two ''.

    A character counts as simplified if GB 2312 has it and Big5 has not, as traditional if it is
    the other way round. So a rare character of both scripts may count wrongly, and a simplified
    one that Big5 has in another use (网, 云, 据) does not count.
    """
    simplified = next((c for c in text if _in("gb2312", c) and not _in("big5", c)), "")
    traditional = next((c for c in text if _in("big5", c) and not _in("gb2312", c)), "")
    return (simplified, traditional) if simplified and traditional else ("", "")


def forms_in(text: str) -> list[str]:
    """Returns the forms that one cell holds, which is most often one.

    Forms stand apart by ``;``, ``|``, a line break or a slash between blanks, in full width too; in
    Chinese also by a slash between two words (``、`` stands inside names: 二、三线城市). An acronym in brackets at the end is a form, and so are
    the words in brackets after an acronym: ``loan prime rate (LPR)``, ``LPR (loan prime rate)``.
    """
    found = [form for part in _BETWEEN_FORMS.split(text) for form in _bracketed(part.strip())]
    found = list(dict.fromkeys(form for form in found if form))
    return found if len(found) > 1 else [text]


def _bracketed(text: str) -> list[str]:
    if not (match := _BRACKETED.fullmatch(text)):
        return [text]
    outside, inside = match[1].strip(), match[2].strip()
    short = [bool(_SHORT.fullmatch(part)) for part in (outside, inside)]
    # Two acronyms, or none: the brackets say something else.
    return [outside, inside] if short[0] != short[1] else [text]


def is_han(char: str) -> bool:
    """True for a Chinese character."""
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"


def named(char: str) -> str:
    """Returns code and name of a character: ``U+200B ZERO WIDTH SPACE``."""
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X} {name}".rstrip()


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_HYPHENS)
    return " ".join("".join(c for c in folded if c not in _ZERO_WIDTH).split())


def _in(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return "\u3400" <= char <= "\u9fff"
