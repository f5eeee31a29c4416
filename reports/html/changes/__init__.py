"""The page of what changed between two runs."""

from xindaya.reports.html.changes.page import render_changes

__all__ = ["render_changes"]
