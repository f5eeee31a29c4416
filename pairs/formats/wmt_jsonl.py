"""WMT's JSON lines as lines of ours: test sets, submissions and the evaluation task's segments.

- general task, test sets: ``doc_id``, ``src_lang``, ``tgt_lang``, ``domain``, ``src_text`` and ``refs``,
  ``{"refA": {"ref": text}}`` or ``{"refA": text}``; with people's scores, ``tgt_text`` by system instead;
- general task, submissions: ``doc_id``, ``hypothesis``, ``metadata``;
- evaluation task: ``item_id``, ``src``, ``ref`` (``{"text": …, "type": …}``) and ``hyps`` by system.

The shapes are those that the READMEs of wmt-conference/wmt25-general-mt and wmt26-general-mt say,
humeval/05-collect_humeval.py there writes, and the README of WMT26's baseline (WMT26-QE-baselines)
documents. Ids are made of parts: ``en-zh_CN_#_news_#_DOC_#_0`` in 2025,
``official_###_eng_Latn_###_zho_Hans_###_news_###_DOC_###_0`` in 2026.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

from xindaya.pairs.direction import LANGUAGES, language

_TEXTS = frozenset(("src_text", "src", "hypothesis"))
_BETWEEN = re.compile("(_#{1,3}_)")
_TAG = re.compile("[a-z]{2,3}(?:[-_][A-Za-z]{2,4}){0,2}")
_HUMAN = re.compile("ref([A-Z])")


def is_wmt(row: Mapping[str, Any]) -> bool:
    """True for a line with texts under WMT's names."""
    return "id" not in row and isinstance(_id(row), str) and not _TEXTS.isdisjoint(row)


def languages_of(row: Mapping[str, Any]) -> tuple[str, str] | None:
    """Returns the tags of both languages, by their fields or as the id says; None without any."""
    given = row.get("src_lang"), row.get("tgt_lang")
    if isinstance(given[0], str) and isinstance(given[1], str):
        return given[0], given[1]
    return languages_in(str(_id(row)))


def languages_in(name: str) -> tuple[str, str] | None:
    """Returns the tags of both languages that an id of WMT's names; None without any."""
    parts = _parts(name)
    if len(parts) < 2:
        return None
    pairs = [tuple(parts[0].split("-", 1)), *itertools.pairwise(parts)]
    named = [p for p in pairs if len(p) == 2 and all(map(_TAG.fullmatch, p))]
    # A domain such as edu looks like a tag: the pair we know is taken before any other.
    known = [p for p in named if {*map(language, p)} == {*LANGUAGES}]
    first = next(iter(known or named), None)
    return (first[0], first[1]) if first else None


def document_in(name: str) -> str:
    """Returns the document that an id of a segment names; empty for any other id."""
    parts = _BETWEEN.split(name)
    return "".join(parts[:-2]) if len(parts) > 2 and parts[-1].isdigit() else ""


def as_ours(row: Mapping[str, Any], submission: str) -> dict[str, Any]:
    """Returns such a line under our names; what has none keeps its own.

    Args:
        row: The line.
        submission: What the system is called whose ``hypothesis`` it is.
    """
    rest = dict(row)
    name = str(_id(row))
    said = {name, *(languages_of(row) or ())}
    for key in ("item_id", "doc_id", "src_lang", "tgt_lang"):
        if rest.get(key) in said:
            del rest[key]
    references: dict[str, Any] = {}
    systems: dict[str, Any] = {}
    for key in ("tgt_text", "hyps"):
        for system, text in _taken(rest, key, dict).items():
            human = _HUMAN.fullmatch(system)
            (references if human else systems)[human[1] if human else system] = text
    for key, about in _taken(rest, "refs", dict).items():
        human = _HUMAN.fullmatch(key)
        references[human[1] if human else key], more = _reference(about, "ref")
        rest[f"refs:{key}"] = more
    if "ref" in rest:
        references["A"], rest["ref"] = _reference(rest["ref"], "text")
    if "hypothesis" in rest:
        systems[submission] = rest.pop("hypothesis")
    source = rest.pop("src_text", None) if "src_text" in rest else rest.pop("src", None)
    ours = {"id": name, "document": document_in(name), "source": source}
    ours |= {"references": references, "systems": systems}
    return ours | {key: value for key, value in rest.items() if key not in ours and value}


def _id(row: Mapping[str, Any]) -> Any:
    return row.get("item_id", row.get("doc_id"))


def _parts(name: str) -> list[str]:
    return _BETWEEN.split(name)[::2]


def _taken(row: dict[str, Any], key: str, kind: type) -> Any:
    """Takes a field out of a line if it has this shape."""
    return row.pop(key) if isinstance(row.get(key), kind) else kind()


def _reference(about: Any, key: str) -> tuple[Any, Any]:
    """Returns the text of a reference, and what else is said of it."""
    if not isinstance(about, dict):
        return about, None
    return about.get(key), {k: v for k, v in about.items() if k != key}
