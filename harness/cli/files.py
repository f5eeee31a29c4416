"""``NAME=FILE`` arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xindaya.pairs import UsageError


def named_files(arguments: Sequence[str], option: str, *, letters: bool = False) -> dict[str, Path]:
    """Splits ``NAME=FILE`` arguments.

    Args:
        arguments: As given.
        option: Name of the option, for errors.
        letters: Call bare files A, B, …, instead of by their own names.

    Raises:
        UsageError: If a name stands for two files, or a part is empty.
    """
    files: dict[str, Path] = {}
    for position, argument in enumerate(arguments):
        name, equals, file = argument.partition("=")
        if not equals or Path(argument).exists():
            own = chr(ord("A") + position % 26) if letters else Path(argument).stem
            name, file = own, argument
        if not name or not file:
            raise UsageError(f"--{option} {argument!r}: expected NAME=FILE")
        if name in files:
            raise UsageError(
                f"--{option}: the name {name!r} stands for two files, {files[name]} and {file}; "
                "give each a name with NAME=FILE"
            )
        files[name] = Path(file)
    return files
