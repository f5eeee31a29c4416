"""The command line: one file a command, and the exit codes of the design."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from xindaya.cli.lazy import LazyGroup
from xindaya.pairs import XindayaError
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
    try:
        result = cli.main(args=arguments, prog_name="xindaya", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except XindayaError as error:
        click.echo(f"xindaya: {printable(str(error))}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # The reader has seen enough; do not let the interpreter complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("xindaya: internal error; please report the lines above", err=True)
        return XindayaError.exit_code
    return result if isinstance(result, int) else 0
