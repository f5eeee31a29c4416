"""``NAME=FILE`` arguments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xindaya.pairs import UsageError
from xindaya.pairs.files import printed_name
from xindaya.pairs.wording import lettered


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
            name = lettered(position) if letters else Path(argument).stem
            file = argument
        if not name or not file:
            raise UsageError(f"--{option} {argument!r}: expected NAME=FILE")
        name = printed_name(name)
        if name in files:
            raise UsageError(
                f"--{option}: the name {name!r} stands for two files, {files[name]} and {file}; "
                "give each a name with NAME=FILE"
            )
        files[name] = Path(file)
    return files
