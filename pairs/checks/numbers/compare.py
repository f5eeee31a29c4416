"""Which numbers of one side have no counterpart on the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from xindaya.pairs.checks.model import Hit, listed, quoted
from xindaya.pairs.checks.numbers.chinese import UNIT, chinese_numbers
from xindaya.pairs.checks.numbers.english import english_numbers
from xindaya.pairs.checks.numbers.model import OFFER, SURE, Number, keys_of
from xindaya.pairs.checks.numbers.spelled import FOLD
from xindaya.pairs.checks.numbers.tolerances import explained

_READERS: dict[str, Callable[[str], tuple[Number, ...]]] = {
    "zh": chinese_numbers,
    "en": english_numbers,
}
_NAMED = {"month", "weekday"}
_YEARS = range(1900, 2100)
_MANY = 40
_SHOWN = 3
_FOLLOWING = re.compile(r"%?[\u4e00-\u9fff]{0,3}(?:[ -][A-Za-z]+){0,2}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_DATE_WORDS = re.compile(
    "[今去明前本当同次昨]年|月|[日号]|年代|year|month|today|century", re.IGNORECASE
)


def numbers(source: str, target: str, lang: str) -> Hit | None:
    """Finds numbers that differ, are missing or are added."""
    here = _READERS["en" if lang == "zh" else "zh"](source)
    there = _READERS[lang](target)
    if not here and not there:
        return None
    missing = _without_counterpart(here, there, source, target)
    extra = _without_counterpart(there, here, target, source, translated=True)
    exchanged = _exchanged(missing, extra)
    if exchanged:
        mine, theirs = exchanged
        shown, became = _show(mine, source), _show(theirs, target)
        message = f"{shown} of the source became {became} in the target."
        return Hit("warning", message)
    if lost := [n for n in missing if n.weight == SURE]:
        return Hit(
            "warning", f"{_show(lost, source)} of the source has no counterpart in the target."
        )
    dated = _DATE_WORDS.search(source)
    if added := [n for n in extra if n.weight == SURE and not (dated and _completes_date(n))]:
        return Hit("note", f"{_show(added, target)} stands in the target only.")
    return None


def _exchanged(
    missing: Sequence[Number], extra: Sequence[Number]
) -> tuple[Sequence[Number], Sequence[Number]] | None:
    """Returns the numbers that stand in each other's place, if there are such."""
    if not missing or not extra:
        return None
    pairs = [(n, o) for n in missing for o in extra if _alike(n, o)]
    sure = [(n, o) for n, o in pairs if n.weight == o.weight == SURE]
    chosen = sure or pairs[:1]
    if not chosen:
        return None
    mine, theirs = zip(*chosen, strict=True)
    return list(dict.fromkeys(mine)), list(dict.fromkeys(theirs))


def _alike(one: Number, other: Number) -> bool:
    """True if one number may stand where the other should.

    Days of the week stand for each other, and months; a small number in words only for one that
    counts the same unit of time, or for another small one.
    """
    if _kinds(one) & _NAMED != _kinds(other) & _NAMED:
        return False
    if _completes_date(one) != _completes_date(other):
        return False
    if one.weight == other.weight == SURE:
        return True
    return one.unit == other.unit and (bool(one.unit) or one.weight == other.weight)


def _kinds(number: Number) -> set[str]:
    return {kind for kind, _ in number.keys}


def _completes_date(number: Number) -> bool:
    """True for what translators add to a date that leaves it open: 10日, December 10, 2021."""
    return "month" in _kinds(number) or any(
        kind == "n" and value in _YEARS for kind, value in number.keys
    )


def _without_counterpart(
    asking: Sequence[Number],
    offering: Sequence[Number],
    text: str,
    other: str,
    *,
    translated: bool = False,
) -> list[Number]:
    offered = keys_of(offering)
    alone = [n for n in asking if n.weight != OFFER and n.keys.isdisjoint(offered)]
    # Looking again takes time for each number: a segment of thousands is a table or an attack.
    return [n for n in alone[:_MANY] if not explained(n, offered, text, other, translated)]


def _show(numbers: Sequence[Number], text: str) -> str:
    return listed((quoted(_in_context(n, text), 30) for n in numbers), _SHOWN)


def _in_context(number: Number, text: str) -> str:
    """Returns a number with what it counts: 十个工作日, thirty working days."""
    place = text.translate(FOLD).find(number.text)
    if place < 0:
        return number.text.strip()
    end = place + len(number.text)
    if counted := UNIT.match(text, end):
        return text[place : counted.end()].strip()
    if following := _FOLLOWING.match(text, end):
        end = following.end()
    # Chinese goes on without a space, so that the cut may be inside a word.
    cut = _CHINESE.match(text, end) and _CHINESE.match(text, end - 1)
    return text[place:end].strip() + ("…" if cut else "")
