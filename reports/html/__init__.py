"""The HTML report: one self-contained file that needs no network and runs no foreign script."""

from xindaya.reports.html.page import render_html

__all__ = ["render_html"]
