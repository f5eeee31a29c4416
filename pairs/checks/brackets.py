"""Brackets and quotes that open and do not close, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xindaya.pairs.checks.model import Column, Hit, Place, Severity, Texts, evidence

_PAIRS = {
    "(": ")", "（": "）", "[": "]", "【": "】", "{": "}", "《": "》", "〈": "〉", "「": "」", "『": "』",
    "〔": "〕", "«": "»", "“": "”",
}  # fmt: skip
_CLOSERS = {close: open_ for open_, close in _PAIRS.items()}
_NARROW = dict(zip("（）［］｛｝＂〝〞", '()[]{}"“”', strict=True))
_ROUND = re.compile("[()（）]")
_ENDS = {"“": '”"', '"': '"”', "「": "」", "『": "』", "«": "»"}
_QUOTED_SEGMENTS = 12  # a quotation that is longer has lost its end
_QUOTES = ('"', "“", "”")
_CORNERS = tuple("「」『』《》〈〉«»")
_ANY = re.compile('[(){}\\[\\]（）【】［］｛｝《》〈〉「」『』〔〕«»“”"＂〝〞]')
# 1) a) iv) at the start of a line or clause, and faces.
_MARKER = re.compile(
    r"(?:^|[\s,;，；、。：:/])(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5}|[一二三四五六七八九十]{1,3})$"
)
_FACE = re.compile(r"(?<![^\s\W])[:;=]['’]?-?[()](?!\w)|(?<=[\^_~・ω])[)）]|[(（](?=[\^￣・≧>])")
_INCH = re.compile(r"\d[\"”]")


def brackets(texts: Texts) -> Iterator[Place]:
    """Finds brackets without a partner, in the source and where the source is in order.

    A quotation may run over several segments of a document. Where the source is open, nothing is
    said of the same kind of mark in the target.
    """
    documents = [s.document for s in texts.segments]
    source = _alone(texts.source, documents)
    for position, marks in source.items():
        yield Place(texts.source.name, position, _hit("note", marks, "source"))
    for column in texts.targets:
        for position, marks in _alone(column, documents).items():
            open_here = {_family(mark) for mark in source.get(position, [])}
            if found := [mark for mark in marks if _family(mark) not in open_here]:
                yield Place(column.name, position, _hit("warning", found, "target"))


def _alone(column: Column, documents: Sequence[str]) -> dict[int, list[str]]:
    """Returns the marks without a partner by position, but quotes that close some segments on."""
    alone: dict[int, list[str]] = {}
    opened: list[tuple[int, str]] = []
    for position, line in enumerate(column.lines):
        for mark in _unpaired(line) if line else []:
            if opened and _closes(opened[-1], position, mark, documents):
                start, partner = opened.pop()
                alone[start].remove(partner)
            else:
                alone.setdefault(position, []).append(mark)
                if _family(mark) == "quote":
                    opened.append((position, mark))
    return {position: marks for position, marks in alone.items() if marks}


def _closes(opened: tuple[int, str], position: int, mark: str, documents: Sequence[str]) -> bool:
    start, partner = opened
    near = 0 < position - start <= _QUOTED_SEGMENTS and documents[start] == documents[position]
    return near and mark in _ENDS.get(partner, "")


def _hit(severity: Severity, marks: list[str], side: str) -> Hit:
    where = "原文" if side == "source" else "译文"
    return evidence(severity, f"Without a partner in the {side}", f"{where}中不成对的符号", marks)


def _family(mark: str) -> str:
    """Quotes of one language become quotes of another kind in the other; brackets stay."""
    return "quote" if mark in _QUOTES or mark in _CORNERS else "bracket"


def _unpaired(line: str) -> list[str]:
    """Returns the marks of a line that have no partner, in order."""
    if not _ANY.search(line):
        return []
    line = _FACE.sub(" ", line) if _ROUND.search(line) else line
    marks = [(m.start(), _NARROW.get(m[0], m[0])) for m in _ANY.finditer(line)]
    alone: list[tuple[int, str]] = []
    stack: list[tuple[int, str]] = []
    doubles = [(position, mark) for position, mark in marks if mark in _QUOTES]
    for position, mark in marks:
        if mark in _QUOTES:
            continue
        if mark in _PAIRS:
            stack.append((position, mark))
        elif mark in _CLOSERS:
            match = next(
                (k for k in reversed(range(len(stack))) if stack[k][1] == _CLOSERS[mark]), -1
            )
            if match < 0:
                before = line[max(0, position - 8) : position]
                if not (mark == ")" and _MARKER.search(before)):
                    alone.append((position, mark))
            else:
                del stack[match]
    # Curly and straight double quotes are mixed in practice: an even number counts as paired.
    if len(doubles) % 2 and not _INCH.search(line):
        alone.append(_odd_one(doubles))
    return [mark for _, mark in sorted(alone + stack)]


def _odd_one(doubles: list[tuple[int, str]]) -> tuple[int, str]:
    """Returns the double quote that is to blame, or the last one."""
    depth = 0
    last_open = doubles[-1]
    for place in doubles:
        if place[1] == "“":
            depth, last_open = depth + 1, place
        elif place[1] == "”":
            depth -= 1
            if depth < 0:
                return place
    return last_open if depth > 0 else doubles[-1]
