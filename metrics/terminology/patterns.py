"""Forms that are regular expressions, run with a time limit."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from xindaya.metrics.terminology.spans import Form, Span, Tier
from xindaya.pairs import Case, UsageError

TIME_LIMIT = 0.5
"""Seconds that one pattern may take on one passage."""


class PatternFinder:
    """Finds the matches of pattern forms in raw text.

    Args:
        forms: Forms with the match rule ``pattern``.

    Raises:
        UsageError: If a pattern is not a regular expression.
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        self._patterns = [(form, _compiled(form)) for form in forms]

    def find(self, text: str) -> list[Span]:
        """Returns the spans of all patterns; they may overlap.

        Raises:
            UsageError: If a pattern exceeds the time limit.
        """
        spans = []
        for form, pattern in self._patterns:
            try:
                found = [m.span() for m in pattern.finditer(text, timeout=TIME_LIMIT)]
            except TimeoutError as error:
                raise UsageError(
                    f"concept {form.concept.id!r}: the pattern {form.term.text!r} takes more than "
                    f"{TIME_LIMIT} s on one passage; simplify it"
                ) from error
            spans += [Span(a, b, ((form, Tier.PATTERN),)) for a, b in found if b > a]
        return spans


def _compiled(form: Form) -> regex.Pattern[str]:
    ignore_case = form.term.case is not Case.EXACT
    try:
        return regex.compile(form.term.text, regex.IGNORECASE if ignore_case else 0)
    except regex.error as error:
        raise UsageError(
            f"concept {form.concept.id!r}: {form.term.text!r} is no regular expression ({error})"
        ) from error
