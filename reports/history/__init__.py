"""Recorded runs: a list, and what changed from one to the next, as text and as JSON."""

from xindaya.reports.history.machine import history_json
from xindaya.reports.history.text import list_runs, show_term, show_trend

__all__ = ["history_json", "list_runs", "show_term", "show_trend"]
