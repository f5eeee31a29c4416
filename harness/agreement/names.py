"""Which system of a human file is which of the corpus: the same name, or the same but for dress."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

# WMT numbers systems in its tables (``Online-B.5``) and calls its files
# ``newstest2021.zh-en.hyp.Online-B.en``.
_NUMBER, _FILE = re.compile(r"\.\d+$"), re.compile(r"^.*\.(?:hyp|ref)\.")
_HUMAN = re.compile(r"(?:ref|reference|human)[-_. ]?[a-z0-9]?", re.IGNORECASE)


def match_names(ours: Sequence[str], theirs: Collection[str]) -> dict[str, str]:
    """Finds the systems that both sides have.

    Returns:
        Name in the corpus to name in the file, in the order of `ours`. Names that are not the same
        are matched without WMT's numbers and file names, if that leaves no doubt.
    """
    matched = {name: name for name in ours if name in theirs}
    rest = [name for name in theirs if name not in matched]
    for name in ours:
        if name in matched:
            continue
        alike = [other for other in rest if bare(other) == bare(name)]
        rivals = [other for other in ours if bare(other) == bare(name)]
        if len(alike) == len(rivals) == 1:
            matched[name] = alike[0]
    return {name: matched[name] for name in ours if name in matched}


def bare(name: str) -> str:
    """Returns a name without WMT's dress."""
    return _NUMBER.sub("", _FILE.sub("", name))


def is_human(name: str) -> bool:
    """True for the names WMT gives to human translations: ``ref-A``, ``refB``, ``HUMAN-B.12``."""
    return _HUMAN.fullmatch(bare(name)) is not None
