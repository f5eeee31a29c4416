"""What the report's templates show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from xindaya.metrics import Evaluation
from xindaya.metrics.measures import SHOWN_COUNTS, SHOWN_SHARES
from xindaya.metrics.terminology.deliveries import Delivery
from xindaya.reports import trust
from xindaya.reports.html.report import payload, shards, tables, verdict
from xindaya.reports.html.report.overview import drifting_terms
from xindaya.reports.html.shell import render_page

MOST_PRINTED_TERMS = 40
REPORT, SHARD = "report/report.html.j2", "report/shard.html.j2"
STYLES = ("report/report.css", "report/analysis/analysis.css")
# In this order they make one strict-mode function.
SCRIPTS = tuple(
    f"report/{name}.js"
    for name in (
        "store", "shards", "text", "filters", "controls", "segments", "terms", "beside", "findings",
        "analysis/charts", "analysis/parts", "analysis/distributions", "analysis/phrases",
        "analysis/words", "analysis/extremes", "analysis/analysis", "report",
    )
)  # fmt: skip


def render_html(evaluation: Evaluation, *, previous: Delivery | None = None) -> str:
    """Renders an evaluation as one HTML file that needs no network.

    The same evaluation gives the same text: it names no time, host or path.

    Args:
        evaluation: What to show.
        previous: The last delivery, for the terminology section to show beside this one.

    Returns:
        The file's text, to be written as UTF-8.
    """
    return _page(REPORT, context(evaluation, previous))


def render_report(
    evaluation: Evaluation,
    *,
    previous: Delivery | None = None,
    name: str = "report",
    most: int | None = None,
) -> Iterator[tuple[str, str]]:
    """Renders an evaluation as one file, or as a report and its parts if it is too large for one.

    Args:
        evaluation: What to show.
        previous: The last delivery, as for `render_html`.
        name: Of the report's file, without ``.html``, and of the folder of its parts.
        most: Weight of a file, see `shards.plan`; None for what keeps it below 15 MB.

    Yields:
        (path, text), the report last: ``NAME/segments-0001.html``, …, ``NAME.html``.
    """
    values = payload.build_payload(evaluation, previous)
    parts = shards.plan(values, shards.room(values) if most is None else most)
    if not parts:
        yield f"{name}.html", _page(REPORT, _context(evaluation, values))
        return
    home = f"../{quote(name)}.html"
    for shard in parts:
        shown = _context(evaluation, shards.part(values, shard, home))
        yield f"{name}/{shard.file}", _page(SHARD, {**shown, "shard": shard, "home": home})
    folder = quote(name)
    shown = _context(evaluation, shards.whole(values, parts, folder))
    yield f"{name}.html", _page(REPORT, {**shown, "parts": len(parts), "folder": name})


def render_summary(evaluation: Evaluation) -> str:
    """Renders what is printed: verdict, scores, tests and the terms that drift; no segment."""
    shown = {
        **_values(evaluation),
        "printed": True,
        "drifting": drifting_terms(evaluation),
        "most_terms": MOST_PRINTED_TERMS,
        "statuses": ("admitted", "deprecated", "forbidden", "other-concept"),
    }
    return render_page("report/print.html.j2", shown, styles=STYLES)


def context(evaluation: Evaluation, previous: Delivery | None = None) -> dict[str, object]:
    """Returns what the templates show."""
    return _context(evaluation, payload.build_payload(evaluation, previous))


def _context(evaluation: Evaluation, values: dict[str, Any]) -> dict[str, object]:
    data = Markup(payload.encode(values))  # noqa: S704 - escaped
    return {**_values(evaluation), "data": data}


def _values(evaluation: Evaluation) -> dict[str, object]:
    return {
        "title": evaluation.corpus.name,
        "evaluation": evaluation,
        "corpus": evaluation.corpus,
        "verdict": verdict.sentences(evaluation),
        "columns": tables.metric_columns(evaluation),
        "rows": tables.score_rows(evaluation),
        "explained": tables.explained(evaluation),
        "significance": tables.significance(evaluation),
        "plots": tables.plots(evaluation),
        "term_shares": SHOWN_SHARES,
        "term_counts": SHOWN_COUNTS,
        "trust": trust.rows(evaluation.trust),
        "below": trust.below(evaluation.trust),
        "parts": 0,
        "printed": False,
    }


def _page(template: str, shown: dict[str, object]) -> str:
    return render_page(template, shown, styles=STYLES, scripts=SCRIPTS)
