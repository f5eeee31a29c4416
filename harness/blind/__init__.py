"""Blind comparisons: a sheet for reviewers, a key that stays here, and what the answers say."""

from xindaya.blind.evaluate import evaluate_sheets
from xindaya.blind.items import Item, make_items
from xindaya.blind.key import Entry, Key, make_key, read_key, write_key
from xindaya.blind.sheet import read_answers, write_sheet

__all__ = [
    "Entry",
    "Item",
    "Key",
    "evaluate_sheets",
    "make_items",
    "make_key",
    "read_answers",
    "read_key",
    "write_key",
    "write_sheet",
]
