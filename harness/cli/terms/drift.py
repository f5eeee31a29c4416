"""``xindaya terms drift``: one delivery against another."""

from __future__ import annotations

from pathlib import Path

import click

from xindaya.cli.arguments import Command
from xindaya.cli.corpora import read_terms, read_texts
from xindaya.cli.options import format_option, language_options, seed_option, termbase_option
from xindaya.cli.output import screen
from xindaya.metrics.terminology.scopes import Scope, drift_between, scope_of
from xindaya.pairs import NothingToEvaluateError, Termbase, UsageError


@click.command(cls=Command)
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@termbase_option(required=True)
@click.option("--first-text", metavar="NAME", help="System or reference of FIRST.  [the first]")
@click.option("--second-text", metavar="NAME", help="System or reference of SECOND.  [the first]")
@language_options
@seed_option()
@format_option("text", "json")
def command(
    first: Path,
    second: Path,
    terms: Path,
    first_text: str | None,
    second_text: str | None,
    source_lang: str | None,
    target_lang: str | None,
    seed: int,
    kind: str,
) -> None:
    """Show which terms FIRST and SECOND render differently.

    Both are corpora or run folders, such as the last delivery and this one. The distance is the Jensen-Shannon
    divergence of the renderings, from 0 to 1; whether it could be chance comes from a permutation
    test over documents, adjusted for the number of terms (q).
    """
    from xindaya.reports.drift import drift_to_json, drift_to_text

    termbase = read_terms(terms)

    def scope(path: Path, text: str | None) -> tuple[str, Scope]:
        return _scope(path, text, termbase, source_lang, target_lang)

    (one, a), (other, b) = scope(first, first_text), scope(second, second_text)
    names = (one, other) if one != other else (f"{one} ({first.name})", f"{other} ({second.name})")
    drifts = drift_between(a, b, seed=seed)
    if kind == "json":
        click.echo(drift_to_json(drifts, names), nl=False)
        return
    width, colour = screen()
    click.echo(drift_to_text(drifts, names, width=width, colour=colour), nl=False)


def _scope(
    path: Path,
    text: str | None,
    termbase: Termbase,
    source_lang: str | None,
    target_lang: str | None,
) -> tuple[str, Scope]:
    from xindaya.metrics import check_corpus

    corpus = read_texts(path, source_lang=source_lang, target_lang=target_lang)
    texts = [*corpus.systems, *corpus.reference_names]
    if not texts:
        raise NothingToEvaluateError(f"{path}: no target text")
    name = text or texts[0]
    if name not in texts:
        raise UsageError(f"{path} has no text {name!r}; there are: {', '.join(texts)}")
    checked = check_corpus(corpus, termbase)
    return name, scope_of(checked, name, reference=name not in corpus.systems)
