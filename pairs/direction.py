"""The two languages, and the two directions between them."""

from __future__ import annotations

from xindaya.pairs.errors import UsageError

LANGUAGES = ("zh", "en")


def check_languages(source_lang: str, target_lang: str) -> None:
    """Raises UsageError unless the pair is zh–en in either direction."""
    if sorted((source_lang, target_lang)) != sorted(LANGUAGES):
        raise UsageError(
            f"languages {source_lang!r} to {target_lang!r}: expected zh to en, or en to zh"
        )
