"""Puts the report together: template, style, script and data in one file under a strict policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from xindaya.metrics import Evaluation
from xindaya.reports.html import charts, figures, payload, tables, verdict, wording
from xindaya.reports.html.visible import plain, visible

# In this order they make one strict-mode function.
SCRIPTS = (
    "store.js",
    "text.js",
    "filters.js",
    "controls.js",
    "segments.js",
    "terms.js",
    "findings.js",
    "report.js",
)


def render_html(evaluation: Evaluation) -> str:
    """Renders an evaluation as one HTML file that needs no network.

    The same evaluation gives the same text: it names no time, host or path.

    Args:
        evaluation: What to show.

    Returns:
        The file's text, to be written as UTF-8.
    """
    return environment().get_template("report.html.j2").render(context(evaluation))


def context(evaluation: Evaluation) -> dict[str, object]:
    """Returns what the templates show."""
    style, script = _asset("report.css"), _script()
    return {
        "evaluation": evaluation,
        "corpus": evaluation.corpus,
        "policy": _policy(style, script),
        "style": Markup(style),  # noqa: S704 - our own file
        "script": Markup(script),  # noqa: S704 - our own files
        "data": Markup(payload.encode(payload.build_payload(evaluation))),  # noqa: S704 - escaped
        "verdict": verdict.sentences(evaluation),
        "columns": tables.metric_columns(evaluation),
        "rows": tables.score_rows(evaluation),
        "explained": tables.explained(evaluation),
        "significance": tables.significance(evaluation),
        "plots": tables.plots(evaluation),
    }


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
    env.filters.update(visible=visible, plain=plain, percent=figures.percent, bounds=figures.bounds)
    return env


def _say(sentence: wording.Sentence) -> Markup:
    return wording.say(sentence.key, **sentence.values)


def _script() -> str:
    parts = "\n".join(_asset(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();'


def _policy(style: str, script: str) -> str:
    """Returns a policy that allows exactly our style and our script, and no request at all."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    text = files("xindaya.reports.html").joinpath(name).read_text("utf-8")
    return text.replace("\r\n", "\n")
