"""``xindaya convert``: a corpus from one format to another."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import show_notes
from xindaya.cli.options import language_options, quiet_option, text_options
from xindaya.pairs.errors import InputError, UsageError, ascii_controls


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
@quiet_option("Do not say what could not be carried over.")
def command(source: Path, target: Path, quiet: bool, **options: Any) -> int:
    """Convert a corpus; what OUT's format cannot hold is said on stderr.

    \b
    Examples:
      xindaya convert memory.tmx memory.tsv
      xindaya convert delivery.sdlxliff delivery.xlsx --target-as system:vendor
      xindaya convert sheet.xlsx pairs.tsv --source-column 原文 --target-column Translation
      xindaya convert corpus/ newstest.xml -sl en -tl zh
    """  # noqa: D301 - \b stops click from refilling
    _check(source, target, options["encoding"])
    count, notes, losses = _convert(source, target, options)
    if not quiet:
        click.echo(f"{target}: {count} segment{'' if count == 1 else 's'}", err=True)
        show_notes(notes)
        for loss in losses:
            click.echo(ascii_controls(f"not carried over: {loss}"), err=True)
    return 0


def _convert(
    source: Path, target: Path, options: dict[str, Any]
) -> tuple[int, list[str], list[str]]:
    from xindaya.pairs.direction import stated
    from xindaya.pairs.formats.detect import detect_format
    from xindaya.pairs.formats.registry import read_corpus, writable_format, write_corpus
    from xindaya.pairs.formats.sides import parse_side
    from xindaya.pairs.formats.streaming import TARGETS, stream_tmx

    shared = {
        "source_lang": options["source_lang"],
        "target_lang": options["target_lang"],
        "max_chars": options["max_segment_chars"],
    }
    stated(options["source_lang"], options["target_lang"])
    encoding, side = options["encoding"], options["target_as"]
    kind = writable_format(target, options["target_format"])
    _check_folder(target, kind)
    found = options["source_format"] or detect_format(source, encoding=encoding)
    before = _stamp(source)
    plain = not (options["source_column"] or options["target_column"] or options["side"])
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
        target=side,
        notes=notes,
        unpaired=True,
        **shared,
    )
    if _stamp(source) != before:
        raise InputError(source, "a file that changed while it was read", "one that holds still")
    losses = write_corpus(corpus, target, format=kind, side=options["side"], lossy=True)
    return len(corpus.segments), notes, losses


def _check(source: Path, target: Path, encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise UsageError(f"--encoding {encoding!r}: no encoding of this name is known") from error
    if source.exists() and target.exists() and source.samefile(target):
        raise UsageError(f"{target}: IN and OUT are the same")


def _check_folder(target: Path, kind: str) -> None:
    """Refuses to replace a folder that holds anything but what is written there."""
    is_folder = kind in ("folder", "text")
    if target.exists() and target.is_dir() != is_folder:
        wanted = "a folder" if is_folder else "a file"
        raise InputError(target, "a folder" if target.is_dir() else "a file", wanted)
    if is_folder and target.is_dir() and any(target.iterdir()):
        raise InputError(target, "a folder that is not empty", "a new or an empty one")


def _stamp(path: Path) -> tuple[int, int] | None:
    if not path.is_file():
        return None
    status = path.stat()
    return status.st_size, status.st_mtime_ns
