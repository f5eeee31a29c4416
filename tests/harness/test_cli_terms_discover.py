"""``xindaya terms discover`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xindaya.cli import invoke as run

VERBS = [("加强", "strengthen"), ("推动", "promote"), ("研究", "study"), ("支持", "support")]
THINGS = [
    ("农业", "agriculture"),
    ("教育", "education"),
    ("医疗", "medicine"),
    ("交通", "transport"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus whose system changes its mind about 量子计算; the reference does not."""
    rows = ["id\tdocument\tsource\treference:human\tsystem:mt"]
    for k in range(16):
        (verb, does), (thing, what) = VERBS[k % 4], THINGS[(k + k // 4) % 4]
        word = "quantum computing" if k < 12 else "qubit arithmetic"
        rows.append(
            f"s{k}\td\t我们{verb}{thing}领域的量子计算。\tWe {does} quantum computing in {what}."
            f"\tWe {does} {word} in {what}."
        )
    (tmp_path / "pairs.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def discover(*arguments: str) -> int:
    return run(["terms", "discover", "pairs.tsv", *arguments])


def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert discover() == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "pairs, mt:" in out
    assert "Noise floor: 1 - LTCR is at least" in out
    assert "in the reference, by the same aligner" in out
    assert "量子计算  n=16, rendered 16, LTCR 0.60 (noise 0.000)" in out
    assert "█   12  quantum computing" in out
    assert "[qubit arithmetic]" in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert discover("-f", "json", "--top", "1") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["schema_version"] == 1
    assert (content["corpus"]["segments"], content["text"]) == (16, "mt")
    assert content["noise_floor"]["inconsistency"] == 0.0
    assert content["noise_floor"]["reference"] is not None
    (term,) = content["terms"]
    assert (term["term"], term["occurrences"], term["flags"]) == ("量子计算", 16, ["drift"])
    assert term["measures"]["ltcr"] == pytest.approx((12 * 11 + 4 * 3) / (16 * 15))
    assert [r["text"] for r in term["renderings"]] == ["quantum computing", "qubit arithmetic"]
    assert term["renderings"][1]["segments"] == ["s12", "s13", "s14", "s15"]


def test_tsv_to_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert discover("-o", "found.tsv") == 0
    assert capsys.readouterr().out == ""
    header, first, *_ = (folder / "found.tsv").read_text("utf-8").split("\n")
    assert len(header.split("\t")) == len(first.split("\t"))
    assert first.startswith("量子计算\t16\t16\t0.6\t")


def test_the_reference_can_be_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert discover("--text", "human", "--background", "pairs.tsv") == 0
    assert "0 seem to drift" in capsys.readouterr().out


PROMOTE = ("--terms", "terms.tsv", "--promote")


def test_promote_makes_a_termbase(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("量子计算=1:preferred", "--promote", "量子计算=Qubit Arithmetic:forbidden")
    assert discover(*PROMOTE, *arguments) == 0
    assert "terms.tsv: 2 rows added" in capsys.readouterr().err
    written = (folder / "terms.tsv").read_text("utf-8")
    assert written.split("\n") == [
        "concept\tzh\ten\tstatus",
        "quantum-computing\t量子计算\tquantum computing\tpreferred",
        "quantum-computing\t量子计算\tqubit arithmetic\tforbidden",
        "",
    ]
    assert discover(*PROMOTE, *arguments, "-q") == 0  # nothing new: the file stays
    assert (folder / "terms.tsv").read_text("utf-8") == written


def test_promote_keeps_what_stands_there(folder: Path) -> None:
    old = "concept\tzh\ten\tnote\nqc\t量子计算\tquantum computing\tmine\n"
    (folder / "terms.tsv").write_text(old, encoding="utf-8")
    assert discover(*PROMOTE, "量子计算=qubit arithmetic:deprecated") == 0
    assert (folder / "terms.tsv").read_text("utf-8").split("\n") == [
        "concept\tzh\ten\tnote\tstatus",
        "qc\t量子计算\tquantum computing\tmine\t",
        "qc\t量子计算\tqubit arithmetic\t\tdeprecated",
        "",
    ]


def test_promote_does_not_contradict(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = "concept\tzh\ten\nqc\t量子计算\tquantum computing\n"
    (folder / "terms.tsv").write_text(old, encoding="utf-8")
    assert discover(*PROMOTE, "量子计算=1:forbidden") == 3
    assert "'quantum computing' as preferred" in capsys.readouterr().err
    assert (folder / "terms.tsv").read_text("utf-8") == old


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--promote", "量子计算=1:preferred"], 2, "--promote needs --terms"),
        ([*PROMOTE, "量子计算"], 2, "expected TERM=CLUSTER:STATUS"),
        ([*PROMOTE, "量子计算=1:good"], 2, "expected preferred, admitted"),
        ([*PROMOTE, "火星=1:preferred"], 2, "not among the terms found"),
        ([*PROMOTE, "量子计算=9:preferred"], 2, "1 'quantum computing'"),
        (["--text", "nobody"], 2, "it has mt, human"),
        (["--terms", "absent.tsv"], 3, "no such file"),
        (["-o", "."], 3, "a folder"),
    ],
)
def test_mistakes(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    assert discover(*arguments) == code
    assert said in capsys.readouterr().err
    assert not (folder / "terms.tsv").exists()


def test_english_source_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "only.tsv").write_text("id\treference\n1\tHello.\n", encoding="utf-8")
    assert run(["terms", "discover", "only.tsv"]) == 2
    assert "a source text" in capsys.readouterr().err


def test_help_keeps_the_examples_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert discover("--help") == 0
    assert "  Examples:\n    xindaya terms discover pairs.tsv\n" in capsys.readouterr().out


def test_a_run_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from xindaya import Settings, evaluate, save_run

    save_run(evaluate("pairs.tsv", settings=Settings(("chrf",), test=None)), folder / "run")
    assert discover("-f", "tsv") == run(["terms", "discover", "run", "-f", "tsv"]) == 0
    shown = capsys.readouterr().out
    assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]
