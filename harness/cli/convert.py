"""``xindaya convert``: a corpus from one format to another."""

from __future__ import annotations

import codecs
import contextlib
from pathlib import Path
from typing import Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_notes
from xindaya.cli.options import force_option, language_options, quiet_option, text_options
from xindaya.cli.writing import writing
from xindaya.pairs.account import in_words
from xindaya.pairs.errors import InputError, UsageError, ascii_controls

_FOLDERS = ("folder", "text")


@click.command(cls=Command)
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source_format",
    metavar="FORMAT",
    help="csv, docx, folder, jsonl, marot, po, text, tmx, tsv, wmt, xliff, xlsx.  "
    "[default: by content and name]",
)
@click.option(
    "--to",
    "target_format",
    metavar="FORMAT",
    help="The same without docx, and xliff2.  [default: by the ending of OUT]",
)
@language_options
@click.option("--source-column", metavar="NAME", help="Source column of a table.")
@click.option("--target-column", metavar="NAME", help="Target column of a table.")
@click.option(
    "--sheet",
    metavar="NAME",
    help="Sheet of a workbook.  [default: all that have such columns]",
)
@click.option(
    "--target-as",
    metavar="SIDE",
    default="reference:A",
    show_default=True,
    help="What the translation in a bilingual file is: reference:NAME or system:NAME.",
)
@click.option(
    "--side",
    metavar="SIDE",
    help="Translation to write to a bilingual file.  [default: the first reference or system]",
)
@text_options("Of IN, if it is text.")
@force_option()
@quiet_option("Do not say what could not be carried over.")
def command(source: Path, target: Path, force: bool, quiet: bool, **options: Any) -> int:
    """Convert a corpus; what OUT's format cannot hold is said on stderr.

    \b
    Examples:
      xindaya convert memory.tmx memory.tsv
      xindaya convert delivery.sdlxliff delivery.xlsx --target-as system:vendor
      xindaya convert sheet.xlsx pairs.tsv --source-column 原文 --target-column Translation
      xindaya convert corpus/ newstest.xml -sl en -tl zh
    """  # noqa: D301 - \b stops click from refilling
    _check(options["encoding"])
    kind = output_kind(target, options["target_format"])
    folder = kind in _FOLDERS
    with contextlib.nullcontext() if folder else writing(target, force=force):
        count, notes, losses = _convert(source, target, kind, options)
    if not quiet:
        click.echo(f"{target}: {count} segment{'' if count == 1 else 's'}", err=True)
        show_notes(notes)
        for loss in losses:
            click.echo(ascii_controls(f"not carried over: {loss}"), err=True)
    return 0


def _convert(
    source: Path, target: Path, kind: str, options: dict[str, Any]
) -> tuple[int, list[str], list[str]]:
    from xindaya.pairs.direction import stated
    from xindaya.pairs.formats.detect import detect_format
    from xindaya.pairs.formats.registry import read_corpus, write_corpus
    from xindaya.pairs.formats.sides import parse_side
    from xindaya.pairs.formats.streaming import TARGETS, stream_tmx

    shared = {
        "source_lang": options["source_lang"],
        "target_lang": options["target_lang"],
        "max_chars": options["max_segment_chars"],
    }
    stated(options["source_lang"], options["target_lang"])
    encoding, side = options["encoding"], options["target_as"]
    found = options["source_format"] or detect_format(source, encoding=encoding)
    before = _stamp(source)
    plain = not any(options[n] for n in ("source_column", "target_column", "sheet", "side"))
    if found == "tmx" and kind in TARGETS and plain and encoding == "utf-8":
        parse_side(side)
        return stream_tmx(source, target, kind, side=side, **shared)
    notes: list[str] = []
    corpus = read_corpus(
        source,
        format=found,
        encoding=encoding,
        source_column=options["source_column"],
        target_column=options["target_column"],
        sheet=options["sheet"],
        target=side,
        notes=notes,
        unpaired=True,
        **shared,
    )
    if _stamp(source) != before:
        raise InputError(source, "a file that changed while it was read", "one that holds still")
    losses = write_corpus(corpus, target, format=kind, side=options["side"], lossy=True)
    notes += [f"left out: {line}" for line in in_words(corpus.left_out)]
    return len(corpus.segments), notes, losses


def _check(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise UsageError(f"--encoding {encoding!r}: no encoding of this name is known") from error


def output_kind(target: Path, name: str | None) -> str:
    """Returns the format to write; a folder must be new or empty."""
    from xindaya.pairs.files import check_empty
    from xindaya.pairs.formats.registry import writable_format

    kind = writable_format(target, name)
    if kind in _FOLDERS and target.is_dir():
        check_empty(target)
    elif kind in _FOLDERS and target.exists():
        raise InputError(target, "a file", "a folder")
    return kind


def _stamp(path: Path) -> tuple[int, int] | None:
    if not path.is_file():
        return None
    status = path.stat()
    return status.st_size, status.st_mtime_ns
