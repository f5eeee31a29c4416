"""The page of how far metrics agree with people."""

from xindaya.reports.html.agreement.page import render_agreement

__all__ = ["render_agreement"]
