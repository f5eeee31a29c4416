"""The key of a blind review: which text was whose. It never goes to a reviewer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xindaya.blind.items import Item
from xindaya.pairs import Corpus, InputError
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.jsonl import read_json
from xindaya.pairs.formats.xml import unescaped
from xindaya.stored import made

KIND = "xindaya blind review key"

_HEAD: dict[str, Any] = {"schema_version": 1, "kind": KIND}


@dataclass(frozen=True, slots=True)
class Entry:
    """What an item was.

    Attributes:
        item: Its number on the sheet.
        segment: Segment id.
        a: System whose text was A.
        b: System whose text was B.
        repeats: Number of the item asked again; 0 if none.
        checksum: Of the texts as they stand on the sheet.
    """

    item: int
    segment: str
    a: str
    b: str
    repeats: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key.

    Attributes:
        corpus: Name of the corpus.
        corpus_sha256: Hash of its sources and references.
        systems: Names of the compared systems.
        seed: Of the draw.
        rule: How the items were drawn.
        entries: In the order of the sheet.
    """

    corpus: str
    corpus_sha256: str
    systems: tuple[str, ...]
    seed: int
    rule: str
    entries: tuple[Entry, ...]


def make_key(
    corpus: Corpus, systems: Sequence[str], items: Sequence[Item], *, seed: int, rule: str
) -> Key:
    """Returns the key of a sheet."""
    entries = tuple(
        Entry(i.number, i.segment, *i.systems, i.repeats, checksum(i.number, i.source, *i.texts))
        for i in items
    )
    return Key(corpus.name, corpus.sha256, tuple(systems), seed, rule, entries)


def write_key(key: Key, path: Path) -> None:
    """Writes a key as JSON."""
    content = _HEAD | asdict(key)
    content["sha256"] = _digest(content)
    write_text(path, json.dumps(content, ensure_ascii=True, indent=1) + "\n")


def read_key(path: Path) -> Key:
    """Reads a key.

    Raises:
        InputError: If the file is none, or was changed: one name edited would turn answers round.
    """
    content = read_json(path, "the key of a blind review")
    if not isinstance(content, dict) or any(content.get(k) != _HEAD[k] for k in _HEAD):
        raise InputError(
            path, "another kind of file, or of another version", "the key of a blind review",
            hint="it was written beside the sheet",
        )  # fmt: skip
    if content.pop("sha256", "") != _digest(content):
        raise InputError(
            path, "a key that was changed", "the key as it was written",
            hint="take a copy of it: nothing else knows whose texts these are",
        )  # fmt: skip
    try:
        entries = tuple(made(Entry, entry) for entry in content["entries"])
        heads = ("corpus", "corpus_sha256", "systems", "seed", "rule")
        key = made(Key, {name: content[name] for name in heads} | {"entries": entries})
        sound = _is_sound(key)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(path, f"a key that does not fit ({error})", "a key of ours") from error
    if not sound:
        raise InputError(path, "items that contradict each other", "a key of ours")
    return key


def checksum(number: int, *texts: str) -> str:
    """Returns a hash of an item as it stands on the sheet."""
    content = json.dumps([number, *map(_settled, texts)])
    return hashlib.sha256(content.encode("ascii")).hexdigest()[:16]


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def _settled(text: str) -> str:
    """A program may undo the escapes of a cell once or more; a text and its copies become one."""
    while (plainer := unescaped(text)) != text:
        text = plainer
    return text


def _is_sound(key: Key) -> bool:
    numbers = {e.item: e for e in key.entries}
    known = set(key.systems)
    texts = [key.rule, *(e.segment for e in key.entries)]
    return (
        len(numbers) == len(key.entries) > 0
        and all(isinstance(t, str) for t in texts)
        and all(
            e.a != e.b
            and {e.a, e.b} <= known
            and (not e.repeats or (e.repeats in numbers and not numbers[e.repeats].repeats))
            for e in key.entries
        )
    )
