"""HTML pages: self-contained files that need no network and run no foreign script.

`shell` is what they share; each page has a folder.
"""

from xindaya.reports.html.report.page import render_html, render_report, render_summary
from xindaya.reports.html.shell import is_page

__all__ = ["is_page", "render_html", "render_report", "render_summary"]
