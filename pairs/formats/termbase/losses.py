"""What a format cannot hold, said in one line a kind."""

from __future__ import annotations

from collections.abc import Sequence

from xindaya.pairs.termbase import Termbase

_SHOWN = 3


def lost(what: str, names: Sequence[str]) -> list[str]:
    """Returns a message on what is lost, with a few names, or nothing if nothing is."""
    if not names:
        return []
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return [f"{what}: {len(names):,} ({shown})"]


def without_terms(termbase: Termbase) -> list[str]:
    """Says which concepts have no term, hence no row in a table."""
    return lost("concepts without a term", [c.id for c in termbase.concepts if not c.terms])
