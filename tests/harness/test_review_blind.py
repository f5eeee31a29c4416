"""``review blind``: what a reviewer may see, and what comes back."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xindaya.blind import make_items
from xindaya.cli import invoke as run
from xindaya.pairs import Corpus, NothingToEvaluateError, Segment, UsageError, write_corpus
from xindaya.pairs.formats.sheets import iter_sheets

SYSTEMS = ("vendor-apple", "vendor-pear", "vendor-plum")
HOSTILE = '=HYPERLINK("http://x") \u202e_x0041_ \0 \t\u2028 </script> 007'

Answer = Callable[[dict[str, Any]], str]


@pytest.fixture
def texts(corpus: Corpus, tmp_path: Path) -> Path:
    rows = tuple(
        Segment(f"secret-id-{n}", f"原文{n}。", (), document=f"secret-doc-{n // 10}")
        for n in range(40)
    )
    systems = {
        name: tuple(f"Text {n} {'abc'[k]}." for n in range(40)) for k, name in enumerate(SYSTEMS)
    }
    path = tmp_path / "corpus.jsonl"
    write_corpus(replace(corpus, segments=rows, reference_names=(), systems=systems), path)
    return path


def written(texts: Path, *more: str, systems: str = ",".join(SYSTEMS[:2])) -> Path:
    folder = texts.parent / "out"
    assert run(["review", "blind", str(texts), "--systems", systems, "-o", str(folder),
                "--seed", "7", *more]) == 0  # fmt: skip
    return folder


def key_of(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "key-do-not-send.json").read_text("utf-8"))
    return content


def rows_of(path: Path) -> list[list[str]]:
    sheets = iter_sheets(path)
    return [cells for _, cells in next(sheets)]


def save(path: Path, rows: list[list[str]]) -> Path:
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
    return path


def filled(folder: Path, name: str, answer: Answer) -> Path:
    """A sheet as a reviewer returns it: rows turned round, answers filled in."""
    entries = {str(e["item"]): e for e in key_of(folder)["entries"]}
    head, *rows = rows_of(folder / "blind-sheet.xlsx")
    body = [[*cells[:6], answer(entries[cells[0]])] for cells in rows]
    return save(folder / f"{name}.xlsx", [head, *reversed(body)])


def prefer(system: str) -> Answer:
    return lambda entry: "A" if entry["a"] == system else "b "


def test_the_sheet_tells_nothing(texts: Path) -> None:
    folder = written(texts, "--sample", "20")
    assert sorted(p.name for p in folder.iterdir()) == ["blind-sheet.xlsx", "key-do-not-send.json"]
    with zipfile.ZipFile(folder / "blind-sheet.xlsx") as archive:
        inside = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    for secret in ("vendor", "apple", "pear", "secret", "corpus"):
        assert secret not in inside
    assert "no preference" in inside
    head, *rows = rows_of(folder / "blind-sheet.xlsx")
    assert head == ["item", "before", "source", "after", "A", "B", "answer", "comment"]
    assert [cells[0] for cells in rows] == [str(n) for n in range(1, 23)]


def test_the_key_is_right(texts: Path) -> None:
    folder = written(texts, "--sample", "20", "--repeats", "4")
    key = key_of(folder)
    entries = key["entries"]
    assert key["seed"] == 7
    rows = {cells[0]: cells for cells in rows_of(folder / "blind-sheet.xlsx")[1:]}
    letters = dict(zip(SYSTEMS, "abc", strict=True))
    for entry in entries:
        number = entry["segment"].removeprefix("secret-id-")
        cells = rows[str(entry["item"])]
        assert cells[2] == f"原文{number}。"
        assert cells[4] == f"Text {number} {letters[entry['a']]}."
        assert cells[5] == f"Text {number} {letters[entry['b']]}."
        if int(number) % 10:
            assert cells[1] == f"原文{int(number) - 1}。"
        else:
            assert cells[1] == ""  # another document's text is no context
    first = [e for e in entries if not e["repeats"]]
    # Sides in balance, sample in proportion to the four documents
    assert Counter(e["a"] for e in first) == {SYSTEMS[0]: 10, SYSTEMS[1]: 10}
    places = Counter(int(e["segment"].removeprefix("secret-id-")) // 10 for e in first)
    assert places == {0: 5, 1: 5, 2: 5, 3: 5}
    by_number = {e["item"]: e for e in entries}
    again = [e for e in entries if e["repeats"]]
    assert len(again) == 4
    for e in again:
        before = by_number[e["repeats"]]
        assert (e["segment"], e["a"], e["b"]) == (before["segment"], before["b"], before["a"])


def test_deterministic(texts: Path) -> None:
    first = written(texts, "--sample", "20")
    saved = [p.read_bytes() for p in sorted(first.iterdir())]
    first.rename(first.with_name("first"))
    assert [p.read_bytes() for p in sorted(written(texts, "--sample", "20").iterdir())] == saved


def test_two_systems(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(texts, "--sample", "20", "--repeats", "4")
    anna = filled(folder, "anna", prefer(SYSTEMS[1]))
    ben = filled(folder, "ben", lambda e: "No Preference" if e["item"] % 2 else "A")
    capsys.readouterr()
    assert run(["review", "blind", "--evaluate", str(anna), "--key",
                str(folder / "key-do-not-send.json"), "-f", "json"]) == 0  # fmt: skip
    outcome = json.loads(capsys.readouterr().out)
    (test,) = outcome["tests"]
    assert (test["first_wins"], test["second_wins"], test["ties"]) == (0, 20, 0)
    assert (test["p_value"], test["verdict"]) == (2 / 2**20, "worse")
    (reviewer,) = outcome["reviewers"]
    assert (reviewer["consistent"], reviewer["repeats"], reviewer["answered"]) == (4, 4, 24)
    assert run(["review", "blind", "--evaluate", str(anna), str(ben), "--key",
                str(folder / "key-do-not-send.json")]) == 0  # fmt: skip
    out = capsys.readouterr().out
    assert "vendor-pear is better" in out
    assert "repeated items answered as before: 4 of 4 (100%)" in out
    assert "Krippendorff's alpha" in out


def test_three_systems(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(texts, "--sample", "31", systems=",".join(SYSTEMS))
    first = [e for e in key_of(folder)["entries"] if not e["repeats"]]
    pairs = Counter(frozenset((e["a"], e["b"])) for e in first)
    assert sorted(pairs.values()) == [10, 10, 11]
    order = {name: place for place, name in enumerate(SYSTEMS)}

    def better(e: dict[str, Any]) -> str:  # the earlier system, but for every fifth item
        return "AB"[(order[e["a"]] > order[e["b"]]) != (e["item"] % 5 == 0)]

    sheet = filled(folder, "anna", better)
    capsys.readouterr()
    assert run(["review", "blind", "--evaluate", str(sheet), "--key",
                str(folder / "key-do-not-send.json"), "-f", "json"]) == 0  # fmt: skip
    outcome = json.loads(capsys.readouterr().out)
    assert [s["system"] for s in outcome["strengths"]] == list(SYSTEMS)
    assert len(outcome["tests"]) == 3
    assert all(t["p_holm"] >= t["p_value"] for t in outcome["tests"])


def test_hostile_texts_come_back(texts: Path, corpus: Corpus) -> None:
    rows = tuple(Segment(str(n), HOSTILE, (), document="d") for n in range(3))
    outputs = {"x": ("a" + HOSTILE, "=1+1", "\ud800 x"), "y": ("b" + HOSTILE, "007", "_x005F_x")}
    # A lone surrogate cannot be read from a file; the items are made directly.
    from xindaya.blind import make_key, read_answers, write_sheet

    hostile = replace(corpus, segments=rows, reference_names=(), systems=outputs)
    items, rule = make_items(hostile, ["x", "y"], 3, seed=1, repeats=0)
    path = texts.parent / "sheet.xlsx"
    path.write_bytes(write_sheet(items, "zh", "en"))
    key = make_key(replace(hostile, systems={}), ["x", "y"], items, seed=1, rule=rule)
    assert read_answers(path, key) == {}
    assert "[NUL]" in items[0].source
    shown = {text for cells in rows_of(path)[1:] for text in cells[4:6]}
    assert {"=1+1", "007"} <= shown


@pytest.mark.parametrize(
    ("cell", "text", "message"),
    [
        ((1, 6), "C", "'C' in cell G2; expected A, B, no preference or nothing"),
        ((1, 4), "changed", "other texts in cells C2 to F2"),
        ((1, 0), "99", "item '99' in cell A2"),
        ((1, 0), "2", "other texts in cells C2 to F2"),
        ((0, 6), "answr", "no sheet of a blind review"),
    ],
)
def test_refuses_changed_sheets(
    texts: Path, cell: tuple[int, int], text: str, message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = written(texts, "--sample", "4")
    rows = [[*c, *[""] * (8 - len(c))] for c in rows_of(folder / "blind-sheet.xlsx")]
    rows[cell[0]][cell[1]] = text
    sheet = save(folder / "back.xlsx", rows)
    key = str(folder / "key-do-not-send.json")
    assert run(["review", "blind", "--evaluate", str(sheet), "--key", key]) == 3
    assert message in capsys.readouterr().err


def test_refuses_a_row_twice(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(texts, "--sample", "4")
    rows = rows_of(folder / "blind-sheet.xlsx")
    sheet = save(folder / "back.xlsx", [*rows, rows[2]])
    key = str(folder / "key-do-not-send.json")
    assert run(["review", "blind", "--evaluate", str(sheet), "--key", key]) == 3
    assert "item 2 again in cell A7; expected it once, in row 3" in capsys.readouterr().err


def test_refuses_other_keys(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(texts, "--sample", "4")
    sheet = str(folder / "blind-sheet.xlsx")
    for content in ("{}", "[", '{"kind": "xindaya blind review key"}'):
        other = folder / "other.json"
        other.write_text(content, "utf-8")
        assert run(["review", "blind", "--evaluate", sheet, "--key", str(other)]) == 3
    assert run(["review", "blind", "--evaluate", sheet]) == 2
    assert "--key" in capsys.readouterr().err


def test_refuses_a_key_that_was_edited(texts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(texts, "--sample", "20")
    path = folder / "key-do-not-send.json"
    content = key_of(folder)
    first = content["entries"][0]
    first["a"], first["b"] = first["b"], first["a"]
    path.write_text(json.dumps(content), "utf-8")
    sheet = str(folder / "blind-sheet.xlsx")
    assert run(["review", "blind", "--evaluate", sheet, "--key", str(path)]) == 3
    assert "a key that was changed" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [{"systems": [["x"], ["y"]]}, {"entries": [{"item": []}]}, {"entries": None}, {"rule": 5},
     {"schema_version": 2}],
)  # fmt: skip
def test_refuses_keys_of_another_shape(
    texts: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any]
) -> None:
    folder = written(texts, "--sample", "20")
    path = folder / "key-do-not-send.json"
    content = key_of(folder) | change
    del content["sha256"]
    content["sha256"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(content), "utf-8")
    sheet = str(folder / "blind-sheet.xlsx")
    assert run(["review", "blind", "--evaluate", sheet, "--key", str(path)]) == 3
    assert "key" in capsys.readouterr().err


def test_an_empty_sheet_is_nothing_to_evaluate(texts: Path) -> None:
    folder = written(texts, "--sample", "4")
    key = str(folder / "key-do-not-send.json")
    assert (
        run(["review", "blind", "--evaluate", str(folder / "blind-sheet.xlsx"), "--key", key]) == 5
    )


def test_a_key_is_never_overwritten(texts: Path) -> None:
    folder = written(texts, "--sample", "4")
    before = (folder / "key-do-not-send.json").read_bytes()
    arguments = ["review", "blind", str(texts), "--systems", ",".join(SYSTEMS), "-o", str(folder)]
    assert run(arguments) == 3
    assert (folder / "key-do-not-send.json").read_bytes() == before


def test_refuses_samples(corpus: Corpus) -> None:
    with pytest.raises(UsageError, match="no system 'best'; there are good, bad"):
        make_items(corpus, ["good", "best"], 2, seed=0, repeats=0)
    with pytest.raises(UsageError, match="two or more different systems"):
        make_items(corpus, ["good", "good"], 2, seed=0, repeats=0)
    with pytest.raises(UsageError, match="they differ in 4 segments"):
        make_items(corpus, ["good", "bad"], 5, seed=0, repeats=0)
    same = corpus.with_systems({"x": corpus.systems["good"], "y": corpus.systems["good"]})
    with pytest.raises(NothingToEvaluateError, match="do not differ"):
        make_items(same, ["x", "y"], 1, seed=0, repeats=0)
