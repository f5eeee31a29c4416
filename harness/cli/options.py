"""Options that several commands share; what differs between them is the help."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xindaya.cli.arguments import LanguagePair, Number, Several
from xindaya.metrics.judging.outcome import MAX_SAMPLES, MAX_SEED, SEED
from xindaya.pairs.lines import LARGEST_MAX_CHARS, MAX_SEGMENT_CHARS

if TYPE_CHECKING:
    from xindaya.metrics.measures import Option as MetricOption
    from xindaya.scores import Source

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Option = Callable[[Any], Any]

SAMPLES = click.IntRange(1, MAX_SAMPLES)
SEEDS = click.IntRange(0, MAX_SEED)
_MOST = 2**31 - 1  # of anything that is counted
_PATH = click.Path(path_type=Path)


def counts(least: int = 1) -> click.IntRange:
    """Returns the type of an option that counts things."""
    return click.IntRange(least, _MOST)


def line_file_options(source: str) -> Callable[[_Function], _Function]:
    """Adds -s, -r and -i, the files with one segment a line; `source` is the help of -s."""
    return _adding(
        click.option("-s", "--source", type=_PATH, metavar="FILE", help=source),
        click.option(
            "-r",
            "--reference",
            "references",
            cls=Several,
            accepts=_may_be_text,
            metavar="[NAME=]FILE…",
            help="References. Unnamed ones are called A, B, …",
        ),
        click.option(
            "-i",
            "--input",
            "systems",
            cls=Several,
            accepts=_may_be_text,
            metavar="[NAME=]FILE…",
            help="Outputs of systems: files, globs, or - for standard input.",
        ),
    )


FORCE_TOKENIZER = "Allow a tokenizer that does not fit the language"
"""Help of --force where there are metrics; where there are outputs, it replaces them, too."""


def _may_be_text(word: str) -> bool:
    """A folder is no text: it is the corpus, the run or the place that a command is about."""
    return not os.path.isdir(word)  # noqa: PTH112 - False for what is too long


def metric_options(function: _Function) -> _Function:
    """Adds -m, the options of the metrics as `chosen_options` reads them."""
    from xindaya.metrics.measures import OPTIONS

    return _adding(
        click.option(
            "-m",
            "--metrics",
            cls=Several,
            accepts=_are_metrics,
            metavar="NAMES…",
            default=("bleu,chrf",),
            show_default=True,
            callback=separate,
            help="bleu, chrf, chrf++, ter, and metrics of installed packages.",
        ),
        *(_metric_option(name, option) for name, option in OPTIONS.items()),
    )(function)


def scores_options(function: _Function) -> _Function:
    """Adds --scores, --scorer and --judge, as `chosen_sources` reads them."""
    return _adding(
        click.option(
            "--scores",
            cls=Several,
            accepts=_is_named,
            metavar="NAME=FILE…",
            help="A measure that was computed elsewhere: of COMET (--to_json), MetricX, WMT26 or a table; "
            "NAME:SYSTEM=FILE for a file of one system.",
        ),
        click.option(
            "--scorer",
            "scorers",
            cls=Several,
            accepts=_is_named,
            metavar="NAME=COMMAND…",
            help="A measure that a command computes: WMT26's JSON lines in on stdin and out on stdout.",
        ),
        click.option(
            "--judge",
            "judges",
            multiple=True,
            metavar="NAME=FILE",
            help="A language model that judges: a TOML file with judge (a URL), model, prompt, key, …",
        ),
    )(function)


def _is_named(word: str) -> bool:
    return "=" in word


def chosen_sources(options: dict[str, Any]) -> tuple[Source, ...]:
    """Returns what was chosen with `scores_options`, for `Settings.scores`."""
    if not (options["scores"] or options["scorers"] or options["judges"]):
        return ()
    from xindaya.scores.sources import judge_of, merged, source_of

    encoding = options.get("encoding", "utf-8")
    files = [source_of(given, encoding=encoding) for given in options["scores"]]
    commands = [source_of(given, command=True) for given in options["scorers"]]
    return merged([*files, *commands, *map(judge_of, options["judges"])])


def chosen_options(options: dict[str, Any]) -> dict[str, Any]:
    """Returns what was chosen with `metric_options`, for `Settings.metric_options`."""
    from xindaya.metrics.measures import OPTIONS

    given = {
        key.removeprefix(_PLUGIN): value
        for key, value in options.items()
        if key.startswith(_PLUGIN)
    }
    given |= {name: options[name] for name in OPTIONS}
    return {name: value for name, value in given.items() if value is not None}


def plugin_params() -> list[click.Option]:
    """Returns the options of the metrics of installed packages, for commands that have ours."""
    from xindaya.metrics.measures import plugin_options

    made = [_metric_option(name, o, _PLUGIN) for name, o in plugin_options().items()]

    def bearer() -> None:
        """Bears the options."""

    return list(reversed(_adding(*made)(bearer).__dict__.get("__click_params__", [])))


_PLUGIN = "plugin_"


def _metric_option(name: str, option: MetricOption, prefix: str = "") -> _Option:
    """Makes the option of the command line for one of a metric; `prefix` is of its parameter."""
    about, long = option.about, "--" + name.replace("_", "-")
    default = "by language" if about.by_language else option.default
    shown = "" if default is None or default is False else f"  [default: {default}]"
    keywords: dict[str, Any] = {"help": f"{about.help}.{shown}"}
    if about.kind is bool:
        if about.by_language:
            long += "/--no-" + long.removeprefix("--")
            keywords["default"] = None
        else:
            keywords["is_flag"] = True
    elif about.by_language:
        keywords |= {"metavar": "NAME", "help": f"{about.help}: {', '.join(about.choices)}.{shown}"}
    elif about.choices:
        keywords["type"] = click.Choice(about.choices)
    else:
        most = None if about.most == inf else int(about.most)
        number = click.IntRange if about.kind is int else Number
        keywords |= {"metavar": "N", "type": number(0, most)}
    return click.option(
        *([f"-{about.short}"] if about.short else []), long, prefix + name, **keywords
    )


def _are_metrics(word: str) -> bool:
    from xindaya.metrics.measures import is_metric_name

    return all(is_metric_name(name.strip()) for name in word.split(",") if name.strip())


def separate(_ctx: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[str]:
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
    """Adds -sl and -tl, the languages of a corpus, and -l for both; one of them says the other."""
    return _adding(
        click.option(
            "-l",
            "--language-pair",
            cls=LanguagePair,
            expose_value=False,
            metavar="PAIR",
            help="zh-en or en-zh: -sl and -tl in one.",
        ),
        click.option(
            "-sl",
            "--source-lang",
            metavar="LANG",
            help="zh or en, or a variant: zh-TW.  [default: as the data says]",
        ),
        click.option("-tl", "--target-lang", metavar="LANG", help="The other one."),
    )(function)


def encoding_option(of: str) -> Callable[[_Function], _Function]:
    """Adds --encoding; its help says of what."""
    return click.option("-e", "--encoding", default="utf-8", show_default=True, help=of)


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


def split_option(function: _Function) -> _Function:
    """Adds --split, which takes forms apart that stand in one cell."""
    return click.option(
        "--split", is_flag=True,
        help="Take apart several forms in one: 'CAC; Cyberspace Administration of China'.",
    )(function)  # fmt: skip


def termbase_reading_options(language: str) -> Callable[[_Function], _Function]:
    """Adds --source-lang (with this help) and --mode: what some formats of termbases leave open."""
    return _adding(
        click.option("-sl", "--source-lang", default="zh", show_default=True, help=language),
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


def translation_options(doing: str) -> Callable[[_Function], _Function]:
    """Adds --text, one translation of a corpus, and --background; `doing` is what for."""
    return _adding(
        click.option(
            "--text",
            metavar="NAME",
            help=f"System or reference to {doing}.  [default: the first system, else reference]",
        ),
        click.option(
            "--background",
            type=_PATH,
            metavar="PAIRS2",
            help="More translated text to learn words from.",
        ),
    )


def force_option(
    what: str = "Replace what stands at the output, of whatever content.",
) -> Callable[[_Function], _Function]:
    """Adds --force, the one word for it; its help says all that it allows."""
    return click.option("--force", is_flag=True, help=what)


def _adding(*options: _Option) -> Callable[[_Function], _Function]:
    """Returns a decorator that adds options, shown in this order."""

    def decorate(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
