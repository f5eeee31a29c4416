"""Waivers: findings that a reviewer has accepted, in a small file kept in version control.

One a line: the id as findings give it, then optionally a tab and the reason. The id of a term
occurrence is ``concept/document/segment/number``, with ``SYSTEM:`` before it to mean one system
only; that of a data finding is ``kind/text/segment``. ``#`` begins a comment line.
"""

from __future__ import annotations

from pathlib import Path

from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.lines import read_lines


def read_waivers(path: str | Path) -> dict[str, str]:
    """Reads a waiver file.

    Returns:
        Id to reason, in the order of the file.

    Raises:
        InputError: If a line is no id, or an id stands twice.
    """
    waivers: dict[str, str] = {}
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip() or line.startswith("#"):
            continue
        identity, _, reason = line.partition("\t")
        if identity.count("/") < 2:
            raise InputError(
                path,
                preview(identity),
                "concept/document/segment/number, or kind/text/segment",
                line=number,
                hint="copy the id of the finding",
            )
        if identity in waivers:
            raise InputError(path, f"the id {preview(identity)} twice", "each once", line=number)
        waivers[identity] = reason
    return waivers
