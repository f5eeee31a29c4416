"""Joining metrics with human scores: which system is which, which segment is which, and then all."""

from xindaya.agreement.agree import agree

__all__ = ["agree"]
