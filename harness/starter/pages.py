"""The written pages of a suite: templates filled in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from string import Template

from xindaya.metrics import Evaluation
from xindaya.pairs import UsageError
from xindaya.pairs.toml import toml_string
from xindaya.starter.texts import FOLDER, Texts

MARGIN = 2
"""By how many points a floor lies below the lowest score."""

_TEMPLATES = resources.files("xindaya.starter") / "templates"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def spec_path(name: str) -> str:
    """Returns where the spec stands, from the top of the repository."""
    return f"{FOLDER}/{name}.mt.toml"


def fill(template: str, name: str, **words: str) -> str:
    """Returns a template with its words filled in; the name and path of the spec are known."""
    text = Template((_TEMPLATES / template).read_text("utf-8"))
    return text.substitute(words, name=name, spec=spec_path(name))


def spec_page(name: str, texts: Texts, evaluation: Evaluation) -> str:
    """Returns the spec; its floors are the lowest score of a metric, less `MARGIN`, rounded down."""
    floors = [
        f'"{metric} >= {max(0, math.floor(min(scores.values()) - MARGIN))}"'
        for metric, scores in evaluation.scores.items()
    ]
    termbase = texts.named(texts.termbase) if texts.termbase else "terms.tsv"
    return fill(
        "spec.mt.toml",
        name,
        corpus="".join(f"{key} = {_quoted(value)}\n" for key, value in _head(texts)),
        off="" if texts.termbase else "# ",
        termbase=_quoted(termbase),
        margin=str(MARGIN),
        gates=", ".join(floors),
        files="\n".join(_files(texts)),
    )


def readme_page(name: str, texts: Texts) -> str:
    """Returns the page that says what stands where, and the three commands."""
    page = fill(
        "README.md",
        name,
        rows="\n".join(f"| {_code(file)} | {what} |" for file, what in _contents(texts)),
    )
    return page + (fill("sample.md", name) if texts.copied else "")


def _head(texts: Texts) -> Iterator[tuple[str, str]]:
    """Yields the keys that say what the texts are."""
    if texts.corpus:
        yield "corpus", texts.named(texts.corpus)
    yield from ((key, lang) for key, lang in texts.languages.items() if lang)


def _files(texts: Texts) -> Iterator[str]:
    """Yields the tables of line files: one segment a line."""
    if texts.corpus:
        return
    yield "\n[files] # one segment a line"
    for key, value in texts.files.items():
        if value and not isinstance(value, Mapping):
            yield f"{key} = {_quoted(texts.named(value))}"
    for table in ("references", "systems"):
        yield f"\n[files.{table}]"
        for name, path in texts.files[table].items():
            key = name if _BARE_KEY.fullmatch(name) else _quoted(name)
            yield f"{key} = {_quoted(texts.named(path))}"


def _contents(texts: Texts) -> Iterator[tuple[str, str]]:
    """Yields the files that the spec names, and what they are."""
    if texts.corpus:
        yield texts.named(texts.corpus), "the corpus: source, references, systems"
    else:
        if texts.files["source"]:
            yield texts.named(texts.files["source"]), "the source text"
        for name, path in texts.files["references"].items():
            yield texts.named(path), f"reference {_escaped(name)}"
        for name, path in texts.files["systems"].items():
            yield texts.named(path), f"output of {_escaped(name)}"
    if texts.termbase:
        yield texts.named(texts.termbase), "the termbase: which renderings are allowed"


def _quoted(text: str) -> str:
    """Writes a TOML basic string: JSON's escapes are TOML's, and DEL must be escaped too.

    Raises:
        UsageError: If the text is no Unicode, as a file name may be.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UsageError(
            f"{text!r} is not UTF-8, so no spec can name it; rename the file"
        ) from None
    return toml_string(text)


def _code(text: str) -> str:
    """Writes a code span in a cell of a Markdown table."""
    fence = "``" if "`" in text else "`"
    return fence + text.replace("|", "\\|").replace("\n", " ") + fence


def _escaped(text: str) -> str:
    """Writes text in a cell of a Markdown table."""
    return re.sub(r"([\\`*_{}\[\]<>|&#])", r"\\\1", text.replace("\n", " "))
