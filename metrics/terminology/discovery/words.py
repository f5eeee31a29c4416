"""Words as discovery compares them: tokens, normal forms, function words, cluster keys."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence

import regex

from xindaya.metrics.terminology.english import stem

Key = tuple[str, ...]
"""The stems of a rendering's content words, sorted."""

_ENGLISH_TOKEN = regex.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., D.C.
    r"|\p{L}[\p{L}\p{M}]*(?:['&]\p{L}+)*"  # words with their clitics: it's, R&D, Xi'an
    r"|\d+(?:[.,]\d+)*"  # numbers
    r"|\S"
)
_HAN = regex.compile(r"\p{Han}")

# Closed-class words only: a rendering is compared by what is left without them.
_ENGLISH = """
a an the of to in on at by for with from into onto upon within without among amid against toward
towards across along around behind beyond near per via until till since despite about after
before between during through up down out off over under and or but nor so yet if than then as
because although though while whereas unless whether that this these those such what which who
whom whose when where why how there here i me my mine we us our ours you your yours he him his
she her hers it its they them their theirs one itself himself herself themselves myself
ourselves is am are was were be been being do does did done have has had having will would shall
should can could may might must not no s t re ve ll d m isn't don't doesn't didn't it's also
very just only both each any some all other another every either neither own same too more most
much many few less least again ever once even still already rather quite
"""
_CHINESE = """
的 了 和 与 及 在 是 对 将 以 为 于 等 也 就 都 而 并 或 从 到 把 被 向 由 其 之 所 这 那 一 个
我 你 他 她 它 我们 你们 他们 不 有 上 下 中 里 着 过 地 得 又 还 但 因 如 若 则 且 以及 一个
这个 那个 进行 可以 通过 对于
"""
FUNCTION_WORDS = frozenset([*_ENGLISH.split(), *_CHINESE.split()])


def english_tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yields the words, numbers and single punctuation marks of a text with their offsets."""
    return ((match[0], match.start()) for match in _ENGLISH_TOKEN.finditer(text))


@functools.lru_cache(maxsize=1 << 18)
def is_chinese(token: str) -> bool:
    """True if a token holds a Chinese character."""
    return _HAN.search(token) is not None


@functools.lru_cache(maxsize=1 << 18)
def normal_form(token: str) -> str:
    """Folds case and inflection of an English token; Chinese tokens stay as they are."""
    return token if is_chinese(token) else stem(token.removesuffix("'s"))


@functools.lru_cache(maxsize=1 << 18)
def is_content(token: str) -> bool:
    """True if a token means something of its own: no punctuation, no function word."""
    folded = token.lower()
    return folded not in FUNCTION_WORDS and any(c.isalnum() for c in folded)


def cluster_key(tokens: Iterable[str]) -> Key:
    """Names a rendering so that "field of X" and "X field" are the same."""
    return tuple(sorted(normal_form(token) for token in tokens if is_content(token)))


def mostly_chinese(sentences: Sequence[Sequence[str]]) -> bool:
    """True if more than half of the tokens hold a Chinese character."""
    tokens = [token for sentence in sentences[:1000] for token in sentence]
    return 2 * sum(map(is_chinese, tokens)) > len(tokens)
