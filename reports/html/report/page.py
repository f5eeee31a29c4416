"""What the report's templates show."""

from __future__ import annotations

from markupsafe import Markup

from xindaya.metrics import Evaluation
from xindaya.reports.html.report import payload, tables, verdict
from xindaya.reports.html.shell import render_page

# In this order they make one strict-mode function.
SCRIPTS = tuple(
    f"report/{name}.js"
    for name in (
        "store", "text", "filters", "controls", "segments", "terms", "findings", "report",
    )
)  # fmt: skip


def render_html(evaluation: Evaluation) -> str:
    """Renders an evaluation as one HTML file that needs no network.

    The same evaluation gives the same text: it names no time, host or path.

    Args:
        evaluation: What to show.

    Returns:
        The file's text, to be written as UTF-8.
    """
    return render_page(
        "report/report.html.j2",
        context(evaluation),
        styles=("report/report.css",),
        scripts=SCRIPTS,
    )


def context(evaluation: Evaluation) -> dict[str, object]:
    """Returns what the templates show."""
    return {
        "title": evaluation.corpus.name,
        "evaluation": evaluation,
        "corpus": evaluation.corpus,
        "data": Markup(payload.encode(payload.build_payload(evaluation))),  # noqa: S704 - escaped
        "verdict": verdict.sentences(evaluation),
        "columns": tables.metric_columns(evaluation),
        "rows": tables.score_rows(evaluation),
        "explained": tables.explained(evaluation),
        "significance": tables.significance(evaluation),
        "plots": tables.plots(evaluation),
    }
