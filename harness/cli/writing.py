"""What a command may write over: the guard of an output that the user named."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

_OUTPUTS = ("output", "outputs", "target")
_NAMES_FILES = re.compile("FILE|RUN|OLD|NEW|GLOB")


@contextlib.contextmanager
def writing(
    path: Path, *, force: bool, ours: Callable[[Path], bool] = lambda _path: False
) -> Iterator[None]:
    """Guards a file while it is written: see `xindaya.pairs.files.output`.

    Args:
        path: What the user named.
        force: Whether the user said that it may be replaced.
        ours: True for an earlier output of this kind.

    Raises:
        InputError: If the place is taken, or is an input of the command.
    """
    from xindaya.pairs.files import output

    with output(path, inputs=inputs(), force=force, ours=ours):
        yield


def check_place(
    path: Path, *, force: bool, ours: Callable[[Path], bool] = lambda _path: False
) -> None:
    """Refuses a place that `writing` would refuse, before anything long is done."""
    with writing(path, force=force, ours=ours):
        pass


@contextlib.contextmanager
def writing_page(path: Path, *, force: bool) -> Iterator[None]:
    """Guards a page while it is written: it may replace an earlier page of ours."""
    from xindaya.reports.html import is_page

    with writing(path, force=force, ours=is_page):
        yield


def inputs() -> Iterator[Path]:
    """Yields the files and folders that the present command was given to read."""
    context = click.get_current_context()
    for parameter in context.command.params:
        if parameter.name is None or parameter.name in _OUTPUTS:
            continue
        value = context.params.get(parameter.name)
        named = _NAMES_FILES.search(parameter.metavar or "") is not None
        for item in value if isinstance(value, (tuple, list)) else (value,):
            if isinstance(item, Path):
                yield item
                yield Path(str(item).partition("=")[2] or item)
            elif isinstance(item, str) and named:
                yield Path(item)
                yield Path(item.partition("=")[2] or item)


def check_unread(folder: Path, more: Iterable[Path | None] = ()) -> None:
    """Refuses a run folder as output that the command reads, or reads from.

    Args:
        folder: The output.
        more: What the command reads besides what its options name.

    Raises:
        InputError: If the output is, or holds, an input.
    """
    from xindaya.pairs import InputError

    place = folder.resolve()
    for given in (*inputs(), *filter(None, more)):
        if given.exists() and given.resolve().is_relative_to(place):
            raise InputError(
                folder, f"a folder with an input of the same command, {given}", "another place",
                hint="nothing was changed there",
            )  # fmt: skip
