"""The page of terms found without a termbase."""

from xindaya.reports.html.discovery.page import render_discovery

__all__ = ["render_discovery"]
