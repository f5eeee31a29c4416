"""All forms of a termbase in one language, found in one pass."""

from __future__ import annotations

from xindaya.metrics.terminology.chinese import ChineseMatcher
from xindaya.metrics.terminology.english import EnglishMatcher
from xindaya.metrics.terminology.patterns import PatternFinder
from xindaya.metrics.terminology.spans import Form, Matcher, Span, leftmost_longest
from xindaya.pairs import Match, Termbase
from xindaya.pairs.scripts import simplified


class _WithPatterns:
    """Plain forms and patterns together, leftmost-longest over both."""

    def __init__(self, plain: Matcher, patterns: PatternFinder) -> None:
        self._plain, self._patterns = plain, patterns

    def find(self, text: str) -> list[Span]:
        return leftmost_longest([*self._plain.find(text), *self._patterns.find(text)])


def matcher_for(termbase: Termbase, lang: str, *, fold_scripts: bool = False) -> Matcher:
    """Builds the matcher of one language over all forms of a termbase.

    Args:
        termbase: The concepts.
        lang: ``zh`` or ``en``.
        fold_scripts: Match Simplified and Traditional Chinese forms together.

    Raises:
        UsageError: If a pattern is no regular expression, or scripts cannot be folded here.
    """
    forms = [Form(c, t) for c in termbase.concepts for t in c.terms if t.lang == lang]
    plain = [f for f in forms if f.term.match is not Match.PATTERN]
    patterns = [f for f in forms if f.term.match is Match.PATTERN]
    matcher: Matcher
    if lang == "zh":
        matcher = ChineseMatcher(plain, simplified() if fold_scripts else str)
    else:
        matcher = EnglishMatcher(plain)
    return _WithPatterns(matcher, PatternFinder(patterns)) if patterns else matcher
