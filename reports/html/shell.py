"""The shell every page shares: one file, its style and scripts under a policy that names them.

A page is a template that extends ``shell.html.j2`` and fills its blocks, a folder of style and
scripts of its own, and a table of words in `strings`. Nothing is fetched; nothing else may run.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from xindaya.reports import figures
from xindaya.reports.html import charts, wording
from xindaya.reports.html.visible import plain, visible

_HEAD = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="""
_TITLE = "· Xindaya</title>".encode()
_READ = 16_384  # the title stands behind the policy, and may be long

_STYLE, _LANGUAGE = "shell.css", "language.js"


def render_page(
    template: str,
    context: Mapping[str, object],
    *,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (_LANGUAGE,),
) -> str:
    """Renders a page as one HTML file that needs no network.

    Args:
        template: Path of a template below ``reports/html``; it extends ``shell.html.j2``.
        context: What the template shows; everything in it is escaped unless it is `Markup`.
        styles: Paths of style sheets, added to the shell's.
        scripts: Paths of scripts, in the order in which they make one strict-mode function. The
            default is the language switch alone.

    Returns:
        The file's text, to be written as UTF-8.
    """
    style = "".join(_asset(name) for name in (_STYLE, *styles))
    body = "\n".join(_asset(name) for name in scripts)
    script = f'(() => {{\n"use strict";\n{body}\n}})();'
    shell = {
        "policy": _policy(style, script),
        "style": Markup(style),  # noqa: S704 - our own files
        "script": Markup(script),  # noqa: S704 - our own files
    }
    return environment().get_template(template).render({**context, **shell})


def is_page(path: Path) -> bool:
    """True if a file begins as our pages do, those of 0.1.0 too."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_READ)
    except OSError:
        return False
    return head.startswith(_HEAD) and _TITLE in head


@cache
def environment() -> Environment:
    """Returns the template environment: everything escaped, nothing undefined."""
    env = Environment(
        loader=PackageLoader("xindaya.reports.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        t=wording.say,
        say=_say,
        phrase=wording.Phrase,
        name=wording.name,
        mark_sample=charts.mark_sample,
    )
    env.filters.update(
        visible=visible,
        plain=plain,
        percent=figures.percent,
        bounds=figures.bounds,
        number=figures.number,
        signed=figures.signed,
    )
    return env


def _say(sentence: wording.Sentence) -> Markup:
    return wording.say(sentence.key, **sentence.values)


def _policy(style: str, script: str) -> str:
    """Returns a policy that allows exactly our style and our script, and no request at all."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(path: str) -> str:
    text = files("xindaya.reports.html").joinpath(path).read_text("utf-8")
    return text.replace("\r\n", "\n")
