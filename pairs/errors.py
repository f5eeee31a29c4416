"""The errors a user can cause, each with the exit code the command line gives it.

They live in the lowest folder so that every layer can raise them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any


class XindayaError(Exception):
    """Base of every error that is reported without a traceback.

    Attributes:
        exit_code: The process exit code of the command line for this error.
    """

    exit_code = 4


class UsageError(XindayaError):
    """A wrong option, metric name or combination of them."""

    exit_code = 2


class SpecError(UsageError):
    """A spec file (``NAME.mt.toml``) that cannot be understood."""


class ComparabilityError(UsageError):
    """Two results that must not be compared: signature, corpus or termbase differ."""


class NothingToEvaluateError(XindayaError):
    """The input is well-formed but holds no segment."""

    exit_code = 5


class InputError(XindayaError):
    """Bad input data, said in the order a person needs it.

    Args:
        path: The file (or folder) at fault.
        found: What stands there.
        expected: What should stand there.
        line: Line number from 1, where there is one.
        hint: What to do about it.
    """

    exit_code = 3

    def __init__(
        self,
        path: str | Path,
        found: str,
        expected: str = "",
        *,
        line: int | None = None,
        hint: str = "",
    ) -> None:
        self.path, self.line = Path(path), line
        self.found, self.expected, self.hint = found, expected, hint
        name = "standard input" if str(path) == "-" else str(path)
        place = f"{name}, line {line}" if line else name
        message = f"{place}: found {found}"
        if expected:
            message += f"; expected {expected}"
        if hint:
            message += f"\n  hint: {hint}"
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is copied by calling it with its message; other processes send these back.
        make = partial(type(self), line=self.line, hint=self.hint)
        return make, (self.path, self.found, self.expected)


def preview(text: str, width: int = 60) -> str:
    """Quotes untrusted text for an error message: one line, printable, at most `width` long."""
    shown = text if len(text) <= width else text[: width - 1] + "…"
    return ascii_controls(repr(shown))


def printable(message: str) -> str:
    """Returns a message of several lines with `ascii_controls` applied to each."""
    return "\n".join(map(ascii_controls, message.split("\n")))


def ascii_controls(text: str) -> str:
    """Replaces every non-printable character by its escape, so that a terminal obeys none."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
