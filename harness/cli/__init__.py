"""The command line: one file a command, and the exit codes of the design."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

import click

from xindaya.cli.lazy import LazyGroup
from xindaya.pairs import InputError, XindayaError
from xindaya.pairs.errors import printable

INTERRUPTED = 130


@click.group(
    cls=LazyGroup,
    package="xindaya.cli",
    names=(
        "agree",
        "align",
        "check",
        "compare",
        "convert",
        "demo",
        "history",
        "init",
        "join",
        "report",
        "review",
        "run",
        "scale",
        "score",
        "terms",
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="xindaya", prog_name="xindaya")
def cli() -> None:
    """Evaluate Chinese–English translation.

    BLEU and chrF exactly as sacrebleu computes them, which differences are real, and where
    terminology drifts.

    \b
    Examples:
      xindaya demo
      xindaya score -s src.zh -r ref.en -i vendor-a=a.en -i vendor-b=b.en --terms terms.tsv
      xindaya run release.mt.toml -o run
    """  # noqa: D301 - \b stops click from refilling


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits with the design's code."""
    code = invoke(arguments)
    # All goes with the process: the collection at the exit would only look through it once more.
    gc.freeze()
    sys.exit(code)


def invoke(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Returns:
        0 fine, 1 a gate failed, 2 usage or spec, 3 bad input, 4 internal, 5 nothing to evaluate,
        130 interrupted.
    """
    if sys.stdout is None:
        _say("xindaya: standard output: found it closed; expected it open, or > /dev/null")
        return InputError.exit_code
    try:
        with _lenient(sys.stdout):
            result = cli.main(args=arguments, prog_name="xindaya", standalone_mode=False)
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        with contextlib.suppress(OSError):
            error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return INTERRUPTED
    except XindayaError as error:
        _say(f"xindaya: {printable(str(error))}")
        return error.exit_code
    except BrokenPipeError:
        _forget_output()
        return 0  # the reader has seen enough
    except OSError as error:
        # What the system refuses (a name too long, a full disk, no permission) is no bug of ours.
        _forget_output()
        place = os.fsdecode(error.filename) if error.filename else "the output"
        why = f"what the system refuses ({error.strerror or error})"
        _say(f"xindaya: {printable(str(InputError(place, why, 'another place or name')))}")
        return InputError.exit_code
    except Exception:
        import traceback

        traceback.print_exc()
        _say("xindaya: internal error; please report the lines above")
        return XindayaError.exit_code
    return result if isinstance(result, int) else 0


@contextlib.contextmanager
def _lenient(stream: TextIO) -> Iterator[None]:
    """Lets a text stream replace what its encoding cannot show, and puts it back at the end."""
    if not isinstance(stream, io.TextIOWrapper):
        yield
        return
    encoding, errors = stream.encoding, stream.errors
    stream.reconfigure(errors="replace")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it flushes first, and may have failed at that before
            stream.reconfigure(encoding=encoding, errors=errors)


def _forget_output() -> None:
    """Drops what could not be written, or the interpreter would try and complain again at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str) -> None:
    """Prints to stderr, if anybody can hear it."""
    with contextlib.suppress(OSError):
        click.echo(message, err=True)
