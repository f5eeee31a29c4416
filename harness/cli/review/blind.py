"""``xindaya review blind``: which translation is better, without knowing whose it is."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command, Several
from xindaya.cli.options import SEEDS, counts, format_option, language_options, separate
from xindaya.pairs import InputError, UsageError

SHEET, KEY = "blind-sheet.xlsx", "key-do-not-send.json"

_PATH = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("inputs", nargs=-1, type=_PATH, metavar="[RUN|CORPUS]")
@click.option("--system", "systems", cls=Several, metavar="NAME…", callback=separate, older=("--systems",),
              help="Systems to compare: two or more.")  # fmt: skip
@click.option("--sample", type=counts(), default=60, show_default=True,
              help="Number of items, repeats not counted.")  # fmt: skip
@click.option("--repeats", type=counts(0), metavar="N",
              help="Items asked twice, for self-consistency.  [default: a tenth]")  # fmt: skip
@click.option("--seed", type=SEEDS,
              help="Of the draw and the sides.  [default: drawn, and kept in the key]")  # fmt: skip
@click.option("-o", "--output", type=_PATH, metavar="FOLDER", help="Where to write sheet and key.")
@click.option("--evaluate", "sheets", type=_PATH, cls=Several, metavar="SHEET…",
              help="Sheets that came back, one a reviewer.")  # fmt: skip
@click.option("--key", type=_PATH, metavar="KEY", help="The key of these sheets.")
@language_options
@format_option("text", "json")
def command(
    inputs: tuple[Path, ...],
    systems: list[str],
    sample: int,
    repeats: int | None,
    seed: int | None,
    output: Path | None,
    sheets: tuple[Path, ...],
    key: Path | None,
    source_lang: str | None,
    target_lang: str | None,
    kind: str,
) -> None:
    """Compare systems without knowing which text is whose.

    Writes FOLDER/blind-sheet.xlsx for reviewers, where two outputs stand as A and B in random
    order, and FOLDER/key-do-not-send.json, which says whose they are and stays here. With
    --evaluate, reads the sheets that came back.

    \b
    Examples:
      xindaya review blind run --system vendor-a vendor-b --sample 60 -o blind
      xindaya review blind --evaluate anna.xlsx ben.xlsx --key blind/key-do-not-send.json
    """  # noqa: D301 - \b stops click from refilling
    if sheets:
        if key is None:
            raise UsageError("--evaluate: give the key of the sheets with --key")
        _evaluate([*sheets, *inputs], key, kind)
        return
    if len(inputs) != 1 or not systems or output is None:
        raise UsageError(
            "expected one RUN or CORPUS with --system and -o to write a sheet, "
            "or --evaluate with --key to read some"
        )
    _write(inputs[0], systems, sample, repeats, seed, output, (source_lang, target_lang))


def _write(
    texts: Path,
    systems: list[str],
    sample: int,
    repeats: int | None,
    seed: int | None,
    output: Path,
    languages: tuple[str | None, str | None],
) -> None:
    import secrets

    from xindaya.blind import make_items, make_key, write_key, write_sheet
    from xindaya.cli.corpora import read_texts
    from xindaya.pairs.files import new_folder, write_bytes

    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise InputError(
            output, "something there", "a new or empty folder",
            hint="an older key may still be needed; nothing was changed there",
        )  # fmt: skip
    corpus = read_texts(texts, source_lang=languages[0], target_lang=languages[1])
    seed = secrets.randbelow(2**32) if seed is None else seed
    repeats = -(-sample // 10) if repeats is None else repeats
    items, rule = make_items(corpus, systems, sample, seed=seed, repeats=repeats)
    with new_folder(output) as building:
        write_bytes(building / SHEET, write_sheet(items, corpus.source_lang, corpus.target_lang))
        write_key(make_key(corpus, systems, items, seed=seed, rule=rule), building / KEY)
    click.echo(f"{len(items)} rows to judge: {rule}.", err=True)
    click.echo(f"Send {output / SHEET}; keep {output / KEY}.", err=True)


def _evaluate(sheets: list[Path], key: Path, kind: str) -> None:
    from xindaya.blind import evaluate_sheets, read_key
    from xindaya.reports.blind import blind_to_json, blind_to_text

    outcome = evaluate_sheets(sheets, read_key(key))
    click.echo(blind_to_json(outcome) if kind == "json" else blind_to_text(outcome), nl=False)
