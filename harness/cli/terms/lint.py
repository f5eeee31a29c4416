"""``xindaya terms lint``: what is wrong with a termbase itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xindaya.cli.arguments import Command
from xindaya.cli.options import (
    format_option,
    split_option,
    termbase_format_option,
    termbase_reading_options,
)
from xindaya.pairs.wording import counted

if TYPE_CHECKING:
    from xindaya.pairs import Termbase
    from xindaya.pairs.lint import LintFinding

_SEVERITIES = ("error", "warning", "note")
_FORMER = {"info": "note"}


@click.command(cls=Command)
@click.argument("termbase", type=click.Path(path_type=Path))
@format_option("text", "json", "tsv", of="findings")
@click.option(
    "--severity",
    type=click.Choice([*_SEVERITIES, *_FORMER]),
    default="note",
    show_default=True,
    metavar="|".join(_SEVERITIES),
    help="Show findings that are at least this bad.",
)
@split_option
@termbase_format_option
@termbase_reading_options("Language of the first column, where the file does not say it.")
def command(
    termbase: Path,
    kind: str,
    severity: str,
    split: bool,
    source_format: str | None,
    source_lang: str,
    mode: str,
) -> int:
    """Find contradictions, repetitions and forms that can never match in a termbase.

    Exits with 1 if there is an error, 0 if there are only warnings and notes. The JSON has
    schema_version, termbase (name, path, concepts, terms, sha256, left_out) and findings (id, kind, concept,
    term, message, severity).

    \b
    Examples:
      xindaya terms lint terms.tsv
      xindaya terms lint terms.tbx --severity warning
      xindaya terms lint terms.xlsx -f json
    """  # noqa: D301 - \b stops click from refilling
    from xindaya.pairs import read_termbase
    from xindaya.pairs.lint import Severity, lint, split_forms

    content = read_termbase(
        termbase, source_lang=source_lang, format=source_format, mode=mode, lenient=True
    )
    content = split_forms(content) if split else content
    findings = lint(content)
    least = _SEVERITIES.index(_FORMER.get(severity, severity))
    shown = [f for f in findings if _SEVERITIES.index(f.severity) <= least]
    if kind == "json":
        click.echo(_to_json(content, termbase, shown))
    elif kind == "tsv":
        click.echo(_to_tsv(shown), nl=False)
    else:
        click.echo(_to_text(content, shown, Counter(f.severity.value for f in findings)), nl=False)
    return 1 if any(f.severity is Severity.ERROR for f in findings) else 0


def _to_json(termbase: Termbase, path: Path, findings: Sequence[LintFinding]) -> str:
    content = {
        "schema_version": 1,
        "termbase": {
            "name": termbase.name,
            "path": str(path),
            "concepts": len(termbase.concepts),
            "terms": sum(len(c.terms) for c in termbase.concepts),
            "sha256": termbase.sha256,
            "left_out": [asdict(item) for item in termbase.left_out],
        },
        "findings": [{name: getattr(f, name) for name in f.__slots__} for f in findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _to_tsv(findings: Sequence[LintFinding]) -> str:
    from xindaya.reports.tsv import tsv

    columns = ("severity", "kind", "concept", "term", "message", "id")
    return tsv(columns, ([getattr(f, name) for name in columns] for f in findings))


def _to_text(termbase: Termbase, findings: Sequence[LintFinding], counts: Counter[str]) -> str:
    from xindaya.pairs.errors import ascii_controls

    lines = [
        ascii_controls(
            f"{f.severity}: {f.concept + ': ' if f.concept else ''}{f.message} [{f.kind}]"
        )
        for f in findings
    ]
    numbers = ", ".join(f"{counted(counts[s], s)}" for s in _SEVERITIES)
    lines.append(f"{termbase.name}: {counted(len(termbase.concepts), 'concept')}; {numbers}")
    return "".join(f"{line}\n" for line in lines)
