"""Views of how far metrics agree with people: console, JSON, Markdown."""

from xindaya.reports.agreement.machine import agreement_to_json
from xindaya.reports.agreement.markdown import agreement_to_markdown
from xindaya.reports.agreement.text import agreement_to_text

__all__ = ["agreement_to_json", "agreement_to_markdown", "agreement_to_text"]
