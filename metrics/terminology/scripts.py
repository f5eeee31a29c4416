"""Simplified and Traditional Chinese together, through OpenCC."""

from __future__ import annotations

import functools
from collections.abc import Callable

from xindaya.pairs import UsageError


@functools.cache
def simplified() -> Callable[[str], str]:
    """Returns a function that writes a text in simplified characters, one for one.

    Character by character, so that offsets stay: a phrase table could change the length.

    Raises:
        UsageError: If OpenCC is not installed.
    """
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise UsageError(
            "matching Simplified and Traditional forms together needs OpenCC: "
            "pip install 'xindaya[scripts]'"
        ) from error
    convert = OpenCC("t2s").convert

    @functools.lru_cache(maxsize=1 << 16)
    def one(char: str) -> str:
        changed: str = convert(char)
        return changed if len(changed) == 1 else char

    return lambda text: "".join(map(one, text))
