"""The table of checks."""

from __future__ import annotations

from collections.abc import Collection

from xindaya.pairs.checks import characters, width
from xindaya.pairs.checks.amounts import currency, gap
from xindaya.pairs.checks.brackets import brackets
from xindaya.pairs.checks.endings import doubled, truncated
from xindaya.pairs.checks.lengths import length_ratio
from xindaya.pairs.checks.markup import markup
from xindaya.pairs.checks.meaning import direction, negation
from xindaya.pairs.checks.model import Check, each_pair, each_text
from xindaya.pairs.checks.names import names
from xindaya.pairs.checks.numbers import numbers
from xindaya.pairs.checks.presence import empty, identical
from xindaya.pairs.checks.repeats import duplicates, inconsistent
from xindaya.pairs.checks.scripts import untranslated
from xindaya.pairs.checks.tags import tags
from xindaya.pairs.checks.variants import mixed_scripts
from xindaya.pairs.errors import UsageError

CHECKS: tuple[Check, ...] = (
    Check(
        "empty",
        "segments without text",
        "No visible character: white space and zero-width characters do not count.",
        empty,
    ),
    Check(
        "identical",
        "targets that are the source again",
        "Equal but for width, case and white space, and the source has Chinese, or three English "
        "words of which one is in small letters.",
        each_pair(identical),
    ),
    Check(
        "untranslated",
        "Chinese left in English, English left in Chinese",
        "Chinese characters in an English target, other than up to 12 in quotes or brackets (error "
        "above 30 % of the letters); in a Chinese target a run of 5 English words or more, 3 of "
        "them in small letters, outside quotes and brackets.",
        each_pair(untranslated),
    ),
    Check(
        "length-ratio",
        "targets far longer or shorter than usual",
        "The log ratio of lengths (a Chinese character counts 4) is more than 5 deviations from "
        "the median and beyond half or twice of it; deviations are estimated from the median "
        "absolute deviation and grow for short segments. Below 30 pairs, usual values are built "
        "in. Beyond 5 times the usual ratio always.",
        length_ratio,
    ),
    Check(
        "duplicate",
        "source segments that stand more than once",
        "Equal but for case, width, white space and final punctuation, from 4 characters.",
        duplicates,
    ),
    Check(
        "inconsistent",
        "one source, several translations in one text",
        "Repeated sources as for duplicate, whose targets differ in more than case, width, white "
        "space and final punctuation.",
        inconsistent,
    ),
    Check(
        "numbers",
        "numbers, dates and times that differ between source and target",
        "Numbers are paired one to one, like with like: 6亿 and 600 million, 三成 and 30 percent, 9月6日 "
        "and September 6; other units and currencies only as converted (100亩 and 16.5 acres), to the "
        "precision written. A number with a different one in its place is a warning, and so is a "
        "missing one; a note, if it is small, in words, or a year or month that Chinese leaves "
        "out. Codes (COVID-19), list markers, rounding from 10,000, amounts in brackets that "
        "convert another, and dates given as a day of the week or as last year pass. A number in "
        "the target only is a note.",
        each_pair(numbers),
    ),
    Check(
        "currency",
        "currencies that became another",
        "A currency of the source is not named in the target, which names another more often. 元 may "
        "mean any, $ any dollar, ¥ yuan or yen.",
        each_pair(currency),
    ),
    Check(
        "gap",
        "signs and units whose figure is gone",
        "In the target a percent sign, currency sign, 日 after a month or 年 before one without its "
        "figure.",
        each_pair(gap),
    ),
    Check(
        "direction",
        "what rose in the source and fell in the target",
        "The words next to an equal percentage say opposite ways, or each text as a whole says one "
        "way only and it is not the same.",
        each_pair(direction),
    ),
    Check(
        "negation",
        "what one side denies and the other says",
        "A Chinese negation (不能, 不得, 没有, 未能 …) whose English has the verb that goes with it "
        "and no word that denies, or an English “not” whose Chinese has no character that does.",
        each_pair(negation),
    ),
    Check(
        "names",
        "names of the source that the target lacks",
        "Latin strings of a Chinese source; well-known countries, cities, bodies and people; names "
        "that at least five other segments of the corpus render by one word, nearly always.",
        names,
    ),
    Check(
        "brackets",
        "brackets and double quotes without a partner",
        "Opening and closing marks are paired kind by kind; double quotes are counted. Apostrophes, "
        "single quotes, list markers such as a), inches and faces pass, and a target where the "
        "source is open in the same way.",
        brackets,
    ),
    Check(
        "control",
        "control characters",
        "C0 and C1 controls, line and paragraph separators, lone surrogates; a tab is a note.",
        each_text(characters.control),
    ),
    Check(
        "bidi",
        "marks of writing direction",
        "U+061C, U+200E, U+200F, U+202A–202E, U+2066–2069.",
        each_text(characters.bidi),
    ),
    Check(
        "zero-width",
        "characters without width",
        "Zero-width spaces and joiners (but in emoji), byte order marks, soft hyphens, fillers.",
        each_text(characters.zero_width),
    ),
    Check(
        "damaged",
        "damaged characters",
        "U+FFFD and private-use characters; rows of characters that UTF-8 becomes when decoded as "
        "Windows-1252 or GBK.",
        each_text(characters.damaged),
    ),
    Check(
        "radicals",
        "radicals in place of Chinese characters",
        "U+2E80–2FD5: text taken from a PDF file looks right and compares as different. Terms are "
        "found all the same.",
        each_text(characters.radicals),
    ),
    Check(
        "segmented",
        "Chinese with blanks between its words",
        "Three blanks or more between Chinese characters, one at four characters or more often. "
        "Terms are found all the same; scores count the blanks.",
        each_text(characters.segmented),
    ),
    Check(
        "normal-form",
        "text that is not in Unicode normal form C",
        "Decomposed accents and compatibility characters look the same as composed ones and "
        "compare as different.",
        each_text(characters.normal_form),
    ),
    Check(
        "full-width",
        "full-width forms",
        "In English any full-width or Chinese mark outside of Chinese words; in Chinese full-width "
        "letters and figures, as a note.",
        each_text(width.full_width),
    ),
    Check(
        "ascii-punctuation",
        "ASCII punctuation in Chinese",
        "One of , ; : ! ? between two Chinese characters, or one of those or a full stop after the "
        "last one.",
        each_text(width.ascii_punctuation),
    ),
    Check(
        "mixed-scripts",
        "Simplified and Traditional in one Chinese text",
        "Frequent characters that belong to one script only are counted over the text; segments "
        "with characters of the rarer script are listed.",
        mixed_scripts,
    ),
    Check(
        "tags",
        "inline tags that differ between source and target",
        "Of files with inline tags (TMX, XLIFF): which tags, and how many of each; their order is "
        "free.",
        tags,
    ),
    Check(
        "truncated",
        "targets that stop before their end, or lack a clause at either end",
        "The source ends with a full stop, question or exclamation mark and the target with a "
        "comma, an open bracket or a word that cannot end a sentence (warning), or with no "
        "punctuation (note). A target shorter than usual for its source, whose words and numbers "
        "render only what stands before (or after) a pause of the source: a warning where both "
        "together make that twenty times likelier.",
        truncated,
    ),
    Check(
        "doubled",
        "sentences that stand twice running in the target",
        "A sentence repeats the one before it, but for white space, case and final punctuation, "
        "and none of the source does.",
        each_pair(doubled),
    ),
    Check(
        "markup",
        "markup and placeholders on one side only",
        "Tags (by name), entities, placeholders ({0}, %s, ${name}, [[…]]) are counted on both "
        "sides; Markdown marks are looked for.",
        each_pair(markup),
    ),
)  # fmt: skip
KINDS: tuple[str, ...] = tuple(check.id for check in CHECKS)


def choose(off: Collection[str]) -> tuple[Check, ...]:
    """Returns the checks that run, in the order of the table.

    Raises:
        UsageError: If `off` names no check.
    """
    if unknown := sorted(set(off) - set(KINDS)):
        raise UsageError(f"no check is called {unknown[0]!r}; there are {', '.join(KINDS)}")
    return tuple(check for check in CHECKS if check.default and check.id not in off)
