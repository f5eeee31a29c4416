"""Which languages a TMX file says it has, and which way it goes."""

from __future__ import annotations

import re
from pathlib import Path

from xindaya.pairs.direction import (
    DEFAULT,
    Direction,
    canonical,
    language,
    said,
    stated,
    variant,
)
from xindaya.pairs.formats.tmx_columns import fields_of, side_of
from xindaya.pairs.formats.xml import CHUNK, attributes, iter_elements, local_name, open_xml

_TAG = re.compile(rb"""lang\s*=\s*["']([^"'<>]{0,60})["']""")


def has_variants(path: Path, wanted: str) -> bool:
    """True if a unit has texts in two variants of a language, and no one variant is wanted."""
    if any(variant(wanted)):
        return False
    tags: set[bytes] = set()
    with open_xml(path) as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            tags.update(_TAG.findall(rest + chunk))
            rest = chunk[-100:]
        ours = {tag for tag in tags if language(tag.decode("latin-1")) == language(wanted)}
        if len(ours) == 1:
            return False
        stream.seek(0)
        for unit in iter_elements(path, stream, ("tu",)):
            variants = [v for v in unit if local_name(v) == "tuv" and not side_of(fields_of(v))]
            found = {canonical(attributes(v).get("lang", "")) for v in variants}
            if len([tag for tag in found if language(tag) == language(wanted)]) > 1:
                return True
    return False


def direction_of_tmx(path: Path, source_lang: str | None, target_lang: str | None) -> Direction:
    """Returns what is stated, else what ``srclang`` says in the header or the first unit.

    A memory may be read either way, so that what is stated contradicts nothing.

    Raises:
        InputError: If the file is no TMX.
    """
    if given := stated(source_lang, target_lang):
        return given
    with open_xml(path) as stream:
        for element in iter_elements(path, stream, ("header", "tu"), roots=("tmx",)):
            if found := said(element.get("srclang"), None, "as its srclang says"):
                return found
            if local_name(element) == "tu":
                break
    return DEFAULT
