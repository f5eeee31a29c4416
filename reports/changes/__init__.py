"""Views of what changed between two runs: console, JSON, Markdown; the page is beside the others."""

from xindaya.reports.changes.machine import changes_to_json
from xindaya.reports.changes.markdown import changes_to_markdown
from xindaya.reports.changes.text import changes_to_text

__all__ = ["changes_to_json", "changes_to_markdown", "changes_to_text"]
