from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from xindaya.cli import invoke as run
from xindaya.pairs import (
    Concept,
    Corpus,
    Status,
    Term,
    Termbase,
    write_corpus,
    write_termbase_tsv,
)


def terms(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xindaya", "terms", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path, corpus: Corpus, termbase: Termbase) -> Path:
    write_corpus(corpus, tmp_path / "pairs.jsonl")
    write_termbase_tsv(termbase, tmp_path / "tb.tsv")
    return tmp_path


def test_check_as_json_and_with_a_gate(folder: Path) -> None:
    done = terms("check", "pairs.jsonl", "--terms", "tb.tsv", "-f", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    content = json.loads(done.stdout)
    assert content["metrics"] == []
    assert {t["concept"] for t in content["terms"]} == {"cac"}
    gated = terms(
        "check", "pairs.jsonl", "--terms", "tb.tsv", "--gate", "adherence >= 1", cwd=folder
    )
    assert gated.returncode == 1
    assert "FAILED" in gated.stdout


def test_check_of_aligned_pairs(folder: Path) -> None:
    (folder / "pairs.tsv").write_text(
        "id\tzh\ten\n1\t大模型\tBig models\n2\t大模型\tLarge models\n", "utf-8"
    )
    done = terms("check", "pairs.tsv", "--terms", "tb.tsv", "-f", "json", cwd=folder)
    (term,) = json.loads(done.stdout)["terms"]
    assert [(r["text"], r["status"], r["segments"]) for r in term["renderings"]] == [
        ("big model", "forbidden", ["1"]),
        ("large model", "preferred", ["2"]),
    ]
    assert term["flags"] == ["drift", "forbidden"]


def test_scan(folder: Path) -> None:
    (folder / "a.txt").write_text("Large models.\n")
    (folder / "b.txt").write_text("Big models.\n")
    done = terms("scan", "a.txt", "b.txt", "--terms", "tb.tsv", cwd=folder)
    assert done.returncode == 0
    assert "large model ×1" in done.stdout
    assert "big model ×1" in done.stdout
    content = json.loads(
        terms("scan", "a.txt", "b.txt", "--terms", "tb.tsv", "-f", "json", cwd=folder).stdout
    )
    assert content["concepts"][0]["drift"][0]["divergence"] == 1.0


@pytest.mark.parametrize(
    ("tag", "status"), [("en", "forbidden"), ("en-US", "preferred"), ("en-GB", "forbidden")]
)
def test_a_variant_that_is_stated_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tag: str, status: str
) -> None:
    us, gb = {"xml:lang": "en-US"}, {"xml:lang": "en-GB"}
    forms = (
        Term("颜色", "zh"),
        Term("color", "en", extra=us),
        Term("color", "en", Status.FORBIDDEN, extra=gb),
        Term("colour", "en", extra=gb),
    )
    terms_of, table = str(tmp_path / "t.tsv"), tmp_path / "a.tsv"
    write_termbase_tsv(Termbase("t", (Concept("c", forms),)), terms_of)
    table.write_text("id\tdocument\tsource\tsystem:x\n1\td\t颜色。\tA color.\n", "utf-8")
    (tmp_path / "s.zh").write_text("颜色。\n", "utf-8")
    (text := tmp_path / "x.en").write_text("A color.\n")
    found = []
    for command in (
        ["terms", "check", str(table)],
        ["score", "-s", str(tmp_path / "s.zh"), "-i", str(text)],
        ["scale", "-i", str(table), "--engine", "serial"],
        ["terms", "scan", str(text)],
    ):
        assert run([*command, "--terms", terms_of, "-tl", tag, "-f", "json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    adherence = [f["systems"][0]["terminology"]["adherence"] for f in found[:3]]
    assert adherence == [float(status == "preferred")] * 3
    assert f'"status": "{status}"' in json.dumps(found[3])


def test_wmt25(folder: Path) -> None:
    reference = {"zh": "大模型", "en": "large model", "proper": {"大模型": ["large model"]}}
    (folder / "r.jsonl").write_text(json.dumps(reference) + "\n")
    (folder / "s.jsonl").write_text(json.dumps({"zh": "大模型", "en": "Large models"}) + "\n")
    done = terms("wmt25", "-r", "r.jsonl", "-i", "x=s.jsonl", "-f", "json", cwd=folder)
    numbers = json.loads(done.stdout)["systems"]["x"]
    assert numbers["proper_term_success_rate"] == 1.0
    assert numbers["proper_by_passage"] == 1.0
    short = terms("wmt25", "-r", "r.jsonl", "-i", "x=r.jsonl", "-i", "x=s.jsonl", cwd=folder)
    assert short.returncode == 2
    assert "2 documents for 1 reference files with 1" in short.stderr


def test_drift_between_two_deliveries(folder: Path) -> None:
    rows = [f"{n}\td{n}\t大模型\t" for n in range(6)]
    for name, text in (("last", "Large models"), ("this", "Big models")):
        body = "\n".join(row + text for row in rows)
        (folder / f"{name}.tsv").write_text(f"id\tdocument\tzh\ten\n{body}\n", "utf-8")
    done = terms("drift", "last.tsv", "this.tsv", "--terms", "tb.tsv", "-f", "json", cwd=folder)
    (term,) = json.loads(done.stdout)["terms"]
    assert (term["divergence"], term["p_value"]) == (1.0, 2 / 64)
    text = terms("drift", "last.tsv", "this.tsv", "--terms", "tb.tsv", cwd=folder).stdout
    assert "real (q = 0.031)" in text
    same = terms("drift", "last.tsv", "last.tsv", "--terms", "tb.tsv", cwd=folder).stdout
    assert "No term is rendered differently." in same


@pytest.mark.parametrize(("documents", "verdict"), [(2, "too few to tell"), (6, "real")])
def test_a_change_to_a_form_that_is_not_in_the_termbase_is_shown(
    folder: Path, documents: int, verdict: str
) -> None:
    for name, text in (("last", "Large models"), ("this", "Giant nets")):
        body = "\n".join(f"{n}\td{n}\t大模型\t{text}" for n in range(documents))
        (folder / f"{name}.tsv").write_text(f"id\tdocument\tzh\ten\n{body}\n", "utf-8")
    done = terms("drift", "last.tsv", "this.tsv", "--terms", "tb.tsv", "-f", "json", cwd=folder)
    (term,) = json.loads(done.stdout)["terms"]
    assert (term["verdict"], term["divergence"]) == (verdict, 1.0)
    assert (term["renderings"], term["none_found"]) == ([{"large model": documents}, {}], [0, documents])  # fmt: skip
    text = terms("drift", "last.tsv", "this.tsv", "--terms", "tb.tsv", cwd=folder).stdout
    assert verdict in text
    assert "0 of 1 term is rendered alike" in text
    assert "none of the listed forms" in " ".join(text.split())


def test_a_run_folder_is_a_corpus_and_an_earlier_run(folder: Path) -> None:
    done = terms("check", "pairs.jsonl", "--terms", "tb.tsv", "-o", "old", cwd=folder)
    assert done.returncode == 0
    again = terms("check", "old", "--terms", "tb.tsv", "-o", "new", "--previous", "old", cwd=folder)
    assert (again.returncode, again.stdout) == (0, done.stdout)
    assert '"previous":{"name":"old"' in (folder / "new" / "report.html").read_text("utf-8")
    same = terms("drift", "old", "pairs.jsonl", "--terms", "tb.tsv", cwd=folder)
    assert same.stdout.startswith("No term is rendered differently.\n")
    lone = terms("check", "old", "--terms", "tb.tsv", "--previous", "old", cwd=folder)
    assert lone.returncode == 2
    assert "add -o DIR" in lone.stderr


def test_an_id_in_a_table_is_not_cut(folder: Path) -> None:
    concept = "personal-information"
    (folder / "tb.tsv").write_text(
        f"concept\tzh\ten\tstatus\n{concept}\t个人信息\tpersonal information\tpreferred\n", "utf-8"
    )
    names = [f"a-document-with-a-long-name-{n}.txt" for n in range(4)]
    for name in names:
        (folder / name).write_text("Personal information.\n")
    done = terms("scan", *names, "--terms", "tb.tsv", cwd=folder)
    assert concept in done.stdout


def test_wmt26_of_documents_with_dictionaries(folder: Path) -> None:
    """金管局总裁 is one occurrence; 金管局 twice in the second paragraph, HKMA once."""
    reference = {
        "zh": "金管局总裁\n\n金管局与金管局",
        "en": "the HKMA Chief Executive\n\nthe HKMA and the HKMA",
        "proper": {"金管局": ["HKMA"], "金管局总裁": ["Chief Executive of the HKMA"]},
        "random": {"与": ["and"]},
    }
    (folder / "r.jsonl").write_text(json.dumps(reference) + "\n")
    answer = {"en": "the Chief Executive of the HKMA\n\nthe HKMA and it"}
    (folder / "s.jsonl").write_text(json.dumps(answer) + "\n")
    (folder / "sample.json").write_text(json.dumps([{"zh": "金管局总裁说", "en": "…"}]))
    done = terms("wmt26", "-r", "r.jsonl", "-i", "x=s.jsonl", "--sample", "sample.json",
                 "-f", "json", cwd=folder)  # fmt: skip
    assert json.loads(done.stdout)["systems"]["x"] == {
        "occurrences": 3, "exclusive": 2 / 3, "ceiling": 2 / 3, "overlapping": 1.0,
        "random_occurrences": 1, "random_exclusive": 1.0, "random_ceiling": 1.0,
        "random_overlapping": 1.0,
        "seen_occurrences": 3, "seen_exclusive": 2 / 3, "seen_ceiling": 2 / 3,
        "seen_overlapping": 1.0,
        "unseen_occurrences": 0, "unseen_exclusive": None, "unseen_ceiling": None,
        "unseen_overlapping": None, "exact": True,
    }  # fmt: skip


def test_wmt26_of_a_test_set(folder: Path) -> None:
    def term(source: str, target: str, inflected: str | None = None) -> dict[str, object]:
        return {"source": source, "target": target, "target_inflected": inflected}

    content = {
        "source_lang": "zh", "target_lang": "en",
        "glossary": {"proper": [{"source": "滤清器", "targets": ["filter"],
                                 "targets_extra": ["strainer"]}], "random": []},
        "documents": [{"paragraphs": [
            {"source": "滤清器", "reference": "filters",
             "segments": [{"terms": [term("滤清器", "filter", "filters")]}]},
            {"source": "机油滤清器", "reference": "oil filter",
             "segments": [{"terms": [term("机油滤清器", "oil filter"), term("滤清器", "filter")]}]},
        ]}],
    }  # fmt: skip
    (folder / "set.json").write_text(json.dumps(content))
    (folder / "s.json").write_text(json.dumps(["A strainer.\n\nThe oil filter."]))
    done = terms("wmt26", "-r", "set.json", "-i", "x=s.json", "-f", "json", cwd=folder)
    found = json.loads(done.stdout)["systems"]["x"]
    # The glossary's other form serves the first; of the nested two, one can be served.
    assert (found["occurrences"], found["exclusive"], found["overlapping"]) == (3, 2 / 3, 1.0)
    assert found["ceiling"] == 2 / 3
    turned = terms(
        "wmt26", "-r", "set.json", "-i", "x=s.json", "-sl", "en", "-tl", "zh", cwd=folder
    )
    assert turned.returncode == 3
    assert "texts from zh to en" in turned.stderr


def test_check_says_why_and_what_the_reference_reaches(folder: Path) -> None:
    (folder / "g.tsv").write_text(
        "concept\tzh\ten\tstatus\texpansion\n"
        "a\t财资管理\ttreasury management\tpreferred\t\n"
        "b\t财富管理\twealth management\tpreferred\t\n"
        "c\t募股\tinitial public offering\tpreferred\t\n"
        "c\t募股\tIPO\tadmitted\tinitial public offering\n",
        "utf-8",
    )
    (folder / "c.tsv").write_text(
        "id\tsource\treference:A\tsystem:x\n"
        "1\t财资管理\ttreasury management\twealth management\n"
        "2\t募股\tan IPO\tan IPO\n",
        "utf-8",
    )
    text = terms("check", "c.tsv", "--terms", "g.tsv", cwd=folder).stdout
    # The system follows the termbase in none of two, the reference in one of two.
    assert "0.0% of 50.0%" in text
    assert "other concept: the termbase gives it to 财富管理" in text
    assert "IPO ×1 (admitted, ×1 before its expansion in the document: deprecated)" in text
    content = json.loads(
        terms("check", "c.tsv", "--terms", "g.tsv", "-f", "json", cwd=folder).stdout
    )
    (system,) = content["systems"]
    assert (system["terminology"]["adherence"], system["terminology"]["ceiling"]) == (0.0, 0.5)
    # Only the reference's first term has an allowed form of its own; "IPO" has, in both.
    assert (system["terminology"]["exclusive"], system["terminology"]["overlapping"]) == (0.5, 0.5)
    assert content["references"][0]["terminology"]["ceiling"] is None
    owners = {t["concept"]: t["renderings"][0] for t in content["terms"] if t["system"] == "x"}
    assert (owners["a"]["owner"], owners["c"]["unexpanded"]) == ("b", 1)
    markdown = terms("check", "c.tsv", "--terms", "g.tsv", "-f", "markdown", cwd=folder).stdout
    assert "| x | 0.0% of 50.0% | 0 |" in markdown


def test_check_has_rows_in_tsv(folder: Path) -> None:
    (folder / "pairs.tsv").write_text(
        "id\tzh\ten\n1\t大模型\tBig models\n2\t大模型\tlarge model\n", "utf-8"
    )
    done = terms("check", "pairs.tsv", "--terms", "tb.tsv", "-f", "tsv", cwd=folder)
    rows = [line.split("\t") for line in done.stdout.split("\n")[1:-1]]
    measures = {row[1]: row[2] for row in rows}
    assert measures["terms occurrences"] == "2"
    assert measures["terms adherence"] == "0.5"
    assert measures["terms forbidden"] == "1"
