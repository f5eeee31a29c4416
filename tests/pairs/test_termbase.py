from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from xindaya.pairs import (
    Case,
    InputError,
    NothingToEvaluateError,
    Status,
    Termbase,
    read_termbase,
    write_termbase_tsv,
)

HEADER = "concept\tzh\ten\tstatus\tcase\tnote\n"


def read(tmp_path: Path, text: str) -> Termbase:
    path = tmp_path / "t.tsv"
    path.write_text(text, "utf-8")
    return read_termbase(path)


def test_rows_of_a_concept_are_joined(termbase: Termbase) -> None:
    cac = termbase.by_id["cac"]
    assert [t.text for t in cac.in_language("zh")] == ["国家网信办", "网信办"]
    assert [t.status for t in cac.in_language("en")] == [
        Status.PREFERRED, Status.ADMITTED, Status.DEPRECATED, Status.FORBIDDEN,
    ]  # fmt: skip
    assert cac.in_language("en")[1].case is Case.EXACT
    assert cac.label("en") == "Cyberspace Administration of China"


def test_write_then_read_is_identity(tmp_path: Path, termbase: Termbase) -> None:
    write_termbase_tsv(termbase, tmp_path / "again.tsv")
    again = read_termbase(tmp_path / "again.tsv")
    assert replace(again, name=termbase.name) == termbase
    assert again.sha256 == termbase.sha256


def test_unknown_columns_survive(tmp_path: Path) -> None:
    termbase = read(tmp_path, HEADER[:-1] + "\towner\na\t甲\tA\t\t\t\tJo\n")
    write_termbase_tsv(termbase, tmp_path / "again.tsv")
    assert read_termbase(tmp_path / "again.tsv").concepts[0].extra == {"owner": "Jo"}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a\t甲\tA\tprefered\t\t\n", "line 2: found status 'prefered'; expected preferred or"),
        ("a\t甲\tA\t\tupper\t\n", "found case 'upper'"),
        ("\t甲\tA\t\t\t\n", "an empty concept id"),
        ("a\t\t\t\t\t\n", "a row without a term"),
        ("a\t甲\tA\t\t\t\na\t甲\tA\tforbidden\t\t\n", "'A' as forbidden and as preferred"),
    ],
)
def test_broken_termbase(tmp_path: Path, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(tmp_path, HEADER + rows)


def test_missing_column_and_empty_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a column named 'zh'"):
        read(tmp_path, "concept\ten\na\tA\n")
    with pytest.raises(NothingToEvaluateError):
        read(tmp_path, HEADER)
