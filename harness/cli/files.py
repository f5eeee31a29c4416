"""``NAME=FILE`` arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from xindaya.cli.arguments import is_there
from xindaya.pairs import UsageError
from xindaya.pairs.sources import STDIN, plain_name, printed_name
from xindaya.pairs.wording import lettered


def named_files(arguments: Sequence[str], option: str, *, letters: bool = False) -> dict[str, Path]:
    """Splits ``NAME=FILE`` arguments; a FILE may be a glob, or ``-`` for standard input.

    A file without a name is called by its own, and by its path where two are called alike.

    Args:
        arguments: As given.
        option: Name of the option, for errors.
        letters: Call bare files A, B, …, instead of by their own names.

    Raises:
        UsageError: If a name stands for two files, or a part is empty.
    """
    given = [pair for argument in arguments for pair in _split(argument, option)]
    bare = list(dict.fromkeys(path for name, path in given if not name))
    alike = Counter(map(_called, bare))
    files: dict[str, Path] = {}
    for position, (name, path) in enumerate(given):
        if not name and letters:
            name = lettered(position)
        elif not name:
            name = _called(path) if alike[_called(path)] == 1 else str(path)
        name = printed_name(name)
        if files.get(name, path) != path or (name in files and letters):
            raise UsageError(
                f"--{option}: the name {name!r} stands for two files, {files[name]} and {path}; "
                "give each a name with NAME=FILE"
            )
        files[name] = path
    return files


def delivery_of(argument: str | Path) -> tuple[str, Path]:
    """Splits ``NAME=FILE`` where a command takes one corpus; without a name, it is empty."""
    if not is_named(str(argument)):
        return "", Path(argument)
    name, _, file = str(argument).partition("=")
    return name, Path(file)


def is_named(argument: str) -> bool:
    """True for ``NAME=FILE``, unless that is itself the name of a file."""
    return "=" in argument and not is_there(argument)


def _split(argument: str, option: str) -> list[tuple[str, Path]]:
    """Returns the name, if any, and the file of an argument; those of all files for a glob."""
    name, file = "", argument
    if is_named(argument):
        name, _, file = argument.partition("=")
    if not file or (not name and file != argument):
        raise UsageError(f"--{option} {argument!r}: expected NAME=FILE")
    if is_there(file) or not set("*?[") & set(file):
        return [(name, Path(file))]
    from glob import glob

    found = sorted(glob(file))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if len(found) != 1 and (name or not found):
        raise UsageError(f"--{option} {argument!r}: {len(found) or 'no'} files have such names")
    return [(name, Path(path)) for path in found]


def _called(path: Path) -> str:
    return "stdin" if path == STDIN else plain_name(path).stem
