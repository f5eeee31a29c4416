"""A corpus as JSON lines: one object a segment, any text, missing told from empty.

``{"id": …, "document": …, "domain": …, "source": …, "references": {NAME: text}, "systems":
{NAME: text}, "extra": {COLUMN: text}}``; ``references`` may also be a list (named A, B, …) and
``reference`` one string. Any other key is a column, with its value as text or JSON.

WMT's own lines are read too (`xindaya.pairs.formats.wmt_jsonl`); those in another pair of languages
are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from xindaya.pairs.account import LeftOut
from xindaya.pairs.corpus import Corpus
from xindaya.pairs.direction import Direction, claimed, said, stated
from xindaya.pairs.errors import InputError, preview
from xindaya.pairs.files import open_atomic, reading
from xindaya.pairs.formats.records import Record, build_corpus, records_of
from xindaya.pairs.formats.wmt_jsonl import as_ours, is_wmt, languages_of
from xindaya.pairs.lines import MAX_SEGMENT_CHARS, read_lines
from xindaya.pairs.sources import plain_name
from xindaya.pairs.wording import lettered

_MOST_LEVELS = 50
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_KEYS = ("id", "document", "domain", "source", "references", "systems", "extra")
_SCORED = frozenset(("task1_pred", "task2_pred", "annotation", "esa_score", "scores"))
_MOST_IDS = 1 << 16  # characters of a line that are no text: ids, names, keys


def read_jsonl(
    path: str | Path,
    *,
    source_lang: str | None = None,
    target_lang: str | None = None,
    encoding: str = "utf-8",
    max_chars: int = MAX_SEGMENT_CHARS,
    notes: list[str] | None = None,
) -> Corpus:
    """Reads a corpus from JSON lines.

    Args:
        path: The file.
        source_lang: ``zh`` or ``en``; None for what the data says (`xindaya.pairs.direction`).
        target_lang: The other one.
        encoding: Of the file.
        max_chars: Longest text accepted.
        notes: What the texts say of the direction is added here.

    Raises:
        InputError: If a line is not an object of the form above, repeats a key, or holds half of a
            surrogate pair or a text over `max_chars`.
        NothingToEvaluateError: If there is no line.
    """
    path = Path(path)
    lines = read_lines(path, encoding=encoding, max_chars=_MOST_IDS + 64 * max_chars)
    given = stated(source_lang, target_lang)
    told: Direction | None = None
    records: list[Record] = []
    left_out: list[LeftOut] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = parse_json(path, line, number)
        if not isinstance(row, dict):
            raise InputError(path, preview(line), 'an object with an "id"', line=number)
        if is_wmt(row):
            if tags := languages_of(row):
                way = said(*tags, "as its lines say")
                told = told or way
                if way is None or not way.agrees(given or told or way):
                    pair = f"segments from {tags[0]} to {tags[1]}"
                    left_out.append(LeftOut(f"line {number}", pair, line))
                    continue
            row = as_ours(row, plain_name(path).stem)
        records.append(_record(path, number, row, max_chars))
    direction = claimed(path, given, told) if records else given
    return build_corpus(
        path, records, name=plain_name(path).stem, direction=direction, notes=notes,
        left_out=left_out,
    )  # fmt: skip


def write_jsonl(corpus: Corpus, path: str | Path) -> None:
    """Writes a corpus as JSON lines."""
    write_jsonl_records(records_of(corpus), path)


def write_jsonl_records(records: Iterable[Record], path: str | Path) -> None:
    """Writes records as JSON lines, as they come.

    Raises:
        InputError: If a text holds half of a surrogate pair, or the file cannot be written.
    """
    with open_atomic(path) as stream:
        for record in records:
            try:
                stream.write(format_record(record).encode())
            except UnicodeEncodeError as error:
                raise InputError(
                    path,
                    f"half of a surrogate pair in segment {preview(record.id)}",
                    "whole characters",
                ) from error


def format_jsonl(corpus: Corpus) -> str:
    """Returns the corpus as JSON lines."""
    return "".join(format_record(record) for record in records_of(corpus))


def format_record(record: Record) -> str:
    """Returns one line."""
    row: dict[str, Any] = {"id": record.id, "document": record.document, "domain": record.domain}
    if record.source is not None:
        row["source"] = record.source
    row |= {"references": record.references, "systems": record.systems}
    if record.extra:
        row["extra"] = dict(record.extra)
    return json.dumps(row, ensure_ascii=False) + "\n"


def read_json(path: Path, expected: str = "JSON") -> Any:
    """Reads a JSON file as strictly as `parse_json`.

    Args:
        path: The file.
        expected: What it should be, for the error.

    Raises:
        InputError: If it cannot be read, is not UTF-8, or no JSON.
    """
    with reading(path):
        try:
            return parse_json(path, path.read_text("utf-8"))
        except UnicodeDecodeError as error:
            raise InputError(
                path, f"bytes that are not UTF-8, from byte {error.start + 1}", expected
            ) from error


def parse_json(path: Path, text: str, line: int | None = None, *, nan: bool = False) -> Any:
    """Parses JSON strictly: no repeated keys, no NaN, no half surrogate pairs.

    Args:
        path: The file, for errors.
        text: The JSON.
        line: Where it stands.
        nan: Take a NaN for null, as scores that pandas wrote need it.

    Raises:
        InputError: Naming the line and what is wrong.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            keys = [k for k, _ in items]
            twice = next(k for k in keys if keys.count(k) > 1)
            raise InputError(path, f"key {twice!r} twice", "unique keys", line=line)
        return result

    def constant(name: str) -> None:
        if name != "NaN" or not nan:
            raise InputError(path, name, "a JSON number", line=line)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
        if min(text.count("["), text.count("]")) + text.count("{") > _MOST_LEVELS:
            _check_depth(value)
        # Half of a surrogate pair cannot be encoded again: refuse it where it comes in.
        escaped = _SURROGATE.search(text) is not None
        (json.dumps(value, ensure_ascii=False) if escaped else text).encode("utf-8")
    except json.JSONDecodeError as error:
        raise InputError(
            path, f"no valid JSON ({error})", "JSON", line=line or error.lineno
        ) from error
    except UnicodeEncodeError as error:
        raise InputError(
            path, "half of a surrogate pair (\\ud800…\\udfff)", "whole characters", line=line
        ) from error
    except RecursionError as error:
        raise InputError(path, "JSON nested too deeply", "a flat object", line=line) from error
    except ValueError as error:  # an integer of more digits than Python converts
        raise InputError(path, f"a number too long ({error})", "JSON", line=line) from error
    return value


def _check_depth(value: Any) -> None:
    """Raises RecursionError for what is nested deeper than anything of ours."""
    level = [value]
    for _ in range(_MOST_LEVELS):
        inner = (
            n.values() if isinstance(n, dict) else n for n in level if isinstance(n, dict | list)
        )
        level = [item for items in inner for item in items if isinstance(item, dict | list)]
        if not level:
            return
    raise RecursionError


def references_of(row: Mapping[str, Any]) -> Any:
    """Returns the references of a row by name: those of a list are called A, B, …, Z, AA."""
    references = row.get("references", [row["reference"]] if "reference" in row else {})
    if isinstance(references, list):
        return {lettered(position): text for position, text in enumerate(references)}
    return references


def is_id(value: object) -> bool:
    """True for a string, and for a whole number, which has one spelling only."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def _record(path: Path, number: int, row: dict[str, Any], max_chars: int) -> Record:
    if "id" not in row:
        raise InputError(
            path, f"the keys {preview(', '.join(row))}", 'an object with an "id"', line=number,
            hint="people's scores go to `agree --human`" if _SCORED & row.keys() else "",
        )  # fmt: skip
    if not is_id(row["id"]):
        raise InputError(path, f"the id {preview(str(row['id']))}", "a string", line=number)
    references = references_of(row)
    systems = row.get("systems", {})
    extra = row.get("extra", {})
    groups = (("references", references), ("systems", systems), ("extra", extra))
    for name, group in groups:
        if not isinstance(group, dict):
            raise InputError(path, f"{name} = {preview(str(group))}", "names to texts", line=number)
    extra = _columns(path, number, row, extra)
    texts = [row.get("source"), row.get("document"), row.get("domain"), *references.values()]
    for text in [t for t in texts if t is not None] + [*systems.values(), *extra.values()]:
        if not isinstance(text, str):
            raise InputError(path, preview(str(text)), "a string", line=number)
        if len(text) > max_chars:
            raise InputError(
                path, f"a text of {len(text):,} characters", f"at most {max_chars:,}", line=number
            )
    return Record(
        id=str(row["id"]),
        line=number,
        source=row.get("source"),
        document=row.get("document") or "",
        domain=row.get("domain") or "",
        references=references,
        systems=systems,
        extra=extra,
    )


def _columns(
    path: Path, number: int, row: Mapping[str, Any], extra: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Returns the columns of a line: its own, and every key that is none of ours."""
    ours = _KEYS if "references" in row else (*_KEYS, "reference")
    others = {key: value for key, value in row.items() if key not in ours and value is not None}
    if twice := next((key for key in others if key in extra), None):
        raise InputError(path, f"column {twice!r} twice", "unique columns", line=number)
    if not others:
        return extra
    texts = {
        k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in others.items()
    }
    return {**extra, **texts}
