"""TOML files read strictly: unknown keys are errors that say the line and what was meant."""

from __future__ import annotations

import difflib
import errno
import json
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xindaya.pairs.errors import InputError, SpecError, preview
from xindaya.pairs.lines import read_lines

_MOST_LEVELS = 16


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A parsed TOML file that still knows its text, for errors with line numbers."""

    path: Path
    data: dict[str, Any]
    text: str

    def check_keys(self, table: Mapping[str, Any], known: Collection[str]) -> None:
        """Raises SpecError for the first key of `table` that is not known."""
        for key in table:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                meant = f"; did you mean {close[0]!r}?" if close else ""
                raise self.error(
                    f"unknown key {preview(key)}{meant}", key, f"known: {', '.join(known)}"
                )

    def error(self, message: str, key: str = "", hint: str = "") -> SpecError:
        """Builds an error that names the line on which `key` stands."""
        line = self.line_of(key) if key else None
        place = f"{self.path}, line {line}" if line else f"{self.path}"
        return SpecError(f"{place}: {message}" + (f"\n  hint: {hint}" if hint else ""))

    def line_of(self, key: str) -> int | None:
        """Returns the first line that sets `key`, opens it as a table, or at least names it."""
        name = rf"[\"']?{re.escape(key)}[\"']?"
        lines = self.text.split("\n")
        for pattern in (rf"^\s*{name}\s*[=.]", rf"^\s*\[+.*\b{name}\s*[\].]", name):
            for number, line in enumerate(lines, 1):
                if re.search(pattern, line):
                    return number
        return None

    def beside(self, file: str) -> Path:
        """Resolves a path of the file against its folder.

        Raises:
            SpecError: If it is none: it holds a NUL, or is longer than the system allows.
        """
        path = self.path.parent / file
        try:
            path.lstat()
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise self.error(f"the path {preview(file)} is too long", file[:40]) from error
        except ValueError as error:
            raise self.error(f"the path {preview(file)} is none ({error})") from error
        return path

    def inside(self, file: str) -> Path:
        """Resolves a path of the file against its folder.

        Raises:
            InputError: If the path is absolute or leaves the folder.
        """
        self.beside(file)
        folder = self.path.parent.resolve()
        resolved = (folder / file).resolve()
        if Path(file).is_absolute() or not resolved.is_relative_to(folder):
            raise InputError(
                self.path, f"the path {preview(file)}", f"a path inside {folder.name}/",
                line=self.line_of(file),
            )  # fmt: skip
        return resolved


def read_toml(path: str | Path) -> TomlFile:
    """Reads a TOML file.

    Raises:
        InputError: If it cannot be read as UTF-8 text.
        SpecError: If it is not valid TOML.
    """
    path = Path(path)
    text = "\n".join(read_lines(path)) + "\n"
    try:
        data = tomllib.loads(text)
    except RecursionError as error:
        raise SpecError(f"{path}: found TOML nested too deeply") from error
    except ValueError as error:  # of TOML; or an integer of more digits than Python converts
        raise SpecError(f"{path}: not valid TOML: {error}") from error
    toml = TomlFile(path, data, text)
    _check_values(toml)
    return toml


def _check_values(toml: TomlFile) -> None:
    """Refuses what every later step would stumble over: deep nesting, integers over 64 bits."""
    level: list[tuple[str, Any]] = list(toml.data.items())
    for _ in range(_MOST_LEVELS):
        below: list[tuple[str, Any]] = []
        for key, value in level:
            if isinstance(value, dict):
                below += value.items()
            elif isinstance(value, list):
                below += [(key, item) for item in value]
            elif isinstance(value, int) and not -(2**63) <= value < 2**63:
                raise toml.error(f"{key}: found an integer of over 64 bits", key)
        if not below:
            return
        level = below
    key = level[0][0]
    raise toml.error(f"{preview(key)} lies over {_MOST_LEVELS} levels deep", key)


def toml_string(text: str) -> str:
    """Writes a TOML basic string: JSON's escapes are TOML's, and DEL must be escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
