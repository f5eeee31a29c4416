"""A group of commands, each imported only when it is called or listed."""

from __future__ import annotations

import importlib
import keyword
from typing import Any

import click


class LazyGroup(click.Group):
    """A group whose commands live in modules of one package, as a variable named ``command``.

    Args:
        package: Where the modules are.
        names: Names of the commands, which are those of the modules; the module of a command
            named like a Python keyword ends in ``_``.
    """

    def __init__(self, *, package: str = "", names: tuple[str, ...] = (), **keywords: Any) -> None:
        super().__init__(**keywords)
        self._package, self._names = package, names

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._names:
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command: click.Command = importlib.import_module(f"{self._package}.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self._names and not args[0].startswith("-"):
            import difflib

            close = difflib.get_close_matches(args[0], self._names, 1)
            meant = f" Did you mean {close[0]!r}?" if close else ""
            raise click.UsageError(f"No such command {args[0]!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)
