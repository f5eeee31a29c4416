"""Options that several commands share; what differs between them is the help."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from xindaya.metrics.judging.outcome import SEED
from xindaya.pairs.lines import LARGEST_MAX_CHARS, MAX_SEGMENT_CHARS
from xindaya.settings import MAX_SAMPLES, MAX_SEED

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Option = Callable[[Any], Any]

SAMPLES = click.IntRange(1, MAX_SAMPLES)
SEEDS = click.IntRange(0, MAX_SEED)
_MOST = 2**31 - 1  # of anything that is counted
_PATH = click.Path(path_type=Path)


def counts(least: int = 1) -> click.IntRange:
    """Returns the type of an option that counts things."""
    return click.IntRange(least, _MOST)


def line_file_options(source: str, *, required: bool) -> Callable[[_Function], _Function]:
    """Adds -s, -r and -i, the files with one segment a line.

    Args:
        source: Help of -s.
        required: Whether there must be an -i.
    """
    return _adding(
        click.option("-s", "--source", type=_PATH, metavar="FILE", help=source),
        click.option(
            "-r",
            "--reference",
            "references",
            multiple=True,
            metavar="[NAME=]FILE",
            help="Reference; repeat for several. Unnamed ones are called A, B, …",
        ),
        click.option(
            "-i",
            "--input",
            "systems",
            multiple=True,
            required=required,
            metavar="[NAME=]FILE",
            help="Output of a system; repeat for several.",
        ),
    )


def metric_options(function: _Function) -> _Function:
    """Adds -m, -tok, -lc and --force: which metrics, and how they read words."""
    return _adding(
        click.option(
            "-m",
            "--metrics",
            multiple=True,
            metavar="NAMES",
            default=("bleu,chrf",),
            show_default=True,
            callback=_separate,
            help="bleu, chrf, chrf++, ter; repeat or separate by commas.",
        ),
        click.option(
            "-tok",
            "--tokenize",
            metavar="NAME",
            help="BLEU tokenizer: 13a, zh, char, intl, none, jieba.  [default: by language]",
        ),
        click.option("-lc", "--lowercase", is_flag=True, help="Ignore case in BLEU and chrF."),
        click.option(
            "--force", is_flag=True, help="Allow a tokenizer that does not fit the language."
        ),
    )(function)


def _separate(_ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[str]:
    """Splits names at commas."""
    return [name.strip() for names in given for name in names.split(",") if name.strip()]


def documents_option(function: _Function) -> _Function:
    """Adds --docs, which says where documents begin in line files."""
    return click.option(
        "--docs",
        type=_PATH,
        metavar="FILE",
        help="Document id of each line; without it all lines are one document.",
    )(function)


def language_options(function: _Function) -> _Function:
    """Adds -sl and -tl, the languages of a corpus."""
    return _adding(
        click.option("-sl", "--source-lang", default="zh", show_default=True, help="zh or en."),
        click.option("-tl", "--target-lang", default="en", show_default=True, help="en or zh."),
    )(function)


def encoding_option(of: str) -> Callable[[_Function], _Function]:
    """Adds --encoding; its help says of what."""
    return click.option("--encoding", default="utf-8", show_default=True, help=of)


def text_options(of: str, *, unit: str = "segment") -> Callable[[_Function], _Function]:
    """Adds --encoding and --max-segment-chars, which say how texts are read.

    Args:
        of: Help of --encoding.
        unit: What may not be longer.
    """
    return _adding(
        encoding_option(of),
        click.option(
            "--max-segment-chars",
            type=click.IntRange(1, LARGEST_MAX_CHARS),
            default=MAX_SEGMENT_CHARS,
            show_default=True,
            help=f"Longest {unit} accepted.",
        ),
    )


def termbase_option(
    use: str = "The termbase.", *, required: bool = False, metavar: str = "TERMBASE"
) -> Callable[[_Function], _Function]:
    """Adds --terms; its help says what the termbase is used for."""
    return click.option("--terms", required=required, type=_PATH, metavar=metavar, help=use)


def waivers_option(what: str) -> Callable[[_Function], _Function]:
    """Adds --waivers; its help says what has been accepted."""
    return click.option("--waivers", type=_PATH, metavar="FILE", help=what)


def fold_scripts_option(effect: str) -> Callable[[_Function], _Function]:
    """Adds --fold-scripts with this help."""
    return click.option("--fold-scripts", is_flag=True, help=effect)


def termbase_format_option(function: _Function) -> _Function:
    """Adds --from, the format of a termbase."""
    return click.option(
        "--from",
        "source_format",
        metavar="FORMAT",
        help="tsv, csv, tbx, deepl, memoq, xlsx, wmt25.  [default: by content and name]",
    )(function)


def termbase_reading_options(language: str) -> Callable[[_Function], _Function]:
    """Adds --source-lang (with this help) and --mode: what some formats of termbases leave open."""
    return _adding(
        click.option("--source-lang", default="zh", show_default=True, help=language),
        click.option(
            "--mode",
            type=click.Choice(("proper", "random")),
            default="proper",
            show_default=True,
            help="Which dictionary of a WMT25 file.",
        ),
    )


def format_option(
    *kinds: str, of: str = "results", told: str = ""
) -> Callable[[_Function], _Function]:
    """Adds -f, the form of what is printed; the first kind is the default.

    Args:
        *kinds: What may be chosen.
        of: What is printed.
        told: The help, where it is another.
    """
    return click.option(
        "-f",
        "--format",
        "kind",
        type=click.Choice(kinds),
        default=kinds[0],
        show_default=True,
        callback=encoded_for,
        help=told or f"Form of the {of} on stdout.",
    )


def encoded_for(_ctx: click.Context, _option: click.Parameter, kind: str | None) -> str | None:
    """Makes stdout UTF-8 for every form but text, which is for the console and in its encoding."""
    if kind not in (None, "text") and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return kind


def seed_option(of: str = "Of all random numbers.") -> Callable[[_Function], _Function]:
    """Adds --seed; its help says of what."""
    return click.option("--seed", type=SEEDS, default=SEED, show_default=True, help=of)


def digits_option(exact: str) -> Callable[[_Function], _Function]:
    """Adds -w, the digits after the point; its help names the formats that have all of them."""
    return click.option(
        "-w",
        "--width",
        default=2,
        show_default=True,
        type=click.IntRange(0, 17),
        help=f"Digits after the point ({exact} always all).",
    )


def quiet_option(what: str = "No progress bar, no messages.") -> Callable[[_Function], _Function]:
    """Adds -q; its help says what is left out."""
    return click.option("-q", "--quiet", is_flag=True, help=what)


def _adding(*options: _Option) -> Callable[[_Function], _Function]:
    """Returns a decorator that adds options, shown in this order."""

    def decorate(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
