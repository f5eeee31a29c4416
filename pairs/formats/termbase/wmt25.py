"""The WMT25 terminology task's dictionaries: ``{source: [targets]}`` as JSON.

Its data files have one document a line, with a dictionary for each mode: ``proper`` holds terms,
``random`` ordinary words. The dictionaries of all lines are joined. An empty key, which the
published data has, names nothing and is left out, as is what stands beside the dictionary.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.formats.termbase.csv_ import read_whole
from xindaya.pairs.formats.termbase.pairs import Pair, termbase_of_pairs
from xindaya.pairs.termbase import Termbase

MODES = ("proper", "random")


def read_wmt25(
    path: str | Path, *, source_lang: str = "zh", mode: str = "proper", lenient: bool = False
) -> Termbase:
    """Reads a WMT25 dictionary, or those of one mode from a file of documents.

    Args:
        path: A JSON file, or one with a JSON object a line.
        source_lang: Language of the keys, ``zh`` or ``en``.
        mode: Which dictionary to take where there are several.
        lenient: As in `termbase_of_pairs`.

    Raises:
        InputError: If it is no JSON of this form, or has no dictionary of this mode.
        NothingToEvaluateError: If the dictionary is empty.
    """
    path = Path(path)
    left_out: list[LeftOut] = []
    pairs = list(_pairs(path, mode, left_out))
    return termbase_of_pairs(path, pairs, source_lang, lenient=lenient, left_out=left_out)


def _pairs(path: Path, mode: str, left_out: list[LeftOut]) -> Iterator[Pair]:
    seen: set[tuple[str, str]] = set()
    for line, value in _objects(path):
        dictionary = _dictionary(path, line, value, mode)
        place = f"line {line or 1}"
        if dictionary is not value:
            rest = {key: inner for key, inner in value.items() if inner is not dictionary}
            text = json.dumps(rest, ensure_ascii=False)
            left_out.append(LeftOut(place, f"documents beside their dictionary {mode!r}", text))
        for source, targets in dictionary.items():
            listed = [targets] if isinstance(targets, str) else targets
            if not isinstance(listed, list) or not all(isinstance(t, str) for t in listed):
                raise InputError(
                    path, f"{preview(source)}: {preview(str(targets))}", "a list of targets",
                    line=line,
                )  # fmt: skip
            if not source.strip():
                left_out.append(LeftOut(place, "entries without a source form", " ".join(listed)))
            for target in listed or [""]:
                if source.strip() and (source, target) not in seen:
                    seen.add((source, target))
                    yield Pair(line, source, target)


def _objects(path: Path) -> Iterator[tuple[int | None, Any]]:
    """Yields the objects of a file: one a line if the first line holds one, else one in all."""
    text = read_whole(path)
    lines = text.split("\n")
    if len(lines) > 1 and any(lines[1:]) and lines[0].rstrip().endswith("}"):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, parse_json(path, line, number)
    elif text.strip():
        yield None, parse_json(path, text)


def _dictionary(path: Path, line: int | None, value: Any, mode: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(path, preview(str(value)), "{source: [targets]}", line=line)
    modes = {key: inner for key, inner in value.items() if isinstance(inner, dict)}
    if not modes:
        return value
    if mode not in modes:
        raise InputError(
            path, f"dictionaries named {', '.join(modes)}", f"one named {mode!r}", line=line
        )
    return modes[mode]
