"""Simplified and Traditional Chinese together, through OpenCC."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import metadata

from xindaya.pairs.errors import UsageError

# Letters that stay in Traditional words and have another form in Simplified ones.
_ONE = str.maketrans("著覆藉瞭甦", "着复借了苏")


@functools.cache
def simplified() -> Callable[[str], str]:
    """Returns a function that writes a text in simplified characters, of the same length.

    The whole text is converted, since what a character becomes hangs on its neighbours (了解 of 瞭解,
    but 瞭望 stays), with the letters of Taiwan and Hong Kong; where that changes its length, each
    character for itself. What then still differs between the scripts is made one (著 and 着), so
    that a form and a passage meet whichever script each is in.

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
    taiwan, hong_kong = OpenCC("tw2s").convert, OpenCC("hk2s").convert

    def convert(text: str) -> str:
        changed: str = hong_kong(taiwan(text))
        return changed.translate(_ONE)

    @functools.lru_cache(maxsize=1 << 16)
    def one(char: str) -> str:
        changed = convert(char)
        return changed if len(changed) == 1 else char

    def whole(text: str) -> str:
        changed = convert(text)
        return changed if len(changed) == len(text) else "".join(map(one, text))

    return whole


def converter_signature() -> str:
    """Names the distribution that offers ``opencc``, of which there are several, and its version."""
    owners = metadata.packages_distributions().get("opencc", ["opencc"])
    return "+".join(f"{owner}-{metadata.version(owner)}" for owner in sorted(set(owners)))
