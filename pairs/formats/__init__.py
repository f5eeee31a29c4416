"""Readers and writers of all formats; the registry chooses one by content and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xindaya.pairs.lazy import lazy_names

if TYPE_CHECKING:
    from xindaya.pairs.formats.columns import Columns
    from xindaya.pairs.formats.csv_ import read_csv, write_csv
    from xindaya.pairs.formats.docx import read_docx
    from xindaya.pairs.formats.folder import read_folder, write_folder
    from xindaya.pairs.formats.inline import TagMismatch, tag_mismatches
    from xindaya.pairs.formats.jsonl import read_jsonl, write_jsonl
    from xindaya.pairs.formats.marot import MqmError, read_marot, write_marot
    from xindaya.pairs.formats.po import read_po, write_po
    from xindaya.pairs.formats.registry import read_corpus, write_corpus
    from xindaya.pairs.formats.termbase.registry import read_termbase, write_termbase
    from xindaya.pairs.formats.termbase.tsv import read_termbase_tsv, write_termbase_tsv
    from xindaya.pairs.formats.text import read_parallel, read_text_folder, write_parallel
    from xindaya.pairs.formats.tmx import TmxReader, read_tmx
    from xindaya.pairs.formats.tmx_writer import write_tmx_records
    from xindaya.pairs.formats.tsv import read_tsv, write_tsv
    from xindaya.pairs.formats.wmt_xml import read_wmt_xml, write_wmt_xml
    from xindaya.pairs.formats.xliff import read_xliff
    from xindaya.pairs.formats.xliff_writer import write_xliff
    from xindaya.pairs.formats.xlsx import read_xlsx, write_xlsx

__all__ = [
    "Columns",
    "MqmError",
    "TagMismatch",
    "TmxReader",
    "read_corpus",
    "read_csv",
    "read_docx",
    "read_folder",
    "read_jsonl",
    "read_marot",
    "read_parallel",
    "read_po",
    "read_termbase",
    "read_termbase_tsv",
    "read_text_folder",
    "read_tmx",
    "read_tsv",
    "read_wmt_xml",
    "read_xliff",
    "read_xlsx",
    "tag_mismatches",
    "write_corpus",
    "write_csv",
    "write_folder",
    "write_jsonl",
    "write_marot",
    "write_parallel",
    "write_po",
    "write_termbase",
    "write_termbase_tsv",
    "write_tmx_records",
    "write_tsv",
    "write_wmt_xml",
    "write_xliff",
    "write_xlsx",
]

# Formats bring their own dependencies, so each is loaded when it is used.
_MODULES = {
    "columns": ("Columns",),
    "csv_": (
        "read_csv",
        "write_csv",
    ),
    "docx": ("read_docx",),
    "folder": (
        "read_folder",
        "write_folder",
    ),
    "inline": (
        "TagMismatch",
        "tag_mismatches",
    ),
    "jsonl": (
        "read_jsonl",
        "write_jsonl",
    ),
    "marot": (
        "MqmError",
        "read_marot",
        "write_marot",
    ),
    "po": (
        "read_po",
        "write_po",
    ),
    "registry": (
        "read_corpus",
        "write_corpus",
    ),
    "termbase.tsv": (
        "read_termbase_tsv",
        "write_termbase_tsv",
    ),
    "termbase.registry": (
        "read_termbase",
        "write_termbase",
    ),
    "text": (
        "read_parallel",
        "read_text_folder",
        "write_parallel",
    ),
    "tmx": (
        "TmxReader",
        "read_tmx",
    ),
    "tmx_writer": ("write_tmx_records",),
    "tsv": (
        "read_tsv",
        "write_tsv",
    ),
    "wmt_xml": (
        "read_wmt_xml",
        "write_wmt_xml",
    ),
    "xliff": ("read_xliff",),
    "xliff_writer": ("write_xliff",),
    "xlsx": (
        "read_xlsx",
        "write_xlsx",
    ),
}
__getattr__ = lazy_names(
    __name__, {name: f"{__name__}.{module}" for module, names in _MODULES.items() for name in names}
)
