"""Words as discovery compares them: tokens, normal forms, what may open or close a term, acronyms."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import regex

from xindaya.metrics.terminology.english import stem

Key = tuple[str, ...]
"""The normal forms of a rendering's content words, sorted: "field of X" and "X field" are the same."""

_ENGLISH_TOKEN = regex.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., D.C.
    r"|(?:(?i:\p{L}|co|de|ex|mid|non|pre|post|pro|re|semi|sub|un)-(?=\p{L}))?+"  # co-operation is one
    r"\p{L}[\p{L}\p{M}]*(?:['&]\p{L}+)*"  # words: it's, R&D, Xi'an; weak-side is three tokens
    r"|\d+(?:[.,]\d+)*"  # numbers
    r"|\S"
)
_HAN = regex.compile(r"\p{Han}")

# Closed classes: a rendering is compared by what is left without them.
_ENGLISH = """
a an the of to in on at by for with from into onto upon within without among amid against toward
towards across along around behind beyond near per via until till since despite about after
before between during through up down out off over under above below outside and or but nor so yet
if than then as because although though while whereas unless whether that this these those such what
which who whom whose when where why how there here i me my mine we us ours you your yours he him his
she her hers it its they them their theirs one itself himself herself themselves myself our
ourselves is am are was were be been being do does did done have has had having will would shall
should can could may might must not no s t re ve ll d m isn't don't doesn't didn't it's also
very just only both each any some all other another every either neither own same too more most
much many few less least again together ever once even still already rather quite
"""
_CHINESE = """
的 了 和 与 及 在 是 对 将 以 为 于 等 也 就 都 而 并 或 从 到 把 被 向 由 其 之 所 这 那 一 个 暨
我 你 他 她 它 我们 你们 他们 不 有 上 下 中 里 着 过 地 得 又 还 但 因 如 若 则 且 以及 一个
这个 那个 进行 可以 通过 对于 该 各 此 本 自 亦 已 未 令 使 让 给 至 按 据 当 每 某 另 再 更 最 很 较
即 仍 才 只 均 皆 并非 这些 那些 其他 以下 以上 此外 因此 同时 由于 为了 根据 按照
"""
FUNCTION_WORDS = frozenset([*_ENGLISH.split(), *_CHINESE.split()])
_NAMES = frozenset({"US", "WHO"})  # in capitals no pronouns

# Everyday words that do not open or close a term, unless they are written with a capital.
_EVERYDAY = """
make makes made making take takes taken took taking give gives given gave giving include includes
including included supporting supported continue continues continued continuing promote promotes
promoted growing using used increased increasing improve improves improved improving strengthen
strengthens strengthened strengthening enhance enhances enhanced enhancing ensure ensures ensured
ensuring provide provides provided providing according accordance relation respect resulting
mainly largely highly significantly further various several certain different relevant regarding
concerning related launched launching carry carried carrying conduct conducted conducting maintain
maintained maintaining establish established establishing working helping helped needed remain
remains remained become becomes became begin began started see saw seen find found showed shown
say says said saying added stressed keep kept met led leading played bring brought come came comes
went get got let great greater first second third last next amid due based consider considered
edged approve approved decreased rose fell reach reached publish published publishing complete
completed implement implemented implementing accelerate accelerated accelerating advancing deepen
deepening expand expanding push pushing adhere adhering outcome new number year years month months
held called noted pointed issued covered covering good better best promoting well
"""
_TITLES = ("Mr", "Mrs", "Ms", "Dr", "Prof")
_EVERYDAY_CHINESE = """
有关 相关 能 会 要 加强 推动 推进 促进 开展 实现 提高 提升 加快 完善 健全 建立 坚持
继续 积极 进一步 不断 有效 包括 认为 表示 指出 强调 要求 提供 作为 成为 开始 需要
应该 能够 具有 存在 出现 没有 已经 正在 目前 主要 重要 不同 许多 一些 方面 问题 情况
时候 时间 以来 之间 之后 之前 其中 今年 去年 明年 可能 必须 通过 采取 使用 利用 参与
增加 减少 保持 维持 深化 加大 落实 做好 加以 予以 得到 取得 带来 引起 导致 令 致力
协助 鼓励 确保 预期 预计
"""
_NO_EDGE = frozenset([*_EVERYDAY.split(), *_EVERYDAY_CHINESE.split(), *_TITLES])
_AND = frozenset(["and", *"&-/及和与暨"])
_LINKING = _AND | {"of", "for", "to", "in", "on", "with", "by", "at", "from", "'", "或"}
"""Function words that a term's rendering may hold inside."""


def english_tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yields the words, numbers and single punctuation marks of a text with their offsets."""
    return ((match[0], match.start()) for match in _ENGLISH_TOKEN.finditer(text))


@functools.lru_cache(maxsize=1 << 18)
def is_chinese(token: str) -> bool:
    """True if a token holds a Chinese character."""
    return _HAN.search(token) is not None


@functools.lru_cache(maxsize=1 << 18)
def normal_form(token: str) -> str:
    """Folds case, inflection and hyphens of an English token; Chinese tokens stay as they are."""
    return token if is_chinese(token) else stem(token.removesuffix("'s").replace("-", ""))


@functools.lru_cache(maxsize=1 << 18)
def is_content(token: str) -> bool:
    """True if a token means something of its own: no punctuation, no function word."""
    if token in _NAMES:
        return True
    folded = token.lower()
    return folded not in FUNCTION_WORDS and any(c.isalnum() for c in folded)


@functools.lru_cache(maxsize=1 << 18)
def is_edge(token: str) -> bool:
    """True if a token may open or close a term: a content word that is not an everyday one."""
    return is_content(token) and token not in _NO_EDGE


@functools.lru_cache(maxsize=1 << 18)
def may_close(token: str) -> bool:
    """True if a token may close a term: no participle (a rate of return *linked* to …)."""
    return is_edge(token) and not (token.islower() and len(token) > 4 and token.endswith("ed"))


def is_coordinating(token: str) -> bool:
    """True for *and* and what stands for it."""
    return token.lower() in _AND


def is_linking(token: str) -> bool:
    """True for a function word that a term may hold inside: Bank *of* China."""
    return token.lower() in _LINKING


def cluster_key(tokens: Iterable[str]) -> Key:
    """Names a rendering so that "field of X" and "X field" are the same."""
    return tuple(sorted(normal_form(token) for token in tokens if is_content(token)))


def acronyms(sentences: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Finds what a text says its acronyms stand for: "Linked Exchange Rate System (LERS)".

    The algorithm is that of Schwartz and Hearst (Pacific Symposium on Biocomputing, 2003): the
    shortest run of words before the bracket that holds the acronym's letters in order, the first of
    them opening a word.

    Args:
        sentences: English tokens.

    Returns:
        Acronym, in lower case without a plural s, to the tokens it stands for most often.
    """
    found: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for tokens in sentences:
        for place in (k for k, token in enumerate(tokens[:-2]) if token in ("(", "（")):
            short = tokens[place + 1]
            if tokens[place + 2] in ")）;,；，" and _is_acronym(short):
                letters = short.removesuffix("s")
                long = _expansion(letters, _before(tokens, place, 2 * len(letters) + 2))
                if sum(map(is_content, long)) > 1:
                    found[letters.lower()][long] += 1
    return {short: max(long.items(), key=lambda item: item[1])[0] for short, long in found.items()}


def _is_acronym(token: str) -> bool:
    return sum(c.isupper() for c in token) > 1 and len(token) <= 10 and token.isalnum()


def _before(tokens: Sequence[str], place: int, most: int) -> Sequence[str]:
    start = place
    while start and place - start < most and tokens[start - 1] not in BREAKS:
        start -= 1
    return tokens[start:place]


def _expansion(letters: str, words: Sequence[str]) -> tuple[str, ...]:
    text = " ".join(words).lower()
    place = len(text)
    for number in range(len(letters) - 1, -1, -1):
        place -= 1
        while place >= 0 and (
            text[place] != letters[number].lower()
            or (number == 0 and place and text[place - 1].isalnum())
        ):
            place -= 1
        if place < 0:
            return ()
    return tuple(words[len(text[:place].split()) :])


BREAKS = frozenset('.,;:!?()[]{}"“”‘—|#*<>=。，；：！？（）、《》「」『』【】〈〉…')
"""No rendering runs across these."""
