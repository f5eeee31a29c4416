"""What the columns of a file mean, and that all files of a corpus mean the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xindaya.pairs import InputError
from xindaya.pairs.formats.columns import check_sides

_PREFIXES = {"reference:": "reference", "system:": "system"}


@dataclass(frozen=True, slots=True)
class Layout:
    """The texts of a corpus.

    Attributes:
        systems: Names, in the order of the first file.
        references: Names of the reference sets, in the order of the first file.
        has_source: True if there are source texts.
        has_document: True if rows name their document; without, a file is one document.
    """

    systems: tuple[str, ...]
    references: tuple[str, ...]
    has_source: bool
    has_document: bool

    def check(self, path: str | Path, other: Layout) -> None:
        """Raises InputError if another file does not have the same systems and references."""
        for what in ("systems", "references"):
            mine, theirs = getattr(self, what), getattr(other, what)
            if set(mine) != set(theirs):
                raise InputError(
                    path,
                    f"the {what} {_listed(theirs)}",
                    f"{_listed(mine)}, as in the first file",
                    line=1,
                    hint="all files of a corpus must hold the same texts",
                )


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of one table are; None for one it does not have."""

    width: int
    id: int | None
    document: int | None
    source: int | None
    references: Mapping[str, int]
    systems: Mapping[str, int]

    @property
    def layout(self) -> Layout:
        """What the table holds."""
        return Layout(
            systems=tuple(self.systems),
            references=tuple(self.references),
            has_source=self.source is not None,
            has_document=self.document is not None,
        )


def read_columns(
    path: str | Path, names: Sequence[str], source_lang: str, target_lang: str
) -> Columns:
    """Finds the columns of a table: those of a TSV corpus, except that ``id`` may be absent.

    Raises:
        InputError: If two columns mean the same, or none is a text.
    """
    check_sides(Path(path), names)
    aliases = {source_lang: "source", target_lang: "reference"}
    single: dict[str, int] = {}
    groups: dict[str, dict[str, int]] = {"reference": {}, "system": {}}
    for position, given in enumerate(names):
        column = aliases.get(given.strip(), given.strip())
        if column == "reference":
            column = "reference:A"
        for prefix, group in _PREFIXES.items():
            if column.startswith(prefix):
                place, name = groups[group], column.removeprefix(prefix)
                break
        else:
            place, name = single, column
        if name in place:
            raise InputError(path, f"two columns for {column!r}", "one", line=1)
        place[name] = position
    if not groups["system"]:
        raise InputError(
            path, f"the columns {', '.join(names)}", "a column system:NAME for each system", line=1
        )
    return Columns(
        width=len(names),
        id=single.get("id"),
        document=single.get("document"),
        source=single.get("source"),
        references=groups["reference"],
        systems=groups["system"],
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
