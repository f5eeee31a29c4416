"""What a file is: by its content where that tells, by its name where it does not."""

from __future__ import annotations

import re
from pathlib import Path

from xindaya.pairs.errors import InputError
from xindaya.pairs.formats.folder import MANIFEST
from xindaya.pairs.formats.marot import is_marot
from xindaya.pairs.formats.text import is_text_folder
from xindaya.pairs.lines import undecodable
from xindaya.pairs.sources import open_bytes, plain_name, refuse_containers

ENDINGS = {
    ".csv": "csv", ".docx": "docx", ".jsonl": "jsonl", ".mqxliff": "xliff", ".mxliff": "xliff",
    ".po": "po", ".pot": "po", ".sdlxliff": "xliff", ".tmx": "tmx", ".tsv": "tsv", ".xlf": "xliff",
    ".xliff": "xliff", ".xlsx": "xlsx", ".xml": "wmt",
}  # fmt: skip
"""Ending to format."""

_HEAD_BYTES = 1 << 16
_ROOTS = {"tmx": "tmx", "xliff": "xliff", "dataset": "wmt", "mteval": "wmt"}
_NO_ELEMENT = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_LIST = re.compile(r"\ufeff?\s*\[\s*[\[{]")
_PO = re.compile(r"(?:\s*#[^\n]*\n|\s)*(?:msgctxt|msgid)\s+\"")


def detect_format(path: str | Path, *, encoding: str = "utf-8") -> str:
    """Returns the name of a file's format.

    Raises:
        InputError: If there is no such file, or its kind is not known.
    """
    path = Path(path)
    if path.is_dir():
        if (path / MANIFEST).exists() or not any(path.iterdir()):
            return "folder"
        if is_text_folder(path):
            return "text"
        raise InputError(
            path, "a folder", f"a corpus folder with {MANIFEST}, or one with source.LANG, "
            "reference.NAME.LANG and system.NAME.LANG",
        )  # fmt: skip
    with open_bytes(path) as stream:
        head = stream.read(_HEAD_BYTES)
    ending = ENDINGS.get(plain_name(path).suffix.lower(), "")
    refuse_containers(path, head)
    if head.startswith(b"PK\x03\x04"):
        return "docx" if ending == "docx" or (ending != "xlsx" and b"word/" in head) else "xlsx"
    text = _decoded(path, head, encoding)
    if not ending and _LIST.match(text):
        raise InputError(
            path, "a JSON list", "JSON Lines with one object a line, or another form of a corpus",
            hint="people's scores are for xindaya agree --human",
        )  # fmt: skip
    found = _of_text(text, ending) or ending
    if not found:
        raise InputError(
            path, f"the ending {path.suffix!r} and no content that tells its format",
            f"a folder with {MANIFEST}, or one of {', '.join(ENDINGS)}",
            hint="name the format with --from; files with one segment a line go into one folder",
        )  # fmt: skip
    return found


def _of_text(text: str, ending: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        root = _ROOT.search(_NO_ELEMENT.sub("", start))
        return _ROOTS.get(root[1], "") if root else ""
    if start.startswith("{"):
        return "jsonl"
    if _PO.match(text.lstrip("\ufeff")):
        return "po"
    header = text.lstrip("\ufeff").partition("\n")[0].rstrip("\r")
    if is_marot(header.split("\t")):
        return "marot"
    if ending:
        return ending
    return "tsv" if "\t" in header else "csv" if "," in header or ";" in header else ""


def _decoded(path: Path, head: bytes, encoding: str) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        return head.decode(encoding, errors="replace")
    except (LookupError, ValueError) as error:
        raise undecodable(path, encoding, error) from error
