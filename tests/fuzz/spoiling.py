"""Ways to spoil a file: its bytes, its structure, its values.

Everything hangs on the random numbers that are given.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from xindaya.stored import array_of

NUMBERS = (
    "9" * 5000, "-" + "9" * 400, "1" + "0" * 400, "1e999", "-1e999", "NaN", "Infinity", "-1", "0",
    "-0", "1.5", "1000000000000", "18446744073709551616", "0x" + "f" * 5000, "٣", "½", "1_0", "",
    "1e-400", "true", "99999999",
)  # fmt: skip
STRINGS = (
    "", " ", "\0", "\ufeff", "\r", "\u2028", "\x1b[31m", "=1+1", "-2+3", "@x", "../../x", "/", "x" * 300,
    "字" * 5000, "\U0001f600", "e\u0301", "<v>", "</script>", "&#0;", "&#xD800;", "_x0000_", "{", "[",
    "%s", "{0}", "\\u0000", "\\ud800", "nan", "None", "no-error", "reference:", "a/b", ".", "-",
)  # fmt: skip
_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, -1e300, 1e308, 10**400, 2**63, "", "x", "-1", "1e5", "\0", "x" * 300, [],
    {}, [None], [1], [[]], {"": ""}, {"x": None}, [{}], {"a": [1]}, "reference A", ["a", "a"],
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_WORD = re.compile(r'[^\s"\'<>=,;{}\[\]]+')


def spoiled(content: bytes, name: str, rng: random.Random) -> bytes:
    """Returns the content of a file with one to three things wrong in it."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        content = rng.choice(_ways(content, name))(content, rng)
    return content


def _ways(content: bytes, name: str) -> list[Callable[[bytes, random.Random], bytes]]:
    if content.startswith(b"PK"):
        return [_in_archive, _in_archive, _in_archive, _in_archive, _bytes]
    if content.startswith(b"\x93NUMPY"):
        return [_array, _array, _bytes]
    if content.startswith(b"\x1f\x8b"):
        return [_packed, _packed, _bytes]
    ways = [_bytes, _text, _text, _lines]
    if name.endswith((".json", ".jsonl")):
        ways += [_json, _json, _json, _json]
    if name.endswith((".tsv", ".csv")):
        ways += [_cells, _cells]
    if content.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
        ways += [_markup, _markup]
    if name.endswith(".toml"):
        ways += [_setting, _setting]
    return ways


def _bytes(content: bytes, rng: random.Random) -> bytes:
    at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    some = rng.randbytes(rng.choice((1, 2, 9, 300)))
    return rng.choice((
        content[:at], content[:at] + content[to:], content[:at] + some + content[at:],
        content[:to] + content[at:], content[:at] + b"\xff" + content[at + 1 :], b"", some,
        content.decode("utf-8", "replace").encode("utf-16"), b"\x1f\x8b" + content, content * 3,
        content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :],
    ))  # fmt: skip


def _packed(content: bytes, rng: random.Random) -> bytes:
    """Spoils what is in a gzip file."""
    try:
        inner = gzip.decompress(content)
    except (OSError, EOFError, zlib.error):  # spoiled before
        return _bytes(content, rng)
    return gzip.compress(spoiled(inner, "", rng), mtime=0)


def _text(content: bytes, rng: random.Random) -> bytes:
    """Puts another number or string where one stands."""
    text = content.decode("utf-8", "surrogateescape")
    pattern, values = rng.choice(((_NUMBER, NUMBERS), (_WORD, STRINGS), (_WORD, NUMBERS)))
    found = list(pattern.finditer(text))
    if not found:
        return content
    match = rng.choice(found)
    text = text[: match.start()] + rng.choice(values) + text[match.end() :]
    return text.encode("utf-8", "surrogateescape")


def _lines(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    other = rng.randrange(len(lines))
    change = rng.randrange(5)
    if change == 0:
        del lines[at]
    elif change == 1:
        lines.insert(at, lines[other])
    elif change == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif change == 3:
        lines[at] += rng.choice((b"\r", b"\t", b'"', b",", b"\x00", b" " * 300))
    else:
        lines.insert(at, b"")
    return b"\n".join(lines)


def _cells(content: bytes, rng: random.Random) -> bytes:
    """Changes a cell, a heading or a column."""
    text = content.decode("utf-8", "surrogateescape")
    separator = "\t" if "\t" in text else ","
    rows = [line.split(separator) for line in text.split("\n")]
    row = rng.choice((rows[0], rng.choice(rows)))
    at = rng.randrange(len(row))
    change = rng.randrange(4)
    if change == 0:
        row[at] = rng.choice(STRINGS + NUMBERS)
    elif change == 1:
        for each in rows:
            del each[at : at + 1]
    elif change == 2:
        for each in rows:
            each[at:at] = each[at : at + 1]
    else:
        row[at] = rng.choice(rows[0])
    return "\n".join(map(separator.join, rows)).encode("utf-8", "surrogateescape")


def _json(content: bytes, rng: random.Random) -> bytes:
    """Puts another value somewhere into a JSON text, or into one of its lines."""
    text = content.decode("utf-8", "surrogateescape")
    whole = text.count("\n{") == 0
    lines = [text] if whole else text.split("\n")
    at = rng.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
        return content
    depth = rng.choice((200, 5000)) if rng.random() < 0.03 else 0
    if depth:
        lines[at] = "[" * depth + "]" * depth
    else:
        lines[at] = json.dumps(_changed(value, rng), ensure_ascii=rng.random() < 0.5)
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _changed(value: Any, rng: random.Random) -> Any:
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in (
            node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        ):
            places.append((node, key))
            walk(node[key])

    walk(value)
    if not places or rng.random() < 0.03:
        return rng.choice(_VALUES)
    # Half of the time near the root: most places lie deep in long lists.
    node, key = rng.choice(places if rng.random() < 0.5 else places[: 1 + len(places) // 20])
    change = rng.randrange(6)
    if change == 0:
        del node[key]
    elif change == 1 and isinstance(node, dict):
        node[rng.choice(("", "x", "\0"))] = node.pop(key)
    elif change == 2:
        other_node, other_key = rng.choice(places)
        with contextlib.suppress(LookupError):  # it may lie in what is replaced
            node[key] = json.loads(json.dumps(other_node[other_key]))
    elif change == 3 and isinstance(node[key], int | float):
        node[key] = -node[key] if rng.random() < 0.5 else node[key] + 1
    else:
        node[key] = rng.choice(_VALUES)
    return value


def _setting(content: bytes, rng: random.Random) -> bytes:
    """Gives a key of a TOML file another value."""
    lines = content.decode("utf-8", "surrogateescape").split("\n")
    settings = [n for n, line in enumerate(lines) if "=" in line]
    if not settings:
        return content
    at = rng.choice(settings)
    key = lines[at].partition("=")[0]
    value = rng.choice((
        *NUMBERS, *(json.dumps(s) for s in STRINGS), "[]", "{}", "[[]]", "{ a = 1 }", '[""]',
        "[" * 3000 + "]" * 3000, "{a=" * 500 + "1" + "}" * 500, "1979-05-27", "07:32:00", '"\\u0000"',
        '"' + "x" * 5000 + '"', '"' + "x/" * 3000 + '"', '"fifo"', '"folder"', '"."', '{ "" = "ref.en" }',
        '["good"]', '["good", "good"]', '["nobody"]', '"good"',
    ))  # fmt: skip
    lines[at] = f"{key}= {value}"
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _markup(content: bytes, rng: random.Random) -> bytes:
    """Changes a tag or an attribute of XML."""
    text = content.decode("utf-8", "surrogateescape")
    tags = list(re.finditer(r"<[^>]*>", text))
    if not tags:
        return content
    tag = rng.choice(tags)
    other = rng.choice(tags)[0]
    new = rng.choice((
        "", tag[0] * 2, other, tag[0].replace('"', "", 1), re.sub(r'"[^"]*"', '""', tag[0]), "<!-- x -->",
        re.sub(r'"[^"]*"', f'"{rng.choice(NUMBERS)}"', tag[0], count=1), "<![CDATA[x]]>", "&#xFFFF;",
        re.sub(r"^<(/?)\w+", r"<\1x", tag[0]), '<?xml version="1.0"?>', "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    ))  # fmt: skip
    return (text[: tag.start()] + new + text[tag.end() :]).encode("utf-8", "surrogateescape")


def _in_archive(content: bytes, rng: random.Random) -> bytes:
    """Spoils one part of a ZIP file, which stays a sound ZIP file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
    ):
        return content
    if not parts:
        return content
    likely = [
        n for n in parts if "sheet" in n or "document" in n or "Strings" in n or n.endswith(".npy")
    ]
    name = rng.choice(likely if likely and rng.random() < 0.8 else list(parts))
    if rng.random() < 0.05:
        del parts[name]
    else:
        parts[name] = rng.choice(_ways(parts[name], name))(parts[name], rng)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return target.getvalue()


def _array(content: bytes, rng: random.Random) -> bytes:
    """Writes other numbers, another type or another shape into a file of NumPy's."""
    try:
        rows = array_of(content)
    except ValueError:  # spoiled before
        return content
    try:
        with np.errstate(all="ignore"):
            rows = rng.choice((
            lambda: np.full(rows.shape, np.nan), lambda: np.full(rows.shape, np.inf),
            lambda: -rows, lambda: rows * 0, lambda: rows.astype("U5"), lambda: rows.astype(np.bool_),
            lambda: rows[..., :-1], lambda: rows[:-1], lambda: rows.reshape(-1), lambda: rows[:0],
            lambda: rows.astype(np.complex128), lambda: rows.astype(np.int8), lambda: rows + 10**17,
            lambda: rows.astype(np.uint64), lambda: rows.astype(">i4"), lambda: np.array(1),
            lambda: np.zeros((2, 2), "M8[s]"), lambda: np.repeat(rows, 2, axis=-1),
        ))()  # fmt: skip
    except (TypeError, ValueError, OverflowError, IndexError):  # does not fit the other spoil
        return content
    target = io.BytesIO()
    np.save(target, rows, allow_pickle=False)
    return target.getvalue()
