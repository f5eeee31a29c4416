"""Reading a workbook that came back: by id and checksum, never by place, and nothing guessed."""

from xindaya.review.returned.workbook import Workbook, open_workbook, read_reviewer

__all__ = ["Workbook", "open_workbook", "read_reviewer"]
