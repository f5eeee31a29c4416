"""``xindaya terms discover`` as a user runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import xindaya
from xindaya.cli import invoke as run
from xindaya.metrics.terminology.discovery.promotion import parse_promotion
from xindaya.pairs import UsageError

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
            f"s{k}\td\t{thing}部门{verb}量子计算。\tThe {what} department will {does} quantum computing."
            f"\tThe {what} department will {does} {word}."
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


def test_a_number_means_one_rendering_and_a_text_stays_valid() -> None:
    """A termbase can change what is read: here it takes the usual rendering away."""
    found = xindaya.discover("pairs.tsv")
    term = found.term("量子计算")
    assert term is not None
    changed = replace(found, terms=(replace(term, renderings=term.renderings[1:]),))
    gone = replace(found, terms=())
    by_text = "量子计算=Quantum  computing:preferred"
    for with_termbase in (found, changed, gone):
        promotion = parse_promotion(by_text, with_termbase, lambda: found)
        assert promotion.rendering.text == "quantum computing"
    by_number = "量子计算=1:preferred"
    assert parse_promotion(by_number, found, lambda: found).rendering.text == "quantum computing"
    with pytest.raises(
        UsageError,
        match=r"number 1 is 'qubit arithmetic' with the termbase and 'quantum computing' without",
    ):
        parse_promotion(by_number, changed, lambda: found)
    with pytest.raises(UsageError, match="no rendering '7'"):
        parse_promotion("量子计算=7:preferred", changed, lambda: found)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--promote", "量子计算=1:preferred"], 2, "--promote needs --terms"),
        ([*PROMOTE, "量子计算"], 2, "expected TERM=RENDERING:STATUS"),
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


def test_a_text_without_a_source_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "only.tsv").write_text("id\treference\n1\tHello.\n", encoding="utf-8")
    assert run(["terms", "discover", "only.tsv"]) == 2
    assert "of a source text; it has none" in capsys.readouterr().err


@pytest.fixture
def turned(folder: Path) -> None:
    """The same corpus from English, with a Chinese system that changes its mind."""
    rows = ["id\tsource\tsystem:mt"]
    for k in range(16):
        (verb, does), (thing, what) = VERBS[k % 4], THINGS[(k + k // 4) % 4]
        word = "量子计算" if k < 12 else "量子运算"
        rows.append(
            f"s{k}\tThe {what} department will {does} quantum computing.\t{thing}部门{verb}{word}。"
        )
    (folder / "turned.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.usefixtures("turned")
def test_an_english_source(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["terms", "discover", "turned.tsv", "--background", "pairs.tsv"]
    assert run([*arguments, "--term", "Quantum Computing", "-f", "json"]) == 0
    content = json.loads(capsys.readouterr().out)
    (term,) = content["terms"]
    assert (term["term"], term["occurrences"]) == ("quantum computing", 16)
    assert [(r["text"], r["count"]) for r in term["renderings"]] == [
        ("量子计算", 12),
        ("量子运算", 4),
    ]

    promote = ["--promote", "quantum computing=量子计算:preferred"]
    promote += ["--promote", "quantum computing=量子运算:forbidden"]
    assert run([*arguments, "--terms", "terms.tsv", *promote]) == 0
    assert (folder / "terms.tsv").read_text("utf-8").split("\n") == [
        "concept\tzh\ten\tstatus",
        "quantum-computing\t\tquantum computing\t",
        "quantum-computing\t量子计算\t\tpreferred",
        "quantum-computing\t量子运算\t\tforbidden",
        "",
    ]
    capsys.readouterr()
    assert run(["terms", "check", "turned.tsv", "--terms", "terms.tsv", "-f", "json"]) == 0
    assert '"forbidden": 4' in capsys.readouterr().out


def test_terms_asked_for_with_every_place(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--term", "农业", "--term", "量子計算", "--term", "火星")
    assert discover(*asked) == 0
    out = capsys.readouterr().out
    assert out.index("农业  n=4") < out.index("量子计算  n=16") < out.index("火星  does not occur")
    assert "  s15  qubit arithmetic  (confidence " in out
    assert "department will support [qubit arithmetic]." in out
    assert "部门支持[量子计算]。" in out

    assert discover(*asked, "-f", "json") == 0
    content = json.loads(capsys.readouterr().out)
    assert content["absent"] == ["火星"]
    places = content["terms"][1]["places"]
    assert [p["segment"] for p in places] == [f"s{k}" for k in range(16)]
    last = places[-1]
    assert last["source"][slice(*last["source_span"])] == "量子计算"
    assert last["target"][slice(*last["target_span"])] == last["rendering"] == "qubit arithmetic"

    assert discover(*asked, "-f", "tsv") == 0
    head, *rows = capsys.readouterr().out.removesuffix("\n").split("\n")
    assert head.split("\t") == [
        "term",
        "occurrences",
        "segment",
        "rendering",
        "confidence",
        "source",
        "target",
    ]
    assert len(rows) == 4 + 16 + 1
    assert rows[-1].split("\t") == ["火星", "0", "", "", "", "", ""]


def test_a_term_that_is_not_proposed_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "one.tsv").write_text(
        "id\tzh\ten\n"
        "a\t他谈到了网信，很高兴。\tHe spoke of cyberspace affairs, and was glad.\n"
        "b\t今天天气好，我们走路。\tThe weather is fine today, we walk.\n",
        encoding="utf-8",
    )
    assert run(["terms", "discover", "one.tsv", "--term", "网信", "-f", "json"]) == 0
    (term,) = json.loads(capsys.readouterr().out)["terms"]
    assert (term["term"], term["occurrences"], term["known"]) == ("网信", 1, False)


def test_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert discover("--term", "量子计算", "--term", "<i>", "-o", "found.html") == 0
    page = (folder / "found.html").read_text("utf-8")
    assert page.count("<tr>") == 1 + 2 + 1 + 16  # renderings and places, each with its heading
    assert '<mark class="st-admitted">qubit arithmetic</mark>' in page
    assert "<i>" not in page
    assert discover("-o", "found.html") == 0  # an earlier page of ours may be replaced
    (folder / "found.html").write_text("mine", encoding="utf-8")
    assert discover("-o", "found.html") == 3
    capsys.readouterr()


def test_terms_of_the_termbase_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "concept\tzh\ten\na\t农业\tagriculture\nb\t量子计算\tquantum computing\n"
    (folder / "terms.tsv").write_text(rows, encoding="utf-8")
    assert discover("--terms", "terms.tsv") == 0
    drifting, listed = capsys.readouterr().out.split("\nOther terms of the termbase:\n")
    assert "量子计算  n=16" in drifting
    assert "量子计算" not in listed
    assert "农业  n=4" in listed
    assert discover("--terms", "terms.tsv", "--top", "1", "-f", "json") == 0
    terms = json.loads(capsys.readouterr().out)["terms"]
    assert [t["term"] for t in terms if t["known"]] == ["量子计算", "农业"]


def test_help_keeps_the_examples_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert discover("--help") == 0
    assert "  Examples:\n    xindaya terms discover pairs.tsv\n" in capsys.readouterr().out


def test_a_run_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from xindaya import Settings, evaluate, save_run

    save_run(evaluate("pairs.tsv", settings=Settings(("chrf",), test=None)), folder / "run")
    assert discover("-f", "tsv") == run(["terms", "discover", "run", "-f", "tsv"]) == 0
    shown = capsys.readouterr().out
    assert shown[: len(shown) // 2] == shown[len(shown) // 2 :]
