"""What stands beside a rendering, in words: its status, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xindaya.metrics.terminology import Rendering
    from xindaya.pairs import Termbase


def explained(rendering: Rendering, termbase: Termbase, source_lang: str) -> str:
    """Returns why a rendering counts as it does where its status does not say it, or nothing.

    Args:
        rendering: Of a concept.
        termbase: The concepts.
        source_lang: Language of the sources.
    """
    if rendering.owner:
        owner = termbase.by_id[rendering.owner].label(source_lang)
        return f"other concept: the termbase gives it to {owner}"
    if rendering.unexpanded:
        return f"×{rendering.unexpanded} before its expansion in the document: deprecated"
    return ""


def with_reason(rendering: Rendering, termbase: Termbase, source_lang: str) -> str:
    """Returns status and reason in brackets; nothing for a preferred form that stands as it should."""
    reason = explained(rendering, termbase, source_lang)
    status = rendering.status if rendering.status not in ("preferred", "other-concept") else ""
    words = ", ".join(filter(None, (status, reason)))
    return f" ({words})" if words else ""
