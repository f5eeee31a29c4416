"""Targets that stop before their end."""

from __future__ import annotations

import re

from xindaya.pairs.checks.model import Hit, quoted

_CLOSERS = "\"'”’“‘)）]】」』》〉»*_ \t\u00a0\u3000"
_FINAL = "。！？…!?.；;：:．｡～~"
_STRONG_FINAL = "。！？…!?.．｡"
_LOOSE = re.compile(
    r"(?:[,，、（(\[《「—–-]|\b(?:and|or|but|nor|the|an?|of|to|in|on|at|by|for|from|with|as|that|which|"
    r"who|because|if|is|are|was|were|be|has|have|had|will|would|should|can|could|its|their|his|"
    r"than|into|between|among|such))$"
    r"|(?:和|与|及|以及|或|或者|的|但|但是|而|并|并且|因为|如果|在|对|把|被|将|向|从|是)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.|@)\S{0,2000}$")


def truncated(source: str, target: str, lang: str) -> Hit | None:
    """Finds a target without an end where the source has one."""
    start = source.rstrip(_CLOSERS)
    if not start or start[-1] not in _STRONG_FINAL:
        return None
    end = target.rstrip(_CLOSERS)
    shown = quoted(target.rstrip()[-25:])
    if not end:
        return None
    if end[-1] in _FINAL:
        return None
    loose = _LOOSE.search(end[-25:])
    if loose and not _ADDRESS.search(end):
        return Hit(
            "warning",
            f"The target ends with {quoted(loose[0])}, the source with a full stop: {shown}.",
        )
    if not (end[-1].isalpha() or end[-1].isdigit()) or _ADDRESS.search(end):
        return None
    return Hit("note", f"The target ends without the final punctuation of the source: {shown}.")
