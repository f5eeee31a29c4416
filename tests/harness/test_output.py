"""Where results go: a full disk, closed streams, consoles of other encodings, spreadsheets."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from xindaya import Settings, evaluate, save_run
from xindaya.cli import invoke
from xindaya.pairs import Termbase, read_corpus
from xindaya.pairs.formats.termbase.tsv import write_termbase_tsv

posix = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs a POSIX shell")


def typed(*words: object, **keywords: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "xindaya", *map(str, words)]
    return subprocess.run(command, capture_output=True, check=False, **keywords)  # type: ignore[call-overload, no-any-return]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words", [["--help"], ["check", "--list"], ["terms", "lint", "terms.tsv", "-f", "json"]]
)
def test_a_full_disk_behind_stdout(files: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "xindaya", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=files,
            check=False,
        )
    assert done.returncode == 3
    assert os.strerror(errno.ENOSPC).encode() in done.stderr
    assert done.stderr.count(b"\n") == 1


@posix
@pytest.mark.parametrize(
    "words", ["--help", "check corpus.tsv -f json", "terms check corpus.tsv --terms terms.tsv"]
)
def test_closed_streams(files: Path, words: str) -> None:
    xindaya = f'"{sys.executable}" -m xindaya {words}'
    closed = subprocess.run(
        ["sh", "-c", f"{xindaya} >&-"], capture_output=True, cwd=files, check=False
    )
    assert closed.returncode == 3
    assert b"standard output" in closed.stderr
    deaf = subprocess.run(
        ["sh", "-c", f"{xindaya} 2>&-"], capture_output=True, cwd=files, check=False
    )
    assert deaf.returncode == 0
    assert deaf.stdout


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gbk:strict"])
def test_a_console_of_another_encoding(files: Path, encoding: str) -> None:
    """Latin-1 has no 网, GBK no 😀: text shows what it can, and JSON and TSV are UTF-8."""
    text = (files / "corpus.tsv").read_text(encoding="utf-8").replace("system:a", "system:é网😀")
    (files / "corpus.tsv").write_text(text, encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    shown = {
        kind: typed("check", "corpus.tsv", "-f", kind, env=environment, cwd=files)
        for kind in ("text", "json", "tsv")
    }
    assert [done.returncode for done in shown.values()] == [0, 0, 0]
    assert "?" in shown.pop("text").stdout.decode(encoding.partition(":")[0])
    for done in shown.values():
        assert "é网😀" in done.stdout.decode("utf-8")
        assert b"\r" not in done.stdout


def test_tsv_views_hold_no_live_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], termbase: Termbase
) -> None:
    """Text that a spreadsheet would run is guarded, an escape sequence spelled out, a number is one."""
    names = ["=1+1", "+x", "-x", "@x", "＝1", "a\x1b[31m", "plain"]
    rows = [{"id": n, "document": n, "source": "网信办", "references": {"A": f"ref {n}"},
             "systems": {m: f"{m} network information office {k}" for k, m in enumerate(names)}} for n in names]  # fmt: skip
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_termbase_tsv(termbase, tmp_path / "terms.tsv")
    run = str(tmp_path / "run")
    shown = []
    for line in (
        [
            "terms",
            "check",
            str(path),
            "--terms",
            str(tmp_path / "terms.tsv"),
            "-f",
            "tsv",
            "-q",
            "-o",
            run,
        ],
        ["check", str(path), "-f", "tsv"],
        ["terms", "discover", str(path), "-f", "tsv", "-q", "--minimum", "2"],
        ["terms", "lint", str(tmp_path / "terms.tsv"), "-f", "tsv"],
    ):
        assert invoke(line) in (0, 1)
        shown.append(capsys.readouterr().out)
    save_run(evaluate(read_corpus(path), settings=Settings(("chrf",))), tmp_path / "scored")
    shown.append((tmp_path / "scored" / "segments.tsv").read_text(encoding="utf-8"))
    for table in shown:
        assert "\x1b" not in table
        lines = [line.split("\t") for line in table.removesuffix("\n").split("\n")]
        assert {len(line) for line in lines} == {len(lines[0])}
        for cell in (cell for line in lines for cell in line):
            assert cell[:1] not in ("=", "+", "@", "＝", "\r")
            assert cell[:1] != "-" or float(cell) < 0
    assert "'=1+1\t'=1+1\t'+x\t" in shown[-1]
