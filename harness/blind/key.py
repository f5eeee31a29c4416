"""The key of a blind review: which text was whose. It never goes to a reviewer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from xindaya.blind.items import Item
from xindaya.pairs import Corpus, InputError
from xindaya.pairs.files import write_text
from xindaya.pairs.formats.jsonl import parse_json
from xindaya.pairs.formats.xml import unescaped

KIND = "xindaya blind review key"


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
    content = {"schema_version": 1, "kind": KIND} | asdict(key)
    write_text(path, json.dumps(content, ensure_ascii=True, indent=1) + "\n")


def read_key(path: Path) -> Key:
    """Reads a key.

    Raises:
        InputError: If the file is none.
    """
    try:
        content = parse_json(path, path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            path, f"no readable file ({error})", "the key of a blind review"
        ) from error
    if not isinstance(content, dict) or content.get("kind") != KIND:
        raise InputError(
            path, "another kind of file", "the key of a blind review",
            hint="it was written beside the sheet",
        )  # fmt: skip
    try:
        entries = tuple(Entry(**entry) for entry in content["entries"])
        key = Key(
            **{name: content[name] for name in ("corpus", "corpus_sha256", "seed", "rule")},
            systems=tuple(content["systems"]),
            entries=entries,
        )
    except (KeyError, TypeError) as error:
        raise InputError(path, f"a key that does not fit ({error})", "a key of ours") from error
    if not _is_sound(key):
        raise InputError(path, "items that contradict each other", "a key of ours")
    return key


def checksum(number: int, *texts: str) -> str:
    """Returns a hash of an item as it stands on the sheet."""
    content = json.dumps([number, *map(_settled, texts)])
    return hashlib.sha256(content.encode("ascii")).hexdigest()[:16]


def _settled(text: str) -> str:
    """A program may undo the escapes of a cell once or more; a text and its copies become one."""
    while (plainer := unescaped(text)) != text:
        text = plainer
    return text


def _is_sound(key: Key) -> bool:
    numbers = {e.item: e for e in key.entries}
    known = set(key.systems)
    return len(numbers) == len(key.entries) > 0 and all(
        e.a != e.b
        and {e.a, e.b} <= known
        and (not e.repeats or (e.repeats in numbers and not numbers[e.repeats].repeats))
        for e in key.entries
    )
