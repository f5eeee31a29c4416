"""The page of recorded runs: every measure over time, and what becomes of a term."""

from xindaya.reports.html.history.page import render_history

__all__ = ["render_history"]
